import * as z from 'zod';
import { commandSchema } from '../../core/grammar/command-schema.ts';
import type { QueueMessage, WorkMessage } from './message.ts';

const id = z.string().min(1);

const actor = z.strictObject({
  teamId: z.string(),
  enterpriseId: id.exactOptional(),
  userId: id,
  userName: z.string(),
  channelId: id,
});

const variants = [
  z.strictObject({
    kind: z.literal('command'),
    requestId: id,
    receivedAt: z.iso.datetime(),
    actor,
    replyTo: z.strictObject({
      channelId: id,
      userId: id,
      responseUrl: z.url().exactOptional(),
      threadTs: id.exactOptional(),
    }),
    text: z.string(),
    command: commandSchema,
    replaceOriginal: z.boolean(),
    shortName: z.string().exactOptional(),
    toAdmit: z.literal(true).exactOptional(),
    isWaiting: z.literal(true).exactOptional(),
  }),
  z.strictObject({
    kind: z.enum(['resume', 'announce']),
    hostname: id,
    changeId: id,
    queuedAt: z.iso.datetime().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('entered'),
    hostname: id,
    changeId: id,
    queuedAt: z.iso.datetime().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('incident'),
    incidentId: id,
    revision: z.int().min(1),
    destination: id.exactOptional(),
    occasion: id.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('heartbeat'), sentAtMs: z.int() }),
  z.strictObject({
    kind: z.literal('mention'),
    requestId: id,
    receivedAt: z.iso.datetime(),
    actor,
    channelId: id,
    ts: id,
    threadTs: id.exactOptional(),
    text: z.string(),
  }),
  z.strictObject({
    kind: z.literal('verify'),
    night: z.iso.date(),
    part: z.int().min(1),
    askedAt: z.iso.datetime().exactOptional(),
  }),
] as const;

const work: z.ZodType<WorkMessage> = z.discriminatedUnion('kind', variants);
const schema: z.ZodType<QueueMessage> = z.discriminatedUnion('kind', [
  ...variants,
  z.strictObject({ kind: z.literal('given-up'), message: work }),
]);

export type ParsedMessage =
  | { readonly ok: true; readonly message: QueueMessage }
  /** `reason` names the fields at fault, and no value. */
  | { readonly ok: false; readonly reason: string };

/** Reads a message's body as it was sent. Never throws. */
export const parseMessage = (body: string): ParsedMessage => {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ok: false, reason: 'body: not JSON' };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, message: parsed.data };
  return {
    ok: false,
    reason: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.code}`).join('; '),
  };
};
