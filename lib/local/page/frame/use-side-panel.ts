import { useEffect, useState } from 'react';

export type SidePanel = 'machine' | 'postal';

const openKey = 'side-panel';
/** From here on a panel is beside the messages; below, it would lie over them. */
const wide = '(width >= 1280px)';

/** The one that this browser left open; where it never chose, that of this machine. */
const leftOpen = (): SidePanel | undefined => {
  if (!matchMedia(wide).matches) return undefined;
  switch (localStorage.getItem(openKey)) {
    case 'closed':
      return undefined;
    case 'postal':
      return 'postal';
    default:
      return 'machine';
  }
};

/** Which panel is open: where there is room, the one that this browser left open; elsewhere a panel opens on demand. */
export const useSidePanel = (): readonly [
  open: SidePanel | undefined,
  choose: (panel: SidePanel | undefined) => void,
] => {
  const [open, setOpen] = useState(leftOpen);
  useEffect(() => {
    const media = matchMedia(wide);
    const changed = (): void => setOpen(leftOpen());
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  const choose = (panel: SidePanel | undefined): void => {
    if (matchMedia(wide).matches) localStorage.setItem(openKey, panel ?? 'closed');
    setOpen(panel);
  };
  return [open, choose];
};
