import type { KnownBlock } from '@slack/types';

/** `text` is what notifications and screen readers get; it stands alone. */
export type Message = {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  /** Its advice may name this program's own examples; whoever sends it makes them fit the deployment. */
  readonly hasExamples?: true;
};

export type Posted = { readonly channelId: string; readonly ts: string; readonly permalink: string | null };

/** The thread under a post; with `broadcast` what is said there is shown in the channel as well. */
export type Thread = { readonly channelId: string; readonly ts: string; readonly broadcast: boolean };

/** Why Slack did not take a message. */
export type MessengerFailure =
  /** Not a member, archived, no such channel, token without scope: a person has to mend it. `code` is Slack's. */
  | { readonly kind: 'refused'; readonly code: string }
  /** 429: `retryAfterSeconds` is Slack's Retry-After. */
  | { readonly kind: 'rate-limited'; readonly retryAfterSeconds: number }
  /** 5xx, timeout, reset: it may have been posted. */
  | { readonly kind: 'unreachable'; readonly message: string };

const contentCodes = /too_long|too_large|too_many|block|invalid_metadata|invalid_arguments|no_text/;

/** Whether Slack refuses what a message holds, so that a shorter one may be taken; not where or by whom it is said. */
export const refusesContent = (failure: MessengerFailure): boolean =>
  failure.kind === 'refused' && contentCodes.test(failure.code);
