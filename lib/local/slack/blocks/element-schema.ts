import * as z from 'zod';
import { slackLimits } from '../../../core/limits/limits.ts';

const text = (maximum: number) =>
  z
    .string()
    .min(1, 'must be more than 0 characters')
    .max(maximum, `must be less than ${maximum + 1} characters`);

/** A plain_text object of at most `maximum` characters. */
export const plainText = (maximum: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: text(maximum), emoji: z.boolean().optional() });

/** A plain_text or mrkdwn object of at most `maximum` characters. */
export const anyText = (maximum: number) =>
  z.discriminatedUnion('type', [
    plainText(maximum),
    z.strictObject({ type: z.literal('mrkdwn'), text: text(maximum), verbatim: z.boolean().optional() }),
  ]);

const actionId = text(slackLimits.actionId).optional();
const placeholder = plainText(slackLimits.placeholder).optional();
const option = z.strictObject({ text: plainText(slackLimits.optionText), value: text(150) });
const focus = z.boolean().optional();

/** A button, the only element that an actions block or a section's accessory may be here. */
export const button = z.strictObject({
  type: z.literal('button'),
  action_id: actionId,
  text: plainText(slackLimits.buttonText),
  value: z.string().max(slackLimits.buttonValue).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: z
    .strictObject({
      title: plainText(100),
      text: anyText(300),
      confirm: plainText(30),
      deny: plainText(30),
      style: z.enum(['primary', 'danger']).optional(),
    })
    .optional(),
  accessibility_label: z.string().max(75).optional(),
});

/** What an input block may hold. */
export const inputElement = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('plain_text_input'),
    action_id: actionId,
    initial_value: z.string().max(3000).optional(),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
    placeholder,
    focus_on_load: focus,
  }),
  z.strictObject({
    type: z.literal('static_select'),
    action_id: actionId,
    placeholder,
    options: z.array(option).min(1, 'no fewer than 1 item allowed').max(100, 'no more than 100 items allowed'),
    initial_option: option.optional(),
    focus_on_load: focus,
  }),
  z.strictObject({
    type: z.literal('file_input'),
    action_id: actionId,
    filetypes: z.array(text(30)).min(1).optional(),
    max_files: z.int().min(1).max(10).optional(),
  }),
  z.strictObject({
    type: z.literal('users_select'),
    action_id: actionId,
    placeholder,
    initial_user: z.string().optional(),
    focus_on_load: focus,
  }),
]);
