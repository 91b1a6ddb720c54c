import type { Ports } from '../../../lib/app/ports/ports.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import type { UnfinishedPorts } from '../../../lib/app/watch/unfinished-business.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import type { ManualClock } from '../manual-clock.ts';

/** A message on its way through a worker. */
export type Delivery = {
  readonly message: QueueMessage;
  /** Counted from 1. */
  readonly deliveries: number;
  /** Worked: gone from the queue. */
  done(): Promise<void>;
  /** Seen again after so many seconds on the clock. */
  retryIn(seconds: number): Promise<void>;
  /** The worker died: seen again when the visibility timeout is over, on the clock. */
  abandon(): Promise<void>;
  /** Given up by the queue: a dead letter at once. */
  bury(): Promise<void>;
};

/** The worker's end of the command queue. */
export interface MessageSource {
  /** The next message that may be worked now; `choose` picks among the groups that have one, by index. */
  receive(choose?: (count: number) => number): Promise<Delivery | undefined>;
  /** When the next message can be seen, on the clock; undefined where none is left. */
  nextAtMs(): number | undefined;
}

/** A message of the bot as Slack keeps it. */
export type Said = {
  /** Of whoever alone sees it; absent for a post to the channel. */
  readonly visibleTo?: string;
  /** The response_url by which it came. */
  readonly answers?: string | undefined;
  /** It has taken the place of the message whose button was pressed. */
  readonly replacesOriginal?: boolean;
  readonly channelId: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly payload: Readonly<Record<string, unknown>>;
};

/** Everything that the bot stands on, in memory or over sockets, and a test's eyes on it. */
export interface Cloud extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly ports: Ports;
  readonly watchPorts: UnfinishedPorts;
  readonly source: MessageSource;
  /** Every record set of the zone but its own SOA and NS. */
  zone(): Promise<readonly RecordSet[]>;
  /** All that was said, oldest first; an edited message as it reads now. */
  said(): readonly Said[];
  /** Where a command given there is answered, if Slack gave an address for it. */
  responseUrl(channelId: string, userId: string): string | undefined;
  /** What the bot logged, for whoever has to find out why. */
  readonly logged: readonly string[];
}

export const auditChannel = 'C0AUDIT';
export const commandChannel = 'C0OTHER';
export const approversChannel = 'C0APPROVERS';
export const teamId = 'T0TEAM';

/** The four people: maria may change and not approve; li and oncall may both, and oncall may break glass; guest may do nothing. */
export const people = ['maria', 'li', 'oncall', 'guest'] as const;
export type Person = (typeof people)[number];
export const userIdOf = (person: Person): string => `U0${person.toUpperCase()}`;

/** Names under `prod` need a second person. */
export const cloudPolicy = {
  grants: [
    {
      name: 'changers',
      teams: [teamId],
      users: ['U0MARIA'],
      verbs: ['add', 'update', 'remove', 'failover', 'adopt', 'move', 'undo', 'approve', 'cancel'],
    },
    { name: 'approvers', teams: [teamId], users: ['U0LI', 'U0ONCALL'], verbs: ['*'] },
  ],
  protected: [
    {
      name: 'production',
      hostnames: ['*.prod.corp.internal'],
      approvers: { users: ['U0LI', 'U0ONCALL'] },
      channel: approversChannel,
    },
  ],
  breakGlass: { users: ['U0ONCALL'] },
};
