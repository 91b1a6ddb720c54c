import * as z from 'zod/mini';
import { scrubbedText } from '../audit/without-addresses.ts';
import { type RecipientDigests, recipientDigests } from './recipient-digests.ts';

/** How old an event may be, in seconds: Postal gives up after 36 minutes. */
export const webhookAgeSeconds = 3600;
/** How far Postal's clock may be ahead of ours, in seconds. */
const aheadSeconds = 300;

/** What Postal did with a message, by the status of a delivery. */
export const webhookStatuses = ['Sent', 'SoftFail', 'HardFail', 'Held'] as const;

/** What is taken from a webhook about incoming mail. Nothing of it says who wrote to whom, or what. */
export type WebhookEvent = {
  readonly uuid: string;
  /** When Postal queued the request; milliseconds since the epoch. */
  readonly atMs: number;
  /** Postal's number of the message, within its mail server. */
  readonly messageId: number;
  readonly status: (typeof webhookStatuses)[number];
  /** Postal's words, without addresses. */
  readonly details: string;
  /** What the mail server answered, without addresses. */
  readonly output: string;
  readonly isEncrypted: boolean;
  /** Absent where the recipient is not an address. */
  readonly recipient?: RecipientDigests;
};

const eventsOfDeliveries = ['MessageSent', 'MessageDelayed', 'MessageDeliveryFailed', 'MessageHeld'];

const headSchema = z.object({
  event: z.string().check(z.maxLength(100)),
  timestamp: z.number(),
  uuid: z.string().check(z.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)),
});

const directionSchema = z.object({ payload: z.object({ message: z.object({ direction: z.string() }) }) });

const deliverySchema = z.object({
  payload: z.object({
    message: z.object({ id: z.int().check(z.minimum(1)), to: z.nullish(z.string()) }),
    status: z.enum(webhookStatuses),
    details: z.nullish(z.string()),
    output: z.nullish(z.string()),
    sent_with_ssl: z.nullish(z.boolean()),
  }),
});

export type ReadWebhook =
  | { readonly kind: 'event'; readonly event: WebhookEvent }
  /** Nothing for us: outgoing mail, or an event about something else. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'malformed' };

/** Characters of Postal's columns: 250, and 512 in 2.0 to 2.3.1. */
const longestText = 512;
const clean = (text: string | null | undefined): string => scrubbedText(text ?? '').slice(0, longestText);

/** Reads the body of a webhook whose signature was right. `recipientKey` makes the digests of recipients. */
export const readWebhook = (body: string, recipientKey: string, nowMs: number): ReadWebhook => {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return { kind: 'malformed' };
  }
  const head = headSchema.safeParse(document);
  if (!head.success) return { kind: 'malformed' };
  const atMs = Math.round(head.data.timestamp * 1000);
  if (nowMs - atMs > webhookAgeSeconds * 1000 || atMs - nowMs > aheadSeconds * 1000) return { kind: 'stale' };
  if (!eventsOfDeliveries.includes(head.data.event)) return { kind: 'ignored' };
  const direction = directionSchema.safeParse(document);
  if (!direction.success) return { kind: 'malformed' };
  if (direction.data.payload.message.direction !== 'incoming') return { kind: 'ignored' };
  const delivery = deliverySchema.safeParse(document);
  if (!delivery.success) return { kind: 'malformed' };
  const { message, status, details, output, sent_with_ssl: isEncrypted } = delivery.data.payload;
  const recipient = recipientDigests(recipientKey, message.to ?? '');
  return {
    kind: 'event',
    event: {
      uuid: head.data.uuid.toLowerCase(),
      atMs,
      messageId: message.id,
      status,
      details: clean(details),
      output: clean(output),
      isEncrypted: isEncrypted === true,
      ...(recipient === undefined ? {} : { recipient }),
    },
  };
};
