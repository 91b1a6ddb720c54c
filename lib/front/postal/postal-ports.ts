import type { KeyObject } from 'node:crypto';
import type { Secrets } from '../../adapters/aws/secrets.ts';
import type { Logger } from '../../app/ports/logger.ts';
import type { PostalMessage } from '../../app/queue/postal-message.ts';
import type { PostalSecrets } from './postal-secrets.ts';

/** What the profile says about Postal's webhooks. */
export type WebhookTrust = {
  /** Public keys of the installation; none: no webhook is taken. */
  readonly keys: readonly KeyObject[];
  /** Whether the installation is a 2.x, which signs with SHA-1 alone. */
  readonly allowSha1: boolean;
};

/** Everything outside that the receiver of Postal's requests may touch. */
export type PostalPorts = {
  readonly secrets: Secrets<PostalSecrets>;
  readonly trust: () => WebhookTrust;
  readonly queue: { send(message: PostalMessage, signal: AbortSignal): Promise<void> };
  /** Time of the stored report of a sender and part, milliseconds since the epoch. */
  readonly storedReportAt: (sender: string, part: string | null, signal: AbortSignal) => Promise<number | undefined>;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/** Postal waits 5 s for a webhook, and one of its two workers waits with it. */
export const postalDeadlines = { webhookMs: 2500, reportMs: 8000, secretsMs: 1500 } as const;
