import type { User } from '../../slack/store/workspace.ts';
import type { Theme } from '../workspace/use-theme.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import type { SidePanel } from './use-side-panel.ts';

type Props = {
  readonly title: string;
  readonly topic: string;
  readonly me: User;
  readonly users: readonly User[];
  readonly theme: Theme;
  readonly onMenu: () => void;
  readonly onUser: (id: string) => void;
  readonly onTheme: () => void;
  /** None where the page shows Slack alone. */
  readonly panels: readonly SidePanel[];
  readonly openPanel: SidePanel | undefined;
  readonly onPanel: (panel: SidePanel | undefined) => void;
};

const panelButtons = {
  machine: { label: 'This machine', icon: 'machine' },
  postal: { label: 'Postal', icon: 'mailbox' },
} as const;

/** Where one is, and who one is. */
export const Topbar = ({
  title,
  topic,
  me,
  users,
  theme,
  onMenu,
  onUser,
  onTheme,
  panels,
  openPanel,
  onPanel,
}: Props) => (
  <header className="ws-topbar">
    <button type="button" className="ws-icon-button ws-menu" aria-label="Channels" onClick={onMenu}>
      <Icon name="menu" />
    </button>
    <div className="ws-title">
      <h1>{title}</h1>
      <p>{topic}</p>
    </div>
    <button
      type="button"
      className="ws-icon-button"
      aria-label={theme === 'dark' ? 'Light colours' : 'Dark colours'}
      onClick={onTheme}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
    {panels.map((panel) => (
      <button
        key={panel}
        type="button"
        className="ws-icon-button"
        aria-label={panelButtons[panel].label}
        title={panelButtons[panel].label}
        aria-expanded={panel === openPanel}
        onClick={() => onPanel(panel === openPanel ? undefined : panel)}
      >
        <Icon name={panelButtons[panel].icon} />
      </button>
    ))}
    <label className="ws-who">
      <Avatar id={me.id} name={me.name} isApp={false} small />
      <span className="ws-who-name">{me.name}</span>
      <select value={me.id} aria-label="Act as" onChange={(event) => onUser(event.target.value)}>
        {users.map((user) => (
          <option key={user.id} value={user.id}>
            {user.title === undefined ? user.name : `${user.name} · ${user.title}`}
          </option>
        ))}
      </select>
    </label>
  </header>
);

/** The app’s two places: its Home tab, and its direct messages with this user. */
export const AppTabs = ({ placeName, hasUnread }: { readonly placeName: string; readonly hasUnread: boolean }) => (
  <nav className="ws-tabs" aria-label="App">
    <a href="#/home" aria-current={placeName === '@home' ? 'page' : undefined}>
      Home
    </a>
    <a
      href="#/messages"
      aria-current={placeName === '@messages' ? 'page' : undefined}
      className={hasUnread ? 'ws-unread' : undefined}
    >
      Messages
    </a>
  </nav>
);
