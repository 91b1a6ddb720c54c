import { actions, code, context, dateText, escapeText, oneLine, section, sections } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';

/** One part, and how it is. */
export type StatusLine = { readonly ok: boolean; readonly what: string; readonly detail: string };

export type StatusView = {
  readonly lines: readonly StatusLine[];
  readonly endpoints: number;
  readonly policyVersion: string;
  readonly postalVersion: string;
  readonly auditChannel: string;
  readonly at: string;
};

/** How the bot itself is: verdict, then a line a part. */
export const statusMessage = ({
  lines,
  endpoints,
  policyVersion,
  postalVersion,
  auditChannel,
  at,
}: StatusView): Message => {
  const wrong = lines.filter(({ ok }) => !ok);
  const head =
    wrong.length === 0
      ? '✅ *The bot itself is well.*'
      : `❌ *${wrong.length} of ${lines.length} parts need a person.*`;
  const body = [...wrong, ...lines.filter(({ ok }) => ok)].map(
    ({ ok, what, detail }) => `${ok ? '✓' : '✗'} *${escapeText(what)}*: ${escapeText(oneLine(detail))}`,
  );
  return {
    text: [head.replaceAll('*', ''), ...body].join('\n'),
    blocks: [
      section(`${head} ${endpoints} ${endpoints === 1 ? 'endpoint' : 'endpoints'} registered.`),
      ...sections(body.join('\n')),
      context(
        `policy ${code(policyVersion)} · Postal ${code(postalVersion)} · audit channel <#${escapeText(auditChannel)}> · ${dateText(at)}`,
      ),
      actions([commandButton('Look again', 'status', { replace: true }), commandButton('List', 'list')]),
    ],
  };
};
