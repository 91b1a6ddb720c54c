const paths = {
  bot: 'M4 7h16v11H4zM4 7l8 6 8-6',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  machine: 'M4 4h16v7H4zM4 13h16v7H4zM8 7.5h.01M8 16.5h.01',
  mailbox: 'M3 19v-7a4 4 0 0 1 8 0v7zM7 8h10a4 4 0 0 1 4 4v7H11M15 12V3h4v3h-4',
  menu: 'M4 6h16M4 12h16M4 18h16',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  send: 'M4 12l16-8-6 16-3-7z',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  close: 'M6 6l12 12M18 6L6 18',
  link: 'M14 4h6v6M20 4l-9 9M10 6H5v13h13v-5',
} as const;

/** A line icon; decoration, hidden from screen readers. */
export const Icon = ({ name, size = 18 }: { readonly name: keyof typeof paths; readonly size?: number }) => (
  <svg className="ws-icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
