import type { Bot, User } from '../../slack/store/workspace.ts';
import { slackbot } from '../../slack/store/workspace.ts';
import { Icon } from './icons.tsx';

const tints = 6;
const tintOf = (id: string): number => [...id].reduce((sum, character) => sum + character.charCodeAt(0), 0) % tints;

/** Who writes under a name, and how it is drawn. */
export const authorOf = (
  id: string,
  users: readonly User[],
  bot: Bot,
): { readonly name: string; readonly isApp: boolean } => {
  if (id === bot.userId) return { name: bot.name, isApp: true };
  if (id === slackbot) return { name: 'Slackbot', isApp: true };
  return { name: users.find((user) => user.id === id)?.name ?? id, isApp: false };
};

/** A user's initial, or the bot's envelope, on a square of its own colour. */
export const Avatar = ({
  id,
  name,
  isApp,
  small = false,
}: {
  readonly id: string;
  readonly name: string;
  readonly isApp: boolean;
  readonly small?: boolean;
}) => (
  <span
    className={`ws-avatar ws-tint-${isApp ? 'app' : tintOf(id)}${small ? ' ws-avatar-small' : ''}`}
    aria-hidden="true"
  >
    {isApp ? <Icon name="bot" size={small ? 14 : 22} /> : name.charAt(0).toUpperCase()}
  </span>
);
