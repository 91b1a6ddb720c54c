import * as z from 'zod';
import { slackLimits } from '../../../core/limits/limits.ts';
import { anyText, button, inputElement, plainText } from './element-schema.ts';

const blockId = z
  .string()
  .min(1)
  .max(slackLimits.blockId, `must be less than ${slackLimits.blockId + 1} characters`)
  .optional();
const items = (maximum: number) => `no more than ${maximum} items allowed`;

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: anyText(slackLimits.sectionText).optional(),
    fields: z
      .array(anyText(slackLimits.sectionFieldText))
      .min(1)
      .max(slackLimits.sectionFields, items(slackLimits.sectionFields))
      .optional(),
    accessory: button.optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, 'must define either `text` or `fields`');

const richTextStyle = z.looseObject({}).optional();
const richTextInline = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1), style: richTextStyle }),
  z.strictObject({
    type: z.literal('link'),
    url: z.string().min(1),
    text: z.string().optional(),
    unsafe: z.boolean().optional(),
    style: richTextStyle,
  }),
  z.strictObject({ type: z.literal('user'), user_id: z.string(), style: richTextStyle }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int(),
    format: z.string(),
    url: z.string().optional(),
    fallback: z.string().optional(),
    style: richTextStyle,
  }),
]);
const richTextSection = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(richTextInline) });
const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: blockId,
  elements: z.array(
    z.discriminatedUnion('type', [
      richTextSection,
      z.strictObject({
        type: z.literal('rich_text_preformatted'),
        elements: z.array(richTextInline),
        border: z.int().optional(),
        language: z.string().optional(),
      }),
    ]),
  ),
});

const tableCell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string() }),
  richText,
]);
const table = z.strictObject({
  type: z.literal('table'),
  block_id: blockId,
  rows: z
    .array(z.array(tableCell).min(1).max(slackLimits.tableColumns, items(slackLimits.tableColumns)))
    .min(1)
    .max(slackLimits.tableRows, items(slackLimits.tableRows)),
  column_settings: z
    .array(
      z
        .strictObject({ align: z.enum(['left', 'center', 'right']).optional(), is_wrapped: z.boolean().optional() })
        .nullable(),
    )
    .max(slackLimits.tableColumns, items(slackLimits.tableColumns))
    .optional(),
});

const header = z.strictObject({
  type: z.literal('header'),
  block_id: blockId,
  text: plainText(slackLimits.headerText),
});
const divider = z.strictObject({ type: z.literal('divider'), block_id: blockId });
const context = z.strictObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: z
    .array(anyText(slackLimits.sectionText))
    .min(1)
    .max(slackLimits.contextElements, items(slackLimits.contextElements)),
});
const actions = z.strictObject({
  type: z.literal('actions'),
  block_id: blockId,
  elements: z.array(button).min(1).max(slackLimits.actionsElements, items(slackLimits.actionsElements)),
});
const image = z.strictObject({
  type: z.literal('image'),
  block_id: blockId,
  slack_file: z.strictObject({ id: z.string().min(1) }),
  alt_text: z.string().min(1).max(2000),
  title: plainText(2000).optional(),
});
const input = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plainText(2000),
  element: inputElement,
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
});

/** The blocks that this app's messages and views are made of. Slack takes more; here any other is refused as Slack refuses what it does not know. */
export const blockSchema = z.discriminatedUnion('type', [
  section,
  header,
  divider,
  context,
  actions,
  image,
  richText,
  table,
  input,
]);
export type CheckedBlock = z.infer<typeof blockSchema>;
