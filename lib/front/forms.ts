import type { InputBlock } from '@slack/types';
import * as z from 'zod/mini';
import type { FormName } from '../core/grammar/row.ts';

/** The id of the one element of every input. */
export const elementId = 'value';

/** The block at which a form says what is wrong with it as a whole; the forms' callback ids are their names. */
const firstBlocks: Readonly<Record<FormName, string>> = { add: 'hostname', import: 'file' };

export const firstBlockOf = (callbackId: string): string =>
  callbackId === 'import' ? firstBlocks.import : firstBlocks.add;

/** A labelled input of a form. */
export const input = (
  blockId: string,
  label: string,
  element: InputBlock['element'],
  more: { readonly hint?: string; readonly optional?: boolean } = {},
): InputBlock => ({
  type: 'input',
  block_id: blockId,
  label: { type: 'plain_text', text: label },
  element: { ...element, action_id: elementId },
  optional: more.optional ?? false,
  ...(more.hint === undefined ? {} : { hint: { type: 'plain_text', text: more.hint } }),
});

/** A field for text. */
export const line = (options: {
  readonly placeholder?: string;
  readonly initial?: string | undefined;
  readonly multiline?: boolean;
  readonly longest?: number;
  /** Whether the form opens with the cursor in it. */
  readonly first?: boolean;
}): InputBlock['element'] => ({
  type: 'plain_text_input',
  ...(options.placeholder === undefined ? {} : { placeholder: { type: 'plain_text', text: options.placeholder } }),
  ...(options.initial === undefined ? {} : { initial_value: options.initial }),
  ...(options.multiline ? { multiline: true } : {}),
  ...(options.longest === undefined ? {} : { max_length: options.longest }),
  ...(options.first ? { focus_on_load: true } : {}),
});

const metadataSchema = z.strictObject({ nonce: z.string().check(z.minLength(1)), channelId: z.nullable(z.string()) });
/** What a form carries from its opening to its submission: which opening it was, and where to answer. */
export type FormMetadata = z.infer<typeof metadataSchema>;

/** What the form was opened with, or undefined when this version did not open it. */
export const readFormMetadata = (privateMetadata: string): FormMetadata | undefined => {
  try {
    return metadataSchema.safeParse(JSON.parse(privateMetadata)).data;
  } catch {
    return undefined;
  }
};
