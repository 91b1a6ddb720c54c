import type { KnownBlock } from '@slack/types';
import { type Command, changedHostname } from '../../core/grammar/command.ts';
import { understandLine } from '../../core/grammar/grammar.ts';
import type { Actor } from '../../core/ledger/entry.ts';
import { authorise, maySomewhere } from '../../core/policy/authorise.ts';
import { type GroupMembers, noGroups } from '../../core/policy/people.ts';
import { rightsGroups } from '../../core/policy/rights.ts';
import { isMuteOfMany } from '../../core/watch/mute/mute-scope.ts';
import type { Pressed } from '../../messages/block-kit/button.ts';
import { withButtons } from '../../messages/block-kit/pressable.ts';
import type { Ports } from '../ports/ports.ts';
import { membersOf } from '../ports/user-groups.ts';

type Rights = Pick<Ports, 'policy' | 'userGroups'>;

/** Decisions on a plan, which are for the plan's own rules, and what everybody may use. */
const alwaysShown: ReadonlySet<Command['verb']> = new Set(['approve', 'reject', 'cancel', 'whoami', 'home']);

/** The hostname that a pressed command concerns. A change id does not show its hostname: it is what the message is about. */
const hostnameOf = (command: Command, about: string | undefined): string | undefined => {
  if (command.verb === 'undo') return about;
  if ((command.verb === 'mute' || command.verb === 'unmute') && isMuteOfMany(command.hostname)) return undefined;
  if ('hostname' in command)
    return command.hostname?.includes('*') || command.hostname === 'all' ? undefined : command.hostname;
  return command.verb === 'home' ? undefined : changedHostname(command);
};

const mayPress = (
  { policy }: Rights,
  actor: Actor,
  about: string | undefined,
  groups: GroupMembers,
  pressed: Pressed,
): boolean => {
  switch (pressed.kind) {
    case 'open-form':
      // The form asks for a channel where it was opened in none.
      return maySomewhere(policy, actor, [pressed.form], undefined, groups);
    case 'run': {
      const understood = understandLine(pressed.text);
      if (understood.kind !== 'command' || alwaysShown.has(understood.command.verb)) return true;
      const { command } = understood;
      return authorise(policy, actor, command.verb, hostnameOf(command, about), groups).allowed;
    }
    case 'link':
    case 'too-long':
    case 'unknown':
      return true;
  }
};

/**
 * The blocks of a message for one reader, without the buttons that policy would refuse them. User groups are read only where a button hangs on them.
 * `about`: the hostname of the change that the message is about.
 */
export const pressableBy = async (
  ports: Rights,
  actor: Actor,
  blocks: readonly KnownBlock[],
  about: string | undefined,
  signal: AbortSignal,
): Promise<readonly KnownBlock[]> => {
  const keep = (groups: GroupMembers): readonly KnownBlock[] =>
    withButtons(blocks, (pressed) => mayPress(ports, actor, about, groups, pressed));
  const blind = keep(noGroups);
  const groupIds = rightsGroups(ports.policy, actor);
  if (groupIds.length === 0 || JSON.stringify(blind) === JSON.stringify(blocks)) return blind;
  return keep(await membersOf(ports.userGroups, groupIds, signal));
};
