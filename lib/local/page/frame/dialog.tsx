import { type ReactNode, useEffect, useRef } from 'react';

/** A modal dialog of the browser's own: it keeps the focus inside and closes on Escape. */
export const Dialog = ({
  label,
  className,
  onClose,
  children,
}: {
  readonly label: string;
  readonly className: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown !== null && !shown.open) {
      shown.showModal();
      // The field that asks for it or the first, not the cross; on a phone none, for the keyboard would hide the rest.
      const first =
        shown.querySelector<HTMLElement>('[data-focus-on-load]') ??
        shown.querySelector<HTMLElement>('input, textarea, select');
      if (matchMedia('(pointer: fine)').matches) first?.focus();
    }
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
};
