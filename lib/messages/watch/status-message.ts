import type { Mute } from '../../core/watch/mute.ts';
import { actions, code, context, dateText, escapeText, oneLine, section, sections } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';
import { muteLines } from './mute-message.ts';

/** One part of the bot and its state. */
export type StatusLine = { readonly ok: boolean; readonly what: string; readonly detail: string };

export type StatusView = {
  readonly lines: readonly StatusLine[];
  readonly endpoints: number;
  /** Mutes that hold or are planned, and open maintenance windows. */
  readonly mutes: readonly Mute[];
  readonly nowMs: number;
  readonly policyVersion: string;
  readonly postalVersion: string;
  readonly auditChannel: string;
  readonly at: string;
};

/** The state of the bot: verdict, then one line for each part. */
export const statusMessage = ({
  lines,
  endpoints,
  mutes,
  nowMs,
  policyVersion,
  postalVersion,
  auditChannel,
  at,
}: StatusView): Message => {
  const wrong = lines.filter(({ ok }) => !ok);
  const head =
    wrong.length === 0 ? '✅ *The bot works.*' : `❌ *${wrong.length} of ${lines.length} parts need attention.*`;
  const body = [...wrong, ...lines.filter(({ ok }) => ok)].map(
    ({ ok, what, detail }) => `${ok ? '✓' : '✗'} *${escapeText(what)}*: ${escapeText(oneLine(detail))}`,
  );
  return {
    text: [head.replaceAll('*', ''), ...body].join('\n'),
    blocks: [
      section(`${head} ${endpoints} ${endpoints === 1 ? 'endpoint' : 'endpoints'} registered.`),
      ...sections(body.join('\n')),
      ...sections(muteLines(mutes, nowMs).join('\n')),
      context(
        `policy ${code(policyVersion)} · Postal ${code(postalVersion)} · audit channel <#${escapeText(auditChannel)}> · ${dateText(at)}`,
      ),
      actions([commandButton('Refresh', 'status', { replace: true }), commandButton('List', 'list')]),
    ],
  };
};
