import * as z from 'zod/mini';
import { type WebhookEvent, webhookStatuses } from '../../core/postal/webhooks/webhook.ts';

/** What a Postal installation sent, on its way to the function that keeps it. A queue of its own: no command can be in it. */
export type PostalMessage =
  | {
      readonly kind: 'webhook';
      /** `organization/server`. */
      readonly server: string;
      /** Milliseconds since the epoch. */
      readonly receivedAtMs: number;
      readonly event: WebhookEvent;
    }
  | {
      readonly kind: 'report';
      readonly sender: string;
      /** `organization/server`, or `null` for all. */
      readonly part: string | null;
      /** When the snapshot was taken; milliseconds since the epoch. */
      readonly atMs: number;
      /** The sender's clock when it signed; milliseconds since the epoch. */
      readonly signedAtMs: number;
      /** Milliseconds since the epoch. */
      readonly receivedAtMs: number;
      /** The report as it was sent, gzip in base64. */
      readonly packed: string;
    };

const digestsSchema = z.object({ exact: z.string(), wildcard: z.string() });

const messageSchema: z.ZodMiniType<PostalMessage> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('webhook'),
    server: z.string(),
    receivedAtMs: z.number(),
    event: z.object({
      uuid: z.string(),
      atMs: z.number(),
      messageId: z.int(),
      status: z.enum(webhookStatuses),
      details: z.string(),
      output: z.string(),
      isEncrypted: z.boolean(),
      recipient: z.exactOptional(digestsSchema),
    }),
  }),
  z.object({
    kind: z.literal('report'),
    sender: z.string(),
    part: z.nullable(z.string()),
    atMs: z.number(),
    signedAtMs: z.number(),
    receivedAtMs: z.number(),
    packed: z.string(),
  }),
]);

/** Reads a message of the queue; undefined: it is not one. */
export const parsePostalMessage = (body: string): PostalMessage | undefined => {
  try {
    return messageSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
};

/** Messages of one mail server, and reports of one sender, come one after the other: who reads them need not lock. */
export const postalGroup = (message: PostalMessage): string =>
  message.kind === 'webhook' ? `webhooks:${message.server}` : `reports:${message.sender}`;

/** By which SQS drops a repeat within five minutes. */
export const postalDeduplicationId = (message: PostalMessage): string =>
  message.kind === 'webhook' ? message.event.uuid : `${message.sender}:${message.atMs}:${message.part ?? ''}`;
