import type { KnownBlock } from '@slack/types';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import type { BulkCounts, BulkOutcome } from '../../core/ledger/bulk-entry.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import {
  actions,
  code,
  context,
  dateText,
  escapeText,
  mention,
  oneLine,
  section,
  sections,
  shortened,
  table,
} from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import { pageButtons, pagesLine } from '../block-kit/page-buttons.ts';
import { pageOf } from '../block-kit/paginate.ts';
import { progressBar } from '../block-kit/progress-bar.ts';
import { infinitive, pastTense } from '../change/change-words.ts';
import type { Message } from '../message.ts';
import { leadsText, namesText, verbCounts } from './bulk-words.ts';

const longestReason = 200;
const longestRecords = 120;
/** Names that the audit message lists of what was not applied. */
const namedInAudit = 20;

/** How many of a bulk's changes have ended in which way so far. */
export const countsOf = ({ outcomes }: Pick<BulkState, 'outcomes'>): BulkCounts => {
  const counts = { applied: 0, failed: 0, conflict: 0 };
  for (const { state } of outcomes.values()) counts[state] += 1;
  return counts;
};

/** `2 conflicts · 1 failed`; empty where all were applied. */
const troubleText = ({ conflict, failed }: BulkCounts): string =>
  [
    ...(conflict === 0 ? [] : [`${conflict} ${conflict === 1 ? 'conflict' : 'conflicts'}`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
  ].join(' · ');

const byLine = ({ actor, approvals, requestedAt }: BulkState): string => {
  const others = approvals.map(({ by }) => mention(by.userId)).join(' and ');
  return `by ${mention(actor.userId)}${others === '' ? '' : `, approved by ${others}`} · ${dateText(requestedAt)}`;
};

const bulkText = ({ bulkId }: BulkState): string => `bulk ${code(shortChangeId(bulkId))}`;

/** For whoever holds the file with the list against it. */
const trace = (bulk: BulkState): string => `${bulkText(bulk)} · SHA-256 of the list ${code(bulk.digest)}`;

/** How far a bulk has come. */
export const bulkProgressMessage = (bulk: BulkState): Message => {
  const counts = countsOf(bulk);
  const ended = counts.applied + counts.failed + counts.conflict;
  const trouble = troubleText(counts);
  const line = `${progressBar(ended, bulk.parts.length)}${trouble === '' ? '' : ` · ${trouble}`}`;
  const head = `⏳ ${escapeText(oneLine(bulk.title))}: ${verbCounts(bulk)}`;
  return {
    text: `${head}. ${ended} of ${bulk.parts.length}${trouble === '' ? '' : ` · ${trouble}`}`,
    blocks: [section(`*${head}*\n${code(line)}`), context(`${byLine(bulk)} · ${bulkText(bulk)}`)],
  };
};

const signs: Readonly<Record<BulkOutcome['state'], string>> = {
  conflict: '🛑',
  failed: '❌',
  applied: '✅',
};
const worst: readonly BulkOutcome['state'][] = ['conflict', 'failed', 'applied'];

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** What happened to a bulk, in one line: a sign, and words. */
const headOf = (bulk: BulkState): { readonly mark: string; readonly text: string } => {
  const title = oneLine(bulk.title);
  const because = bulk.reason === undefined || bulk.reason === '' ? '' : `: ${oneLine(bulk.reason)}`;
  switch (bulk.state) {
    case 'closed':
    case 'released': {
      const { applied, conflict, failed } = countsOf(bulk);
      const of = bulk.parts.length;
      if (bulk.state === 'released' && bulk.outcomes.size < of)
        return { mark: '⏳', text: `${title}: being applied, ${applied} of ${namesText(of)} changed so far` };
      const mark = conflict > 0 ? '🛑' : failed > 0 ? '❌' : '✅';
      return { mark, text: `${title}: ${applied === of ? namesText(of) : `${applied} of ${namesText(of)}`} changed` };
    }
    case 'rejected':
      return { mark: '🚫', text: `${title}: rejected${because}. Nothing was changed.` };
    case 'cancelled':
      return { mark: '🚫', text: `${title}: withdrawn. Nothing was changed.` };
    case 'expired':
      return { mark: '⌛', text: `${title}: expired, no answer in time. Nothing was changed.` };
    case 'requested':
    case 'confirmed':
      return { mark: '⏳', text: `${title}: waits for a decision` };
  }
};

type Row = { readonly outcome: BulkOutcome; readonly change: string; readonly records: string };

const rowsOf = ({ parts, outcomes }: BulkState): readonly Row[] =>
  parts
    .flatMap(({ changeId, plan }): readonly Row[] => {
      const outcome = outcomes.get(changeId);
      if (outcome === undefined) return [];
      const verb = outcome.state === 'applied' ? pastTense[plan.verb] : infinitive[plan.verb];
      return [{ outcome, change: verb, records: shortened(leadsText(plan), longestRecords) }];
    })
    .toSorted((one, other) => worst.indexOf(one.outcome.state) - worst.indexOf(other.outcome.state));

/** Two columns, so that a phone shows both. */
const cells = ({ outcome, change, records }: Row): string[] => {
  const { state, hostname, reason } = outcome;
  const why = reason === undefined ? [] : [shortened(reason, longestReason)];
  return [
    `${signs[state]} ${hostname}`,
    (state === 'applied'
      ? [`${change} ${records}`, ...why]
      : [`${state === 'conflict' ? 'Conflict' : 'Failed'}:`, ...why]
    ).join(' '),
  ];
};

/** What happened to a bulk, worst first, for the channel in which it was asked for; with the buttons to go on. */
export const bulkOutcomeMessage = (bulk: BulkState, page: number): Message => {
  const { mark, text } = headOf(bulk);
  const counts = countsOf(bulk);
  const rows = rowsOf(bulk);
  const place = pageOf(rows, page, (row) => cells(row).join('').length);
  const trouble = troubleText(counts);
  const head = `${mark} *${escapeText(text)}*${trouble === '' ? '' : ` · ${trouble}`}`;
  const buttons = [
    ...pageButtons(`bulk ${bulk.bulkId}`, place),
    ...(counts.conflict + counts.failed > 0 ? [commandButton('Retry what failed', `bulk ${bulk.bulkId} --retry`)] : []),
    ...(counts.applied > 0 ? [commandButton('Undo all', `undo ${bulk.bulkId}`)] : []),
  ];
  const blocks: KnownBlock[] = [
    section(`${head}\n${byLine(bulk)}`),
    ...(rows.length === 0
      ? []
      : [table(['hostname', 'outcome'], place.items.map(cells), [1]), context(pagesLine(place))]),
    ...(buttons.length === 0 ? [] : [actions(buttons)]),
    context(bulkText(bulk)),
  ];
  const lines = place.items.slice(0, 10).map((row) => escapeText(cells(row).join(' · ')));
  return { text: [head.replaceAll('*', ''), ...lines].join('\n'), blocks };
};

/** A bulk that is released: where to see what happens to it. `channelId`: absent where its requester alone is told. */
export const bulkStartedMessage = (bulk: BulkState, channelId: string | undefined): Message => {
  const where =
    channelId === undefined ? 'The requester gets the result.' : `See how far it is in <#${escapeText(channelId)}>.`;
  const line = `⏳ *${escapeText(oneLine(bulk.title))}* (${verbCounts(bulk)}) is being applied. ${where}`;
  return { text: line.replaceAll('*', ''), blocks: [section(line), context(bulkText(bulk))] };
};

/** What happened to a bulk, for the audit channel: the names that were not changed, and the digest of the list. */
export const bulkAuditMessage = (bulk: BulkState): Message => {
  const { mark, text } = headOf(bulk);
  const troubled = rowsOf(bulk).filter(({ outcome }) => outcome.state !== 'applied');
  const lines = troubled
    .slice(0, namedInAudit)
    .map(
      ({ outcome }) =>
        `${signs[outcome.state]} ${code(outcome.hostname)}: ${escapeText(shortened(outcome.reason ?? '', longestReason))}`,
    );
  const left = troubled.length - lines.length;
  const more =
    left === 0
      ? []
      : [`… and ${left} more that were not changed. Show them all: ${code(`/postal-endpoint bulk ${bulk.bulkId}`)}`];
  const trouble = troubleText(countsOf(bulk));
  const head = `${mark} *${escapeText(text)}* · ${verbCounts(bulk)}${trouble === '' ? '' : ` · ${trouble}`}`;
  return {
    text: [`${head.replaceAll('*', '')}, ${byLine(bulk)}`, ...lines, ...more, trace(bulk)].join('\n'),
    blocks: [section(`${head}\n${byLine(bulk)}`), ...sections([...lines, ...more].join('\n')), context(trace(bulk))],
  };
};

/** One line for whoever sees the whole elsewhere. */
export const bulkLine = (bulk: BulkState, permalink: string | null): Message => {
  const { mark, text } = headOf(bulk);
  const line = `${mark} *${escapeText(text)}* ${byLine(bulk)}${permalink === null ? '' : ` · <${permalink}|see the message>`}`;
  return { text: line.replaceAll('*', ''), blocks: [section(line)] };
};

/** Replaces a request for approval once it is decided. */
export const closedBulkMessage = (bulk: BulkState): Message => {
  const { mark, text } = headOf(bulk);
  const decided =
    bulk.endedBy === undefined
      ? ''
      : ` ${sentence(bulk.state === 'rejected' ? 'rejected' : 'withdrawn')} by ${mention(bulk.endedBy.userId)}.`;
  const approved =
    bulk.approvals.length === 0
      ? ''
      : ` Approved by ${bulk.approvals.map(({ by }) => mention(by.userId)).join(' and ')}.`;
  const line = `${mark} ${escapeText(text)}.${approved}${decided}`.replaceAll('..', '.');
  return {
    text: line,
    blocks: [...sections(`${line}\n${mention(bulk.actor.userId)} asked for it.`), context(trace(bulk))],
  };
};

/** A channel in which nobody could be asked for approval, and why in a word of Slack's or ours. */
export type UnaskedChannel = { readonly channelId: string; readonly why: string };

/** For whoever confirmed a bulk that needs a second person, or whose word was not enough. `missing`: the rules that still want somebody. */
export const bulkAskedMessage = (
  bulk: BulkState,
  missing: BulkState['needs'],
  unasked: readonly UnaskedChannel[],
): Message => {
  const channels = new Set(missing.map(({ channelId }) => channelId));
  for (const { channelId } of unasked) channels.delete(channelId);
  const where = [...channels].map((channelId) => `<#${escapeText(channelId)}>`).join(', ');
  const rules = missing.map(({ because }) => `"${escapeText(because)}"`).join(', ');
  const until = dateText(bulk.expiresAt, '{date_short_pretty} at {time}');
  const head = `⏳ ${escapeText(oneLine(bulk.title))} waits for a second person until *${until}*: ${rules}.${where === '' ? '' : ` Asked in ${where}.`}`;
  const why = unasked.map(
    ({ channelId, why: reason }) =>
      `⚠️ I could not ask in <#${escapeText(channelId)}> (${escapeText(reason)}). An approver can find it with ${code('/postal-endpoint pending')}.`,
  );
  return {
    text: [head.replaceAll('*', ''), ...why].join('\n'),
    blocks: [
      ...sections([head, ...why].join('\n')),
      actions([commandButton('Cancel', `cancel ${bulk.bulkId}`, { replace: true })]),
      context(trace(bulk)),
    ],
  };
};
