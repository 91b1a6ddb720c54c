import type { Command } from '../../core/grammar/command.ts';
import type { Actor } from '../../core/ledger/entry.ts';

/** Where the person who asked is answered: by response_url where Slack gave one, else ephemeral in the channel; by direct message where the channel is the person's own id. */
export type ReplyTo = {
  readonly channelId: string;
  readonly userId: string;
  readonly responseUrl?: string /** The thread in which it was asked by mention: the answer goes there, for all to see. */;
  readonly threadTs?: string;
};

/** What the worker does. */
export type WorkMessage =
  | {
      readonly kind: 'command';
      /** The same for every delivery of the same request: hash of signature and timestamp, or of button and click, or of a form's nonce and content. */
      readonly requestId: string;
      /** ISO 8601, UTC: when the front received it. */
      readonly receivedAt: string;
      readonly actor: Actor;
      readonly replyTo: ReplyTo;
      /** The command line as understood and normalised. */
      readonly text: string;
      readonly command: Command;
      /** What was written for the command's hostname, where that was short for it. */
      readonly shortName?: string;
      /** True when a button of the very message asked for it: the answer replaces that message instead of adding one. */
      readonly replaceOriginal: boolean;
      /** Present until the worker has looked at whose it is, and sent it on to where it is worked. */
      readonly toAdmit?: true;
      /** Present while a change that is to be admitted waits until others have ended. */
      readonly isWaiting?: true;
    }
  /** Of a change; or of a bulk, with its stream as hostname and its id as change id. `queuedAt`: ISO 8601, UTC; with another one it is no repeat. */
  | {
      readonly kind: 'resume' | 'announce';
      readonly hostname: string;
      readonly changeId: string;
      readonly queuedAt?: string;
    }
  /** Postal has a name that was awaited there: the thread of that change's announcement says so. */
  | { readonly kind: 'entered'; readonly hostname: string; readonly changeId: string; readonly queuedAt?: string }
  /**
   * Brings a destination in line with an incident; `revision` is what it had come to when this was sent. `occasion` is what calls for it besides, as a mute
   * does: with another one it is no repeat. Each destination is a message of its own, so that one that fails delays no other; without a destination it is the
   * on-call channel.
   */
  | {
      readonly kind: 'incident';
      readonly incidentId: string;
      readonly revision: number;
      readonly destination?: string;
      readonly occasion?: string;
    }
  /** What was said to the bot by mention, without the mention. `threadTs`: the thread that it was said in. */
  | {
      readonly kind: 'mention';
      readonly requestId: string;
      readonly receivedAt: string;
      readonly actor: Actor;
      readonly channelId: string;
      readonly ts: string;
      readonly threadTs?: string;
      readonly text: string;
    }
  /** Shows that the queue makes progress; milliseconds since the epoch. */
  | { readonly kind: 'heartbeat'; readonly sentAtMs: number }
  /** Verifies a part of the history. `night` is a local day; `askedAt` (ISO 8601, UTC) is set by watch: with another one it is no repeat. */
  | { readonly kind: 'verify'; readonly night: string; readonly part: number; readonly askedAt?: string };

/** What travels through the queue: work, or work that was given up after too many deliveries and comes back once, to be ended truthfully. */
export type QueueMessage = WorkMessage | { readonly kind: 'given-up'; readonly message: WorkMessage };
