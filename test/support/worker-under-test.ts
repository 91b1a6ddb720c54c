import type { Outcome, Ports } from '../../lib/app/ports/ports.ts';
import type { QueueMessage } from '../../lib/app/queue/message.ts';
import { runMessage } from '../../lib/app/worker/run.ts';
import type { Command } from '../../lib/core/grammar/command.ts';
import { understand } from '../../lib/core/grammar/grammar.ts';
import { createMemoryPorts, type MemoryOptions, zoneId } from './memory-ports.ts';

/** A worker on in-memory ports, driven by command lines. Every port may be replaced through `over`. */
export const workerUnderTest = ({
  channels = ['C0AUDIT', 'C0OTHER'],
  ...options
}: Partial<Pick<MemoryOptions<never>, 'policy' | 'zones' | 'channels'>> = {}) => {
  const queued: QueueMessage[] = [];
  const { clock, ports, ledger, zones, messenger, files, destinations, probes, over, logged } = createMemoryPorts({
    ...options,
    channels,
    profile: { webUrl: 'https://postal.example.com' },
    queue: () => ({ send: async (message: QueueMessage) => void queued.push(message) }),
  });
  const actor = (userName: string, channelId: string) => ({
    teamId: 'T0TEAM',
    userId: `U0${userName.toUpperCase()}`,
    userName,
    channelId,
  });
  let serial = 0;

  const message = (
    line: string,
    { user = 'maria', channel = 'C0OTHER', requestId = `request-${++serial}` } = {},
  ): Extract<QueueMessage, { kind: 'command' }> => {
    const understood = understand(line);
    if (understood.kind !== 'command') throw new Error(`not a command: ${line}: ${JSON.stringify(understood)}`);
    const command: Command = understood.command;
    return {
      kind: 'command',
      requestId,
      receivedAt: new Date(clock.now()).toISOString(),
      actor: actor(user, channel),
      replyTo: {
        channelId: channel,
        userId: `U0${user.toUpperCase()}`,
        responseUrl: 'https://hooks.slack.com/commands/1',
      },
      text: understood.text,
      command,
      replaceOriginal: false,
    };
  };

  const work = (queueMessage: QueueMessage, deliveries = 1, with_: Partial<Ports> = {}): Promise<Outcome> =>
    runMessage({ ...ports, ...with_ }, queueMessage, deliveries, {
      atMs: clock.now() + 88_000,
      signal: new AbortController().signal,
    });

  return {
    clock,
    ports,
    ledger,
    zones,
    messenger,
    files,
    destinations,
    queued,
    probes,
    over,
    logged,
    message,
    work,
    /** Works a command line, then whatever it queued. */
    say: async (line: string, who: Parameters<typeof message>[1] = {}): Promise<Outcome> => {
      const outcome = await work(message(line, who));
      for (let next = queued.shift(); next !== undefined; next = queued.shift()) await work(next);
      return outcome;
    },
    /** What the newest ephemeral answer says, its blocks' text included. */
    lastReply: (): string => {
      const reply = messenger.replies.at(-1);
      return reply === undefined ? '' : `${reply.message.text}\n${JSON.stringify(reply.message.blocks)}`;
    },
    /** The command line behind the newest button of this label. */
    button: (label: string): string => {
      const messages = [...messenger.replies, ...messenger.posts].map((sent) => sent.message).reverse();
      const elements = messages.flatMap(({ blocks }) =>
        blocks.flatMap((block) => (block.type === 'actions' ? block.elements : [])),
      );
      for (const element of elements) {
        if (element.type === 'button' && element.text.text === label && element.value !== undefined)
          return JSON.parse(element.value).text;
      }
      throw new Error(`no button ${label}`);
    },
    kinds: async (stream: string): Promise<string[]> =>
      (await ledger.read(stream, new AbortController().signal)).map(({ body }) => body.kind),
    records: async (hostname: string) => {
      const read = await ports.zones.readNames(
        zoneId,
        [hostname, `_postal-endpoint.${hostname}`],
        new AbortController().signal,
      );
      return read.ok ? read.value : [];
    },
  };
};
