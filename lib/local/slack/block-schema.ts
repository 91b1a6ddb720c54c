import * as z from 'zod';
import { slackLimits } from '../../core/limits/limits.ts';
import { accessory, actionElement, anyText, imageElement, inputElement, plainText } from './element-schema.ts';

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
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
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
  z.strictObject({ type: z.literal('channel'), channel_id: z.string(), style: richTextStyle }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: z.string(), style: richTextStyle }),
  z.strictObject({ type: z.literal('emoji'), name: z.string(), unicode: z.string().optional(), style: richTextStyle }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int(),
    format: z.string(),
    url: z.string().optional(),
    fallback: z.string().optional(),
    style: richTextStyle,
  }),
  z.strictObject({
    type: z.literal('broadcast'),
    range: z.enum(['here', 'channel', 'everyone']),
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
        type: z.literal('rich_text_list'),
        style: z.enum(['bullet', 'ordered']),
        elements: z.array(richTextSection),
        indent: z.int().min(0).max(8).optional(),
        offset: z.int().optional(),
        border: z.int().optional(),
      }),
      z.strictObject({
        type: z.literal('rich_text_preformatted'),
        elements: z.array(richTextInline),
        border: z.int().optional(),
        language: z.string().optional(),
      }),
      z.strictObject({
        type: z.literal('rich_text_quote'),
        elements: z.array(richTextInline),
        border: z.int().optional(),
      }),
    ]),
  ),
});

const tableCell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string() }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().optional() }),
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
  level: z.int().min(1).max(4).optional(),
});
const divider = z.strictObject({ type: z.literal('divider'), block_id: blockId });
const context = z.strictObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: z
    .array(z.union([anyText(slackLimits.sectionText), imageElement]))
    .min(1)
    .max(slackLimits.contextElements, items(slackLimits.contextElements)),
});
const actions = z.strictObject({
  type: z.literal('actions'),
  block_id: blockId,
  elements: z.array(actionElement).min(1).max(slackLimits.actionsElements, items(slackLimits.actionsElements)),
});
const image = z
  .strictObject({
    type: z.literal('image'),
    block_id: blockId,
    image_url: z.url().max(3000).optional(),
    slack_file: z.strictObject({ id: z.string().min(1) }).optional(),
    alt_text: z.string().min(1).max(2000),
    title: plainText(2000).optional(),
  })
  .refine(
    (block) => (block.image_url === undefined) !== (block.slack_file === undefined),
    'must define either `image_url` or `slack_file`',
  );
const markdown = z.strictObject({
  type: z.literal('markdown'),
  block_id: blockId,
  text: z.string().min(1).max(slackLimits.markdownBlockText),
});
const alert = z.strictObject({
  type: z.literal('alert'),
  block_id: blockId,
  text: anyText(slackLimits.sectionText),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});
const input = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plainText(2000),
  element: inputElement,
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

/** Every block that the local Slack takes; Slack itself takes more. */
export const blockSchema = z.discriminatedUnion('type', [
  section,
  header,
  divider,
  context,
  actions,
  image,
  richText,
  table,
  markdown,
  alert,
  input,
]);
export type CheckedBlock = z.infer<typeof blockSchema>;
