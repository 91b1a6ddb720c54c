import type { MessengerResult } from './messenger.ts';

/** What Slack says of the token that this app uses. */
export type SlackIdentity = {
  readonly teamId: string;
  readonly team: string;
  readonly botUserId: string;
  /** Whether the ids of the bot are those that the secret names beside the token. */
  readonly isAsInSecret: boolean;
  /** Of the header `x-oauth-scopes`; undefined where Slack sent none. */
  readonly scopes: readonly string[] | undefined;
  /** Slack's own clock, from the header `date`; milliseconds since the epoch. */
  readonly slackNowMs: number | undefined;
};

/** Port to what Slack knows of this app itself. */
export interface SlackApp {
  identify(signal: AbortSignal): Promise<MessengerResult<SlackIdentity>>;
}
