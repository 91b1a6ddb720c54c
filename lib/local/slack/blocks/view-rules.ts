import * as z from 'zod';
import { slackLimits } from '../../../core/limits/limits.ts';
import { jsonOctets } from '../../../core/limits/octets.ts';
import type { View } from '../store/workspace.ts';
import { checkBlocks, issueMessages, withIds } from './block-rules.ts';
import { plainText } from './element-schema.ts';

const shared = {
  blocks: z.array(z.unknown()),
  callback_id: z.string().max(255).default(''),
  private_metadata: z
    .string()
    .max(slackLimits.privateMetadata, `must be less than ${slackLimits.privateMetadata + 1} characters`)
    .default(''),
};
const viewSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('modal'),
    ...shared,
    title: plainText(slackLimits.viewTitle),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    clear_on_close: z.boolean().default(false),
    notify_on_close: z.boolean().default(false),
  }),
  z.strictObject({ type: z.literal('home'), ...shared }),
]);

/** A view before it has an id. */
export type ViewContent = Omit<View, 'id'>;
export type CheckedView =
  | { readonly ok: true; readonly content: ViewContent }
  | { readonly ok: false; readonly messages: readonly string[] };

/** Holds a view to Slack's limits for its type. */
export const checkView = (value: unknown, type: View['type'], nextId: (prefix: string) => string): CheckedView => {
  const parsed = viewSchema.safeParse(value);
  if (!parsed.success) return { ok: false, messages: issueMessages(parsed.error, '/view') };
  const view = parsed.data;
  if (view.type !== type) return { ok: false, messages: [`[ERROR] must be of type ${type} [json-pointer:/view/type]`] };
  if (jsonOctets(value) > slackLimits.viewOctets)
    return {
      ok: false,
      messages: [`[ERROR] must be less than ${slackLimits.viewOctets + 1} bytes [json-pointer:/view]`],
    };
  const checked = checkBlocks(view.blocks, 'view');
  if (!checked.ok)
    return {
      ok: false,
      messages: checked.problem.messages.map((message) =>
        message.replace('[json-pointer:/blocks', '[json-pointer:/view/blocks'),
      ),
    };
  const hasInput = checked.blocks.some((block) => block.type === 'input');
  if (view.type === 'modal' && hasInput && view.submit === undefined) {
    return {
      ok: false,
      messages: [
        '[ERROR] missing required field: submit, which a view with input blocks needs [json-pointer:/view/submit]',
      ],
    };
  }
  return {
    ok: true,
    content: {
      type: view.type,
      hash: nextId('h'),
      blocks: withIds(checked.blocks, nextId),
      callback_id: view.callback_id,
      private_metadata: view.private_metadata,
      ...(view.type === 'modal' ? { title: text(view.title) } : {}),
      ...(view.type === 'modal' && view.submit !== undefined ? { submit: text(view.submit) } : {}),
      ...(view.type === 'modal' && view.close !== undefined ? { close: text(view.close) } : {}),
      clear_on_close: view.type === 'modal' && view.clear_on_close,
      notify_on_close: view.type === 'modal' && view.notify_on_close,
    },
  };
};

const text = (given: { readonly type: 'plain_text'; readonly text: string; readonly emoji?: boolean | undefined }) => ({
  type: given.type,
  text: given.text,
  emoji: given.emoji ?? true,
});
