import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { rememberFocus } from './use-focus-return.ts';

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
  // Before the browser takes the dialog out of the page, while it can still hand the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (shown === null) return;
    const bringBack = rememberFocus();
    shown.showModal();
    // The field that asks for it or the first, not the cross; none on a phone, where the keyboard would hide the rest.
    const first =
      shown.querySelector<HTMLElement>('[data-focus-on-load]') ??
      shown.querySelector<HTMLElement>('input, textarea, select');
    if (matchMedia('(pointer: fine)').matches) first?.focus();
    return () => {
      shown.close();
      bringBack(shown);
    };
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
