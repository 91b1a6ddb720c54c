import type { MessageMetadata } from '@slack/types';
import * as z from 'zod';
import { slackLimits } from '../../../core/limits/limits.ts';
import { jsonOctets } from '../../../core/limits/octets.ts';
import { checkBlocks, withIds } from '../blocks/block-rules.ts';
import type { StoredMessage } from '../store/workspace.ts';
import { type MethodResult, refuse } from './method.ts';

const metadataSchema = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});
const isMetadata = (value: unknown): value is MessageMetadata => metadataSchema.safeParse(value).success;

export type Content = Pick<StoredMessage, 'text' | 'blocks' | 'metadata'>;

/** Text, blocks and metadata of a message, held to Slack's limits. Pictures that its blocks show by file id have to be there. */
export const readContent = (
  given: {
    readonly text: string | undefined;
    readonly blocks: unknown;
    readonly blocksGiven: boolean;
    readonly metadata: unknown;
  },
  nextId: (prefix: string) => string,
  hasPicture: (fileId: string) => boolean = () => true,
): { readonly ok: true; readonly content: Content } | { readonly ok: false; readonly failure: MethodResult } => {
  const text = given.text ?? '';
  if (text.length > slackLimits.textCharacters) return { ok: false, failure: refuse('msg_too_long') };
  const checked = given.blocksGiven ? checkBlocks(given.blocks, 'message') : ({ ok: true, blocks: [] } as const);
  if (!checked.ok) return { ok: false, failure: refuse(checked.problem.error, checked.problem.messages) };
  const missing = checked.blocks.findIndex((block) => block.type === 'image' && !hasPicture(block.slack_file.id));
  if (missing >= 0)
    return {
      ok: false,
      failure: refuse('invalid_blocks', [`[ERROR] invalid slack file [json-pointer:/blocks/${missing}/slack_file]`]),
    };
  if (text === '' && checked.blocks.length === 0) return { ok: false, failure: refuse('no_text') };
  if (given.metadata !== undefined && !isMetadata(given.metadata))
    return { ok: false, failure: refuse('invalid_metadata_format') };
  if (given.metadata !== undefined && jsonOctets(given.metadata) > slackLimits.metadataOctets)
    return { ok: false, failure: refuse('metadata_too_large') };
  const metadata = given.metadata === undefined ? {} : { metadata: given.metadata };
  return { ok: true, content: { text, blocks: withIds(checked.blocks, nextId), ...metadata } };
};
