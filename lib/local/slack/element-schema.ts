import * as z from 'zod';
import { slackLimits } from '../../core/limits/limits.ts';

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
const confirm = z
  .strictObject({
    title: plainText(100),
    text: anyText(300),
    confirm: plainText(30),
    deny: plainText(30),
    style: z.enum(['primary', 'danger']).optional(),
  })
  .optional();
const option = z.strictObject({
  text: anyText(slackLimits.optionText),
  value: text(150),
  description: anyText(slackLimits.optionText).optional(),
  url: z.url().max(3000).optional(),
});
const options = (maximum: number) =>
  z.array(option).min(1, 'no fewer than 1 item allowed').max(maximum, `no more than ${maximum} items allowed`);
const optionGroups = z.array(z.strictObject({ label: plainText(75), options: options(100) })).max(100);
const focus = z.boolean().optional();

const button = z.strictObject({
  type: z.literal('button'),
  action_id: actionId,
  text: plainText(slackLimits.buttonText),
  value: z.string().max(slackLimits.buttonValue).optional(),
  url: z.url().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm,
  accessibility_label: z.string().max(75).optional(),
});
const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  action_id: actionId,
  placeholder,
  options: options(100).optional(),
  option_groups: optionGroups.optional(),
  initial_option: option.optional(),
  confirm,
  focus_on_load: focus,
});
const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  action_id: actionId,
  placeholder,
  initial_user: z.string().optional(),
  confirm,
  focus_on_load: focus,
});
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  action_id: actionId,
  options: options(10),
  initial_options: z.array(option).min(1).optional(),
  confirm,
  focus_on_load: focus,
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  action_id: actionId,
  options: options(10),
  initial_option: option.optional(),
  confirm,
  focus_on_load: focus,
});
const overflow = z.strictObject({ type: z.literal('overflow'), action_id: actionId, options: options(5), confirm });
const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: actionId,
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  placeholder,
  dispatch_action_config: z
    .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])) })
    .optional(),
  focus_on_load: focus,
});
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  action_id: actionId,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
  placeholder,
  focus_on_load: focus,
});

/** An image inside another block. */
export const imageElement = z.strictObject({
  type: z.literal('image'),
  image_url: z.url().max(3000),
  alt_text: text(2000),
});

/** What an actions block may hold, of what the local Slack can show. */
export const actionElement = z.discriminatedUnion('type', [
  button,
  staticSelect,
  usersSelect,
  checkboxes,
  radioButtons,
  overflow,
]);

/** What may stand beside a section's text. */
export const accessory = z.discriminatedUnion('type', [
  button,
  staticSelect,
  usersSelect,
  checkboxes,
  radioButtons,
  overflow,
  imageElement,
]);

/** What an input block may hold. */
export const inputElement = z.discriminatedUnion('type', [
  plainTextInput,
  numberInput,
  staticSelect,
  usersSelect,
  checkboxes,
  radioButtons,
]);
