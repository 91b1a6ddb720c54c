import type { User } from '../slack/workspace.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icons.tsx';
import type { Theme } from './use-theme.ts';

type Props = {
  readonly title: string;
  readonly topic: string;
  readonly me: User;
  readonly users: readonly User[];
  readonly theme: Theme;
  readonly onMenu: () => void;
  readonly onUser: (id: string) => void;
  readonly onTheme: () => void;
};

/** Where one is, and who one is. */
export const Topbar = ({ title, topic, me, users, theme, onMenu, onUser, onTheme }: Props) => (
  <header className="ws-topbar">
    <button type="button" className="ws-icon-button ws-menu" aria-label="Channels" onClick={onMenu}>
      <Icon name="menu" />
    </button>
    <div className="ws-title">
      <h1>{title}</h1>
      <p>{topic}</p>
    </div>
    <button type="button" className="ws-icon-button" aria-label={theme === 'dark' ? 'Light colours' : 'Dark colours'} onClick={onTheme}>
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
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
