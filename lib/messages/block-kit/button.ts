import type { Button, ConfirmationDialog } from '@slack/types';
import * as z from 'zod/mini';
import type { FormName } from '../../core/grammar/row.ts';
import { slackLimits } from '../../core/limits/limits.ts';

const valueSchema = z.union([
  z.strictObject({ text: z.string().check(z.minLength(1)) }),
  z.strictObject({ tooLong: z.literal(true) }),
]);

/** What a pressed button asks for. */
export type Pressed =
  | { readonly kind: 'run'; readonly text: string; readonly replaceOriginal: boolean }
  | { readonly kind: 'open-form'; readonly form: FormName }
  /** Slack has already opened the address. */
  | { readonly kind: 'link' }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'unknown' };

const slug = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Ids have to differ within one actions block; labels there do. */
const id = (action: string, label: string): string => `${action}:${slug(label)}`.slice(0, slackLimits.actionId);

const button = (actionId: string, label: string): Button => ({
  type: 'button',
  action_id: actionId,
  text: { type: 'plain_text', text: label, emoji: true },
});

/** What Slack asks before it sends a dangerous press. */
export type Confirmation = { readonly title: string; readonly text: string };

const plainText = (text: string) => ({ type: 'plain_text', text }) as const;

const dialog = (label: string, { title, text }: Confirmation): ConfirmationDialog => ({
  title: plainText(title),
  text: plainText(text),
  confirm: plainText(label),
  deny: plainText('Leave it'),
  style: 'danger',
});

/**
 * A button that is a command line: pressed, it goes through the grammar as if the person had typed it. With `replace` the answer takes the place of
 * the message that holds the button. A line longer than a button's value is not carried; pressing the button then says so.
 */
export const commandButton = (
  label: string,
  commandLine: string,
  options: { readonly replace?: boolean; readonly style?: 'primary' | 'danger'; readonly confirm?: Confirmation } = {},
): Button => {
  const value = JSON.stringify({ text: commandLine });
  return {
    ...button(id(options.replace ? 'run-replacing' : 'run', label), label),
    value: value.length <= slackLimits.buttonValue ? value : JSON.stringify({ tooLong: true }),
    ...(options.style ? { style: options.style } : {}),
    ...(options.confirm ? { confirm: dialog(label, options.confirm) } : {}),
  };
};

/** A button that opens an address. */
export const linkButton = (label: string, url: string): Button => ({ ...button(id('link', label), label), url });

/** A button that opens a form. */
export const formButton = (label: string, form: FormName): Button => button(`open-form:${form}`, label);

const readValue = (value: string | undefined): z.infer<typeof valueSchema> | undefined => {
  try {
    return valueSchema.safeParse(JSON.parse(value ?? '')).data;
  } catch {
    return undefined;
  }
};

/** Reads what a block action carries. Total: what it does not know is `unknown`. */
export const readButton = (actionId: string, value: string | undefined): Pressed => {
  if (actionId === 'open-form:add' || actionId === 'open-form:import')
    return { kind: 'open-form', form: actionId === 'open-form:add' ? 'add' : 'import' };
  if (/^link(?:$|[:-])/.test(actionId)) return { kind: 'link' };
  const action = /^(run|run-replacing)(?:$|:)/.exec(actionId)?.[1];
  const read = action === undefined ? undefined : readValue(value);
  if (read === undefined) return { kind: 'unknown' };
  return 'text' in read
    ? { kind: 'run', text: read.text, replaceOriginal: action === 'run-replacing' }
    : { kind: 'too-long' };
};
