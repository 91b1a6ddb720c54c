import { useRef } from 'react';
import type { WorkspaceState } from '../workspace/workspace-state.ts';
import { Icon } from './icons.tsx';
import { useFocusReturn } from './use-focus-return.ts';

/** Channels and the app. An app that has said something is opened at its messages. */
export const Sidebar = ({
  state,
  unread,
  placeName,
  isOpen,
  onClose,
}: {
  readonly state: WorkspaceState;
  readonly unread: ReadonlySet<string>;
  readonly placeName: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) => {
  const nav = useRef<HTMLElement>(null);
  useFocusReturn(isOpen, nav);
  return (
    <nav ref={nav} className={`ws-sidebar${isOpen ? ' ws-sidebar-open' : ''}`} aria-label="Workspace">
      <div className="ws-team">
        <strong>{state.team.name}</strong>
        <span>on this machine</span>
      </div>
      <h2>Channels</h2>
      <ul>
        {state.channels.map((channel) => (
          <li key={channel.id}>
            <a
              href={`#${channel.name}`}
              aria-current={placeName === channel.name ? 'page' : undefined}
              className={unread.has(channel.id) ? 'ws-unread' : undefined}
              onClick={onClose}
            >
              <span className="ws-hash">#</span>
              {channel.name}
            </a>
          </li>
        ))}
      </ul>
      <h2>Apps</h2>
      <ul>
        <li>
          <a
            href={unread.has(state.direct.id) ? '#/messages' : '#/home'}
            aria-current={placeName.startsWith('@') ? 'page' : undefined}
            className={unread.has(state.direct.id) ? 'ws-unread' : undefined}
            onClick={onClose}
          >
            <span className="ws-hash">
              <Icon name="bot" size={16} />
            </span>
            {state.bot.name}
          </a>
        </li>
      </ul>
    </nav>
  );
};
