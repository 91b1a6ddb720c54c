import type { MessengerResult } from './messenger.ts';

/** A message of a channel, as Slack has it now. */
export type WitnessPost = {
  /** Slack's timestamp, which is the message's id in its channel: seconds since the epoch, six decimals. */
  readonly ts: string;
  readonly text: string;
  readonly edited: boolean;
  /** Whether this very app posted it; anyone may write the same metadata. */
  readonly byThisApp: boolean;
  readonly metadata: { readonly eventType: string; readonly payload: Readonly<Record<string, unknown>> } | undefined;
};

/** Port to a Slack channel, for whoever holds the ledger against it. */
export interface Witness {
  /** Every message that the channel still has, whoever posted it, from `oldest` (a Slack timestamp, itself included) on; without it from the first one on. Ascending. */
  posts(
    channelId: string,
    oldest: string | undefined,
    signal: AbortSignal,
  ): Promise<MessengerResult<readonly WitnessPost[]>>;
}
