import type { MessageMetadata } from '@slack/types';
import * as z from 'zod';
import type { BlockJson, StoredFile, StoredMessage, View } from './workspace.ts';

const block = z.custom<BlockJson>(
  (value) => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string',
);
const metadata = z.custom<MessageMetadata>(
  (value) => typeof value === 'object' && value !== null && 'event_type' in value,
);
const plainText = z.object({ type: z.literal('plain_text'), text: z.string(), emoji: z.boolean().exactOptional() });

const file: z.ZodType<StoredFile> = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  mimeType: z.string(),
  size: z.number(),
  altText: z.string().exactOptional(),
  uploadedBy: z.string().exactOptional(),
});

const message: z.ZodType<StoredMessage> = z.object({
  channel: z.string(),
  ts: z.string(),
  author: z.string(),
  text: z.string(),
  blocks: z.array(block),
  metadata: metadata.exactOptional(),
  files: z.array(file).exactOptional(),
  visibleTo: z.string().exactOptional(),
  editedTs: z.string().exactOptional(),
  threadTs: z.string().exactOptional(),
  isBroadcast: z.literal(true).exactOptional(),
});

const view: z.ZodType<View> = z.object({
  id: z.string(),
  type: z.enum(['modal', 'home']),
  hash: z.string(),
  blocks: z.array(block),
  callback_id: z.string(),
  private_metadata: z.string(),
  title: plainText.exactOptional(),
  submit: plainText.exactOptional(),
  close: plainText.exactOptional(),
  clear_on_close: z.boolean(),
  notify_on_close: z.boolean(),
});

/** The snapshot of a local workspace; `lastTimestamp` in microseconds since the epoch. */
export const stateSchema = z.object({
  messages: z.record(z.string(), z.array(message)),
  views: z.record(z.string(), z.array(view)),
  homes: z.record(z.string(), view),
  // Absent in what older versions wrote.
  files: z.record(z.string(), file).default({}),
  lastTimestamp: z.number(),
  lastId: z.number(),
});
export type SlackState = z.infer<typeof stateSchema>;
