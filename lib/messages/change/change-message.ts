import { isIPv6 } from 'node:net';
import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import { asSentence } from '../../core/base/as-sentence.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import { assess } from '../../core/postal/assess.ts';
import type { Assessed } from '../../core/postal/assessment.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { VerdictLevel } from '../../core/postal/verdict.ts';
import type { ProbeResult } from '../../core/probe-report/report.ts';
import {
  actions,
  code,
  context,
  dateText,
  escapeText,
  mention,
  oneLine,
  plainSection,
  preformatted,
  section,
  sections,
} from '../block-kit/blocks.ts';
import { commandButton, linkButton } from '../block-kit/button.ts';
import { levelOf, probeBlocks, verdictSentence } from '../check/probe-blocks.ts';
import type { Message } from '../message.ts';
import { warningBlocks } from '../refused-message.ts';
import { failoverDirection, pastTense } from './change-words.ts';
import { resolverBlocks } from './effect-text.ts';
import { postalForm } from './postal-form.ts';
import { beforeAfter, definitionText, recordLines } from './record-lines.ts';

/** A change, and what is known about it when its message is written. */
export type ChangeView = {
  readonly change: ChangeState;
  /** The probe that followed it, if any. */
  readonly probe: ProbeResult | undefined;
  readonly profile: PostalProfile;
  readonly nowMs: number;
};

const isUnreleased = ({ state }: ChangeState): boolean =>
  state === 'rejected' || state === 'cancelled' || state === 'expired';

/** Whoever asked ended it, too. */
const isWithdrawn = (change: ChangeState): boolean =>
  isUnreleased(change) && change.endedBy?.userId === change.actor.userId;

/** Whose change it is, and who approved it; only an applied change was made "by" them. */
const whoseText = (change: ChangeState): string => {
  const { actor, approvedBy, state } = change;
  if (isWithdrawn(change)) return 'requested';
  const second =
    approvedBy === undefined || approvedBy.userId === actor.userId ? '' : `, approved by ${mention(approvedBy.userId)}`;
  return `${state === 'applied' ? '' : 'requested '}by ${mention(actor.userId)}${second}`;
};

const byLine = (change: ChangeState): string =>
  `${whoseText(change)}${isWithdrawn(change) ? '' : ' ·'} ${dateText(change.requestedAt)}`;

/** Who rejected or cancelled it. */
const endedText = (change: ChangeState): string =>
  change.endedBy === undefined || !isUnreleased(change) ? '' : ` by ${mention(change.endedBy.userId)}`;

/** An override of the policy is said aloud. */
const loudly = ({ plan: { release } }: ChangeState): KnownBlock[] =>
  release.kind === 'break-glass'
    ? sections(
        `🚨 *Break-glass was used* to bypass the rule "${escapeText(release.because)}": ${escapeText(release.reason)}`,
      )
    : [];

/** An applied change is never reverted without a person. */
const notPermitted = ({ notPermitted: why, changeId }: ChangeState): KnownBlock[] =>
  why === undefined
    ? []
    : sections(
        `🚨 *This is no longer permitted, but it was already in Route 53.* ${escapeText(why)}\nIt was not reverted. To revert it: ${code(`/postal-endpoint undo ${changeId}`)}`,
      );

const lateText =
  'This change took effect late, after it had been reported as not made. If it is not wanted, press Undo.';

type Head = { readonly mark: string; readonly text: string };

/** What the probe adds to "it is applied": the worse of the two is what a reader has to know first. */
const afterwards: Readonly<Record<VerdictLevel, Head>> = {
  good: { mark: '✅', text: '' },
  warning: { mark: '⚠️', text: '' },
  bad: { mark: '❌', text: ', but *Postal cannot deliver to it*' },
  unknown: { mark: '❔', text: ', but its mail server could not be checked' },
};

/** `level`: the verdict of the probe that followed; absent where none did. */
const heads = (change: ChangeState, level: VerdictLevel = 'good'): Head => {
  const name = change.plan.hostname;
  const { undoes } = change.plan;
  switch (change.state) {
    case 'applied': {
      const done =
        undoes === undefined
          ? `*${name}* ${pastTense[change.verb]}${failoverDirection(change.plan)}`
          : `*${name}*: change ${code(shortChangeId(undoes))} undone`;
      return {
        mark: change.notPermitted === undefined ? afterwards[level].mark : '🚨',
        text: `${done}${afterwards[level].text}`,
      };
    }
    case 'failed':
      return { mark: '❌', text: `*${name}* could not be ${pastTense[change.verb]}` };
    case 'conflict':
      return { mark: '🛑', text: `*${name}* was not ${pastTense[change.verb]}: conflict, a person has to resolve it` };
    case 'rejected':
    case 'cancelled':
    case 'expired':
      return {
        mark: change.state === 'expired' ? '⌛' : '🚫',
        text: `*${name}* was not ${pastTense[change.verb]}: ${change.state === 'expired' ? 'no answer in time' : change.state}`,
      };
    case 'requested':
    case 'approved':
    case 'applying':
      return { mark: '⏳', text: `*${name}* is being ${pastTense[change.verb]}` };
  }
};

const buttons = (change: ChangeState, profile: PostalProfile): ActionsBlockElement[] => [
  ...(change.state === 'applied' && change.plan.definitionAfter !== undefined
    ? [commandButton('Check again', `check ${change.plan.hostname}`)]
    : []),
  ...(change.state === 'failed' ? [commandButton('Try again', change.text)] : []),
  ...(change.state === 'applied' ? [commandButton('Undo', `undo ${change.changeId}`)] : []),
  commandButton('History', `history ${change.plan.hostname}`),
  ...(change.state === 'applied' && profile.webUrl !== undefined ? [linkButton('Open Postal', profile.webUrl)] : []),
];

const trace = (change: ChangeState): string =>
  `change ${code(shortChangeId(change.changeId))} · ledger ${code(`${change.lastHash.slice(0, 12)}…`)}`;

/** What the rules warned of, less what the probe has measured: the addresses that Postal tried first, and the mode once Postal gets in. */
const warningsBeside = ({ warnings }: ChangeState, seen: Assessed | undefined): readonly string[] => {
  if (!seen?.ok) return warnings;
  const { prediction, report } = seen.assessment;
  const measured = [
    ...(prediction.entry === undefined ? [] : ['ssl-mode: ']),
    ...(report.addresses.some(({ ip }) => isIPv6(ip)) ? ['target: Postal tries IPv6 first'] : []),
  ];
  return warnings.filter((warning) => !measured.some((beginning) => warning.startsWith(beginning)));
};

const seenAfter = ({ change, probe, profile, nowMs }: ChangeView): Assessed | undefined => {
  const { after, definitionAfter } = change.plan;
  const registered = definitionAfter === undefined ? {} : { registered: definitionAfter };
  return probe === undefined ? undefined : assess(probe, { profile, nowMs, inRoute53: after, ...registered });
};

/** A finished change, as the channel shows it: verdict, records, probe, what to type in Postal, and where to look it up. */
export const changeMessage = (view: ChangeView, routeInSync: boolean): Message => {
  const { change, probe, profile } = view;
  const definition = change.plan.definitionAfter;
  const seen = seenAfter(view);
  const head = heads(change, seen && levelOf(seen));
  const blocks: KnownBlock[] = [
    section(`${head.mark} ${head.text}${endedText(change)}\n${byLine(change)}`),
    ...loudly(change),
    ...notPermitted(change),
  ];
  if (change.state === 'applied') {
    if (change.landedLate === true) blocks.push(section(lateText));
    blocks.push(preformatted(recordLines(change.plan)));
    if (!routeInSync)
      blocks.push(
        section('⚠️ Route 53 accepted the change, but not all of its servers had it yet when I stopped waiting.'),
      );
    blocks.push(...resolverBlocks(change.plan, probe, routeInSync));
    if (seen !== undefined) blocks.push(...probeBlocks(seen));
    blocks.push(...warningBlocks(warningsBeside(change, seen)));
    // A failover leaves nothing to type into Postal.
    if (definition !== undefined && change.verb !== 'failover')
      blocks.push(...postalForm(definition, change.plan.definitionBefore === undefined));
    if (definition?.note !== undefined) blocks.push(plainSection(`Note: ${definition.note}`));
  } else {
    const reason = escapeText(change.reason ?? '');
    const what = [reason === '' ? '' : asSentence(reason), isUnreleased(change) ? 'Nothing was changed.' : '']
      .filter((part) => part !== '')
      .join(' ');
    blocks.push(...sections(what === '' ? 'No reason was recorded.' : what));
    if (change.state === 'conflict') {
      const found = (change.found ?? []).map(
        ({ name, type, ttlSeconds, values }) => `${name} ${type} ${values.join(' ')} TTL ${ttlSeconds}`,
      );
      blocks.push(section('Route 53 now has:'), preformatted(found.length === 0 ? 'no record' : found.join('\n')));
    }
  }
  blocks.push(
    context(`${trace(change)} · policy ${code(change.plan.policyVersion)}`),
    actions(buttons(change, profile)),
  );
  const verdict = seen?.ok === true ? ` ${verdictSentence(seen)}` : '';
  return {
    text: `${head.mark} ${head.text.replaceAll('*', '')}${endedText(change)} · ${byLine(change)}.${escapeText(verdict)} ${trace(change)}`,
    blocks,
  };
};

/** The requester's own view while a change runs: what is behind and what is still to come. */
export const progressMessage = (change: ChangeState, behind: readonly string[], now: string): Message => {
  const head = heads({ ...change, state: 'applying' });
  return {
    text: `⏳ ${head.text.replaceAll('*', '')}: ${now}`,
    blocks: [
      section(`⏳ ${head.text}\n${[...behind.map((step) => `✓ ${step}`), `⏳ ${now}`].join('\n')}`),
      context(`change ${code(shortChangeId(change.changeId))}`),
    ],
  };
};

/** What a line says after its head: who decided and why, and whose change it is. */
const afterHead = (change: ChangeState): string => {
  if (change.state === 'applied') return ` ${whoseText(change)}`;
  const { reason } = change;
  const why = isUnreleased(change) && reason !== undefined && reason !== '' ? `: ${escapeText(oneLine(reason))}` : '';
  return `${endedText(change)}${why}${isWithdrawn(change) ? '' : ` · ${whoseText(change)}`}`;
};

/** One line for whoever sees the whole message elsewhere. */
export const changeLine = (change: ChangeState, permalink: string | null): Message => {
  const head = heads(change);
  const text = `${head.mark} ${head.text}${afterHead(change)}${permalink === null ? '' : ` · <${permalink}|see the message>`}`;
  return { text, blocks: [section(text)] };
};

/** Many finished changes in one message, when they come in bursts. */
export const burstMessage = (changes: readonly ChangeView[]): Message => {
  const lines = changes.map((view) => {
    const { change } = view;
    const seen = seenAfter(view);
    const head = heads(change, seen && levelOf(seen));
    const { definitionBefore, definitionAfter } = change.plan;
    const what =
      definitionAfter === undefined
        ? ''
        : `: ${escapeText(definitionBefore === undefined ? definitionText(definitionAfter) : beforeAfter(change.plan))}`;
    const forbidden = change.notPermitted === undefined ? '' : ' *no longer permitted* ·';
    return `${head.mark} ${head.text}${what} ·${forbidden} ${byLine(change)} · ${trace(change)}`;
  });
  return {
    text: `${changes.length} changes finished.\n${lines.join('\n')}`,
    blocks: [section(`*${changes.length} changes finished*`), ...sections(lines.join('\n'))],
  };
};
