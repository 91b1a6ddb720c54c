import { type ReactNode, useRef } from 'react';
import { Icon } from './icons.tsx';
import { useFocusReturn } from './use-focus-return.ts';

/** A panel at the side of the messages, or over them where there is no room beside them. */
export const Panel = ({
  title,
  problem,
  onClose,
  children,
}: {
  readonly title: string;
  /** What went wrong with the last thing that was asked for; empty: nothing. */
  readonly problem: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) => {
  const panel = useRef<HTMLElement>(null);
  useFocusReturn(true, panel);
  return (
    <aside ref={panel} className="ws-panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <button type="button" className="ws-icon-button" aria-label="Close the panel" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {problem !== '' && (
        <p className="ws-problem" role="alert">
          {problem}
        </p>
      )}
      {children}
    </aside>
  );
};
