import * as z from 'zod';
import { directChannel } from '../../lib/local/slack/store/conversation.ts';
import type { StoredMessage, User } from '../../lib/local/slack/store/workspace.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { localPeople } from '../../lib/local/workspace-seed.ts';
import { untilMessage } from '../smoke/workspace-client.ts';

const outcomeSchema = z.object({ ok: z.boolean(), error: z.string().optional() });
const buttonSchema = z.object({
  type: z.literal('button'),
  action_id: z.string(),
  text: z.object({ text: z.string() }),
});

/** Text and blocks of a message, to look for words in. */
const whole = ({ text, blocks }: StoredMessage): string => `${text}\n${JSON.stringify(blocks)}`;

/** People of a local workspace who type, press and read. */
export const peopleOf = (workspace: LocalWorkspace) => {
  const seen = new Set<string>();

  const keyOf = (message: StoredMessage): string => `${message.channel} ${message.ts} ${whole(message)}`;

  /** The next message with these words in it that this person alone sees; everyone, where nobody is named. Each version of a message is given once. */
  const next = async (user: User | undefined, ...words: readonly string[]): Promise<StoredMessage> => {
    const fits = (message: StoredMessage): boolean =>
      message.visibleTo === user?.id &&
      words.every((word) => whole(message).includes(word)) &&
      !seen.has(keyOf(message));
    const message = await untilMessage(workspace, `a message with "${words.join('", "')}"`, fits, 240_000);
    seen.add(keyOf(message));
    return message;
  };

  /** Does what the page does when a person does this there. */
  const act = async (what: 'say' | 'action' | 'submit', request: Readonly<Record<string, unknown>>): Promise<void> => {
    const response = await fetch(`${workspace.pageUrl}/page/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(10_000),
    });
    const outcome = outcomeSchema.parse(await response.json());
    if (!outcome.ok) throw new Error(`${JSON.stringify(request)} did not work: ${outcome.error}`);
  };

  const say = (user: User, line: string): Promise<void> =>
    act('say', { user: user.id, channel: localPeople.channels[0].id, text: `${localPeople.command} ${line}` });

  const press = async (user: User, message: StoredMessage, label: string): Promise<void> => {
    const found = message.blocks
      .flatMap((block) =>
        Array.isArray(block['elements']) ? block['elements'].map((element) => ({ block, element })) : [],
      )
      .map(({ block, element }) => ({ block, button: buttonSchema.safeParse(element).data }))
      .find(({ button }) => button?.text.text === label);
    if (found?.button === undefined) throw new Error(`there is no button "${label}" in ${whole(message)}`);
    const source = { channel: message.channel, ts: message.ts };
    const pressed = { blockId: found.block.block_id ?? '', actionId: found.button.action_id, value: null, values: {} };
    await act('action', { user: user.id, source, ...pressed });
  };

  /** Says a line, and waits for the answer to it: what this person has been answered before is no answer to it. */
  const ask = async (user: User, line: string, ...words: readonly string[]): Promise<StoredMessage> => {
    const { store } = workspace.slack;
    for (const { id } of [...localPeople.channels, ...localPeople.users.map(directChannel)])
      for (const message of store.messages(id)) if (message.visibleTo === user.id) seen.add(keyOf(message));
    await say(user, line);
    return next(user, ...words);
  };

  /** Opens a form by its verb, fills it in, and waits for the answer to it. */
  const fillIn = async (
    user: User,
    verb: string,
    values: Readonly<Record<string, string>>,
    ...words: readonly string[]
  ): Promise<StoredMessage> => {
    await say(user, verb);
    const viewId = workspace.slack.store.views(user.id).at(-1)?.id ?? '';
    const filled = Object.entries(values).map(([blockId, value]) => [blockId, { value }]);
    await act('submit', { user: user.id, viewId, values: Object.fromEntries(filled) });
    return next(user, ...words);
  };

  return { say, next, press, ask, fillIn };
};
