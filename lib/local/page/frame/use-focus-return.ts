import { type RefObject, useLayoutEffect } from 'react';

/**
 * Remembers what has the focus now. The function that it gives brings the focus back there when `closing` has it or nothing has it; to the main part
 * of the page where what had it is gone.
 */
export const rememberFocus = (): ((closing: Element | null) => void) => {
  const before = document.activeElement;
  const bringBack = (closing: Element | null): void => {
    const now = document.activeElement;
    if (now !== null && now !== document.body && closing?.contains(now) !== true) return;
    const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
    (isThere ? before : document.querySelector<HTMLElement>('main'))?.focus();
  };
  // Only then is all that goes together out of the page.
  return (closing) => queueMicrotask(() => bringBack(closing));
};

/** Brings the focus back to where it was before this part of the page opened, once it closes. */
export const useFocusReturn = (isOpen: boolean, part: RefObject<HTMLElement | null>): void =>
  useLayoutEffect(() => {
    if (!isOpen) return;
    const bringBack = rememberFocus();
    const element = part.current;
    return () => bringBack(element);
  }, [isOpen, part]);
