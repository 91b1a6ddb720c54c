import type { KnownBlock } from '@slack/types';
import type { Plan } from '../../core/dns/plan.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import { actions, code, context, dateText, escapeText, mention, preformatted, section } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';
import { warningBlocks } from '../refused-message.ts';
import { failoverDirection, infinitive } from './change-words.ts';
import { effectiveBlocks } from './effect-text.ts';
import { fieldBlocks } from './field-lines.ts';
import { definitionText, recordLines } from './record-lines.ts';

/** Whom it would wait for. */
const releaseText = ({ release }: Plan): string | undefined => {
  switch (release.kind) {
    case 'at-once':
      return undefined;
    case 'confirmation':
      return 'It would wait until you confirm it.';
    case 'approval':
      return `🔒 The rule "${escapeText(release.because)}" needs a second person${release.onAccountOf === undefined ? '' : `, because ${escapeText(release.onAccountOf)} points here`}. The approvers would be asked in <#${escapeText(release.channelId)}>.`;
    case 'break-glass':
      return `🚨 It would be applied at once, despite the rule "${escapeText(release.because)}", and the audit channel would say so.`;
  }
};

/** What a change would do, for `--dry-run`: nothing was written anywhere. */
export const planMessage = (
  plan: Plan,
  warnings: readonly string[],
  commandLine: string,
  beside: readonly KnownBlock[] = [],
): Message => {
  const head = `This would ${infinitive[plan.verb]} ${plan.hostname}${failoverDirection(plan)}. Nothing was changed.`;
  const lines = recordLines(plan);
  const release = releaseText(plan);
  return {
    text: [head, lines, ...(release === undefined ? [] : [release])].join('\n'),
    blocks: [
      section(`📝 *${head}*`),
      preformatted(lines),
      ...fieldBlocks(plan),
      ...effectiveBlocks(plan),
      ...beside,
      ...warningBlocks(warnings),
      ...(release === undefined ? [] : [section(release)]),
      context(
        `zone ${code(plan.zoneId)} · generation ${plan.generation} · plan ${code(plan.digest.slice(0, 12))} · policy ${code(plan.policyVersion)}`,
      ),
      actions([commandButton('Do it', commandLine.replace(/ --dry-run$/, ''), { style: 'primary', replace: true })]),
    ],
  };
};

/** The same definition asked for again. */
export const alreadyMessage = (change: ChangeState, standsSo: boolean): Message => {
  const { hostname, definitionAfter } = change.plan;
  const what = definitionAfter === undefined ? '' : `: ${escapeText(definitionText(definitionAfter))}`;
  const head = standsSo
    ? `✅ *${hostname}* is already registered like this${what}. Nothing was changed.`
    : `⚠️ *${hostname}* is already registered like this${what}. But Route 53 now has a different record. Nothing was changed.`;
  const by = `by ${mention(change.actor.userId)} · ${dateText(change.requestedAt)} · change ${code(shortChangeId(change.changeId))}`;
  return {
    text: `${head.replaceAll('*', '')} ${by}`,
    blocks: [
      section(head),
      context(by),
      actions([
        commandButton('Check', `check ${hostname}`),
        commandButton('Show', `show ${hostname}`),
        commandButton('History', `history ${hostname}`),
      ]),
    ],
  };
};
