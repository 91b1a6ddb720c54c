import * as z from 'zod';
import { failuresOfFailing } from '../audit/delivery-tally.ts';
import type { WebhookEvent } from './webhook.ts';

/** Messages that are remembered one by one; of more the number is kept. */
const messagesAtMost = 500;
/** Events remembered by their ids: those of the last batches, so that one that is handled again is not counted again. */
const recentAtMost = 50;

const count = z.number().int().min(0);

/** What webhooks said of one endpoint since the last message that it accepted. Times are milliseconds since the epoch. */
export const webhookTallySchema = z.object({
  /** Time of the newest event. */
  lastAtMs: z.number(),
  lastSentAtMs: z.number().nullable(),
  /** Of the newest accepted message: whether it was sent over TLS. */
  lastSentEncrypted: z.boolean(),
  firstFailureAtMs: z.number().nullable(),
  /** By Postal's message id: failed attempts, and whether Postal has given up. */
  failed: z.record(z.string(), z.object({ attempts: count, isFinal: z.boolean() })),
  /** Failed messages beyond those. */
  moreFailed: count,
  held: count,
  lastFailure: z.object({ status: z.string(), details: z.string(), output: z.string() }).nullable(),
  recent: z.array(z.string()),
});
export type WebhookTally = z.infer<typeof webhookTallySchema>;

export const emptyTally: WebhookTally = {
  lastAtMs: 0,
  lastSentAtMs: null,
  lastSentEncrypted: false,
  firstFailureAtMs: null,
  failed: {},
  moreFailed: 0,
  held: 0,
  lastFailure: null,
  recent: [],
};

const withFailure = (tally: WebhookTally, event: WebhookEvent): WebhookTally => {
  const { atMs, status, details, output } = event;
  const id = String(event.messageId);
  const before = Object.hasOwn(tally.failed, id) ? tally.failed[id] : undefined;
  const isOneMore = before === undefined && Object.keys(tally.failed).length >= messagesAtMost;
  const after = { attempts: (before?.attempts ?? 0) + 1, isFinal: before?.isFinal === true || status === 'HardFail' };
  return {
    ...tally,
    firstFailureAtMs: Math.min(tally.firstFailureAtMs ?? atMs, atMs),
    failed: isOneMore ? tally.failed : { ...tally.failed, [id]: after },
    moreFailed: tally.moreFailed + (isOneMore ? 1 : 0),
    ...(atMs >= tally.lastAtMs ? { lastFailure: { status, details, output } } : {}),
  };
};

/**
 * Counts one event. An accepted message ends what came before it. Postal's retries of a webhook can overtake each other: a failure that is older than the
 * newest accepted message counts no more.
 */
export const addEvent = (tally: WebhookTally, event: WebhookEvent): WebhookTally => {
  if (tally.recent.includes(event.uuid)) return tally;
  const { atMs, status } = event;
  const noted: WebhookTally = { ...tally, recent: [...tally.recent, event.uuid].slice(-recentAtMost) };
  const isOver = tally.lastSentAtMs !== null && atMs <= tally.lastSentAtMs;
  const counted = ((): WebhookTally => {
    if (isOver) return noted;
    switch (status) {
      case 'Sent':
        return { ...emptyTally, recent: noted.recent, lastSentAtMs: atMs, lastSentEncrypted: event.isEncrypted };
      case 'Held':
        return { ...noted, held: noted.held + 1 };
      case 'SoftFail':
      case 'HardFail':
        return withFailure(noted, event);
    }
  })();
  return { ...counted, lastAtMs: Math.max(tally.lastAtMs, atMs) };
};

/** What a tally says in numbers. `isFailing` as the audit defines it. */
export type WebhookSummary = {
  readonly deferred: number;
  readonly bounced: number;
  readonly held: number;
  readonly isFailing: boolean;
};

export const summaryOf = ({ failed, moreFailed, held }: WebhookTally): WebhookSummary => {
  const messages = Object.values(failed);
  const bounced = messages.filter(({ isFinal }) => isFinal).length;
  return {
    deferred: messages.length - bounced + moreFailed,
    bounced,
    held,
    isFailing: bounced >= failuresOfFailing || messages.some(({ attempts }) => attempts >= failuresOfFailing),
  };
};
