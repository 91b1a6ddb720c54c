import type { KnownBlock } from '@slack/types';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import type { Plan } from '../../core/dns/plan.ts';
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
import { pastTense } from '../change/change-words.ts';
import type { Message } from '../message.ts';
import {
  leadsText,
  type NameRow,
  nameCells,
  namesText,
  nameText,
  noteBlocks,
  noteLine,
  verbCounts,
} from './bulk-words.ts';

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

/** Whoever asked cancelled it. */
const isWithdrawn = ({ state, endedBy, actor }: BulkState): boolean =>
  state === 'cancelled' && endedBy?.userId === actor.userId;

const byLine = (bulk: BulkState): string => {
  const { actor, approvals, requestedAt, endedBy } = bulk;
  const others = approvals.map(({ by }) => mention(by.userId)).join(' and ');
  const approved = others === '' ? '' : `, approved by ${others}`;
  const asked = isWithdrawn(bulk)
    ? 'requested'
    : `${endedBy === undefined ? '' : 'requested '}by ${mention(actor.userId)}${approved}`;
  return `${asked}${isWithdrawn(bulk) ? '' : ' ·'} ${dateText(requestedAt)}`;
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

/** What happened to a bulk, in one line: a sign, and words, escaped. */
const headOf = (bulk: BulkState): { readonly mark: string; readonly text: string } => {
  const title = escapeText(oneLine(bulk.title));
  const by = bulk.endedBy === undefined ? '' : ` by ${mention(bulk.endedBy.userId)}`;
  const because = bulk.reason === undefined || bulk.reason === '' ? '' : `: ${escapeText(oneLine(bulk.reason))}`;
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
      return { mark: '🚫', text: `${title}: rejected${by}${because}. Nothing was changed.` };
    case 'cancelled':
      return { mark: '🚫', text: `${title}: cancelled${by}. Nothing was changed.` };
    case 'expired':
      return { mark: '⌛', text: `${title}: expired, no answer in time. Nothing was changed.` };
    case 'requested':
    case 'confirmed':
      return { mark: '⏳', text: `${title}: waits for a decision` };
  }
};

const whatHappened = ({ state }: BulkOutcome, plan: Plan): string =>
  state === 'applied' ? `${pastTense[plan.verb]} ${shortened(leadsText(plan), longestRecords)}` : state;

/** The names whose change has ended, worst first. */
const rowsOf = ({ parts, outcomes }: BulkState): readonly NameRow[] =>
  parts
    .flatMap(({ changeId, plan }) => {
      const outcome = outcomes.get(changeId);
      return outcome === undefined ? [] : [{ outcome, plan }];
    })
    .toSorted((one, other) => worst.indexOf(one.outcome.state) - worst.indexOf(other.outcome.state))
    .map(({ outcome, plan }) => ({
      sign: signs[outcome.state],
      name: outcome.hostname,
      what: whatHappened(outcome, plan),
      note: shortened(outcome.reason ?? '', longestReason),
    }));

/** What happened to a bulk, worst first, for the channel in which it was asked for; with the buttons to go on. */
export const bulkOutcomeMessage = (bulk: BulkState, page: number): Message => {
  const { mark, text } = headOf(bulk);
  const counts = countsOf(bulk);
  const rows = rowsOf(bulk);
  const place = pageOf(rows, page, (row) => nameText(row).length);
  const trouble = troubleText(counts);
  const head = `${mark} *${text}*${trouble === '' ? '' : ` · ${trouble}`}`;
  const buttons = [
    ...pageButtons(`bulk ${bulk.bulkId}`, place),
    ...(counts.conflict + counts.failed > 0 ? [commandButton('Retry what failed', `bulk ${bulk.bulkId} --retry`)] : []),
    ...(counts.applied > 0 ? [commandButton('Undo all', `undo ${bulk.bulkId}`)] : []),
  ];
  const blocks: KnownBlock[] = [
    section(`${head}\n${byLine(bulk)}`),
    ...(rows.length === 0
      ? []
      : [
          table(['hostname', 'outcome'], place.items.map(nameCells), [1]),
          ...noteBlocks(place.items),
          context(pagesLine(place)),
        ]),
    ...(buttons.length === 0 ? [] : [actions(buttons)]),
    context(bulkText(bulk)),
  ];
  const lines = place.items.slice(0, 10).map((row) => escapeText(nameText(row)));
  return { text: [head.replaceAll('*', ''), ...lines].join('\n'), blocks };
};

/** A bulk that is released: where to see what happens to it. `channelId`: absent where its requester alone is told. */
export const bulkStartedMessage = (bulk: BulkState, channelId: string | undefined): Message => {
  const where =
    channelId === undefined ? 'The requester gets the result.' : `Follow the progress in <#${escapeText(channelId)}>.`;
  const line = `⏳ *${escapeText(oneLine(bulk.title))}* (${verbCounts(bulk)}) is being applied. ${where}`;
  return { text: line.replaceAll('*', ''), blocks: [section(line), context(bulkText(bulk))] };
};

/** What happened to a bulk, for the audit channel: the names that were not changed, and the digest of the list. */
export const bulkAuditMessage = (bulk: BulkState): Message => {
  const { mark, text } = headOf(bulk);
  const troubled = rowsOf(bulk).filter(({ sign }) => sign !== signs.applied);
  const lines = troubled.slice(0, namedInAudit).map(noteLine);
  const left = troubled.length - lines.length;
  const more =
    left === 0
      ? []
      : [`… and ${left} more that were not changed. Show them all: ${code(`/postal-endpoint bulk ${bulk.bulkId}`)}`];
  const trouble = troubleText(countsOf(bulk));
  const head = `${mark} *${text}* · ${verbCounts(bulk)}${trouble === '' ? '' : ` · ${trouble}`}`;
  return {
    text: [`${head.replaceAll('*', '')} · ${byLine(bulk)}`, ...lines, ...more, trace(bulk)].join('\n'),
    blocks: [section(`${head}\n${byLine(bulk)}`), ...sections([...lines, ...more].join('\n')), context(trace(bulk))],
  };
};

/** One line for whoever sees the whole elsewhere. */
export const bulkLine = (bulk: BulkState, permalink: string | null): Message => {
  const { mark, text } = headOf(bulk);
  const line = `${mark} *${text}* · ${byLine(bulk)}${permalink === null ? '' : ` · <${permalink}|see the message>`}`;
  return { text: line.replaceAll('*', ''), blocks: [section(line)] };
};

/** Replaces a request for approval once it is decided. */
export const closedBulkMessage = (bulk: BulkState): Message => {
  const { mark, text } = headOf(bulk);
  const approved =
    bulk.approvals.length === 0
      ? ''
      : ` Approved by ${bulk.approvals.map(({ by }) => mention(by.userId)).join(' and ')}.`;
  const line = `${mark} ${text}.${approved}`.replaceAll('..', '.');
  const asked = isWithdrawn(bulk) ? '' : `\n${mention(bulk.actor.userId)} asked for it.`;
  return {
    text: line,
    blocks: [...sections(`${line}${asked}`), context(trace(bulk))],
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
