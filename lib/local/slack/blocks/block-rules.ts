import * as z from 'zod';
import { slackLimits } from '../../../core/limits/limits.ts';
import { charactersOf } from '../../../messages/block-kit/fit.ts';
import type { BlockJson } from '../store/workspace.ts';
import { blockSchema, type CheckedBlock } from './block-schema.ts';

/** What Slack says of blocks that it will not take: `messages` as in `response_metadata.messages`. */
export type BlockProblem = {
  readonly error: 'invalid_blocks' | 'invalid_blocks_format' | 'msg_blocks_too_long';
  readonly messages: readonly string[];
};

/** Blocks that keep Slack's limits, or what is wrong with them. */
export type CheckedBlocks =
  | { readonly ok: true; readonly blocks: readonly CheckedBlock[] }
  | { readonly ok: false; readonly problem: BlockProblem };

const at = (message: string, pointer: string): string => `[ERROR] ${message} [json-pointer:${pointer}]`;

/** Zod's complaints in Slack's form. */
export const issueMessages = (error: z.ZodError, root: string): readonly string[] =>
  error.issues.map((issue) => {
    const pointer = [root, ...issue.path.map(String)].join('/');
    if (issue.code === 'unrecognized_keys') return at(`invalid additional property: ${issue.keys.join(', ')}`, pointer);
    if (issue.code === 'invalid_union' && issue.errors.length === 0) return at('unsupported type', pointer);
    return at(issue.message, pointer);
  });

const repeated = (values: readonly (string | undefined)[]): string | undefined =>
  values.find((value, index) => value !== undefined && values.indexOf(value) !== index);

const actionIds = (block: CheckedBlock): readonly (string | undefined)[] =>
  block.type === 'actions' ? block.elements.map((element) => element.action_id) : [];

/** Rules that look at more than one block. */
const crossProblems = (blocks: readonly CheckedBlock[]): readonly string[] => {
  const messages: string[] = [];
  const blockId = repeated(blocks.map((block) => block.block_id));
  if (blockId !== undefined) messages.push(at(`\`block_id\` ${blockId} already exists in this message`, '/blocks'));
  for (const [index, block] of blocks.entries()) {
    const actionId = repeated(actionIds(block));
    if (actionId !== undefined)
      messages.push(at(`\`action_id\` ${actionId} already exists for this block_id`, `/blocks/${index}`));
  }
  if (blocks.filter((block) => block.type === 'table').length > 1)
    messages.push(at('only_one_table_allowed', '/blocks'));
  const cells = charactersOf(blocks.filter((block) => block.type === 'table'));
  if (cells > slackLimits.tableCharacters)
    messages.push(at(`tables must hold less than ${slackLimits.tableCharacters + 1} characters in all`, '/blocks'));
  return messages;
};

/** Holds blocks to Slack's limits for a message (50 blocks, 9,597 characters in all) or a view (100 blocks). */
export const checkBlocks = (value: unknown, surface: 'message' | 'view'): CheckedBlocks => {
  const bad = (error: BlockProblem['error'], messages: readonly string[]): CheckedBlocks => ({
    ok: false,
    problem: { error, messages },
  });
  if (!Array.isArray(value)) return bad('invalid_blocks_format', [at('must provide an array', '/blocks')]);
  const maximum = surface === 'message' ? slackLimits.blocksPerMessage : slackLimits.blocksPerView;
  if (value.length > maximum) return bad('invalid_blocks', [at(`no more than ${maximum} items allowed`, '/blocks')]);
  const parsed = z.array(blockSchema).safeParse(value);
  if (!parsed.success) return bad('invalid_blocks', issueMessages(parsed.error, '/blocks'));
  const cross = crossProblems(parsed.data);
  if (cross.length > 0) return bad('invalid_blocks', cross);
  const length = charactersOf(parsed.data);
  if (surface === 'message' && length > slackLimits.messageCharacters) {
    return bad('msg_blocks_too_long', [
      at(`blocks hold ${length} characters, more than ${slackLimits.messageCharacters}`, '/blocks'),
    ]);
  }
  return { ok: true, blocks: parsed.data };
};

/** Slack names what the app left unnamed. */
export const withIds = (blocks: readonly CheckedBlock[], nextId: (prefix: string) => string): readonly BlockJson[] =>
  blocks.map((block) => {
    const named = <Element extends { action_id?: string | undefined }>(element: Element): Element => ({
      ...element,
      action_id: element.action_id ?? nextId('a'),
    });
    const blockId = block.block_id ?? nextId('b');
    const whole =
      block.type === 'actions'
        ? { ...block, elements: block.elements.map(named) }
        : block.type === 'section' && block.accessory !== undefined
          ? { ...block, accessory: named(block.accessory) }
          : block.type === 'input'
            ? { ...block, element: named(block.element) }
            : block;
    return { ...JSON.parse(JSON.stringify(whole)), type: block.type, block_id: blockId };
  });
