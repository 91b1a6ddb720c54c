import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import type { BulkOutcome } from '../../core/ledger/bulk-entry.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import { type ChangeState, isFinished } from '../../core/ledger/fold.ts';
import type { LoneBody } from '../../core/ledger/history-filter.ts';
import {
  actions,
  type Cell,
  code,
  context,
  dateCell,
  escapeText,
  linkCell,
  mention,
  section,
  shortened,
  table,
  tableCell,
  userCell,
} from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import { charactersOf } from '../block-kit/fit.ts';
import { pageButtons, pagesLine } from '../block-kit/page-buttons.ts';
import type { Page } from '../block-kit/paginate.ts';
import { verbCounts } from '../bulk/bulk-words.ts';
import { beforeAfter } from '../change/record-lines.ts';
import type { Message } from '../message.ts';

export type HistoryRow =
  | { readonly kind: 'bulk'; readonly at: string; readonly bulk: BulkState }
  | { readonly kind: 'change'; readonly at: string; readonly change: ChangeState }
  | { readonly kind: 'alone'; readonly at: string; readonly stream: string; readonly body: LoneBody };

/** Which history is asked for. */
export type HistoryAsked = {
  readonly hostname: string | undefined;
  readonly since: string | undefined;
  readonly by: string | undefined;
  /** An address or a name. */
  readonly target: string | undefined;
};

export type HistoryView = HistoryAsked & {
  readonly page: Page<HistoryRow>;
  /** By change id; null where it was announced but Slack gave no link. */
  readonly permalinks: ReadonlyMap<string, string | null>;
  /** The UTC day before which nothing was read, for it would have been too much; absent: all was. */
  readonly cutAt?: string;
};

const longestReason = 160;

/** The state of a change, in a sign and a word. */
export const changeStates: Readonly<Record<ChangeState['state'], string>> = {
  requested: '⏳ requested',
  approved: '⏳ approved',
  rejected: '🚫 rejected',
  cancelled: '🚫 cancelled',
  expired: '⌛ expired',
  applying: '⏳ applying',
  applied: '✅ applied',
  failed: '❌ failed',
  conflict: '🛑 conflict',
};

/** The result of an entry that belongs to no change. */
const whatCame = (body: LoneBody): Cell => {
  if (body.kind === 'refused') return `✗ refused: ${shortened(body.reasons.join(' '), longestReason)}`;
  if (body.kind === 'tried') return body.delivered ? '✉️ message delivered' : '✉️ recipient tried';
  if (body.kind === 'unmuted') return '🔔 unmuted';
  if (body.kind === 'acknowledged') return `👀 took over: ${shortened(body.title, longestReason)}`;
  const why = body.reason === null ? '' : `: ${shortened(body.reason, longestReason)}`;
  return [{ type: 'text', text: '🔕 muted until ' }, ...dateCell(body.until), { type: 'text', text: why || ' ' }];
};

/** The state of a bulk, in a sign and a few words. */
export const bulkStateText = ({ state, outcomes, parts }: BulkState): string => {
  switch (state) {
    case 'requested':
    case 'confirmed':
      return '⏳ requested';
    case 'released':
      return `⏳ ${outcomes.size} of ${parts.length}`;
    case 'closed': {
      const count = (wanted: BulkOutcome['state']) =>
        [...outcomes.values()].filter((outcome) => outcome.state === wanted).length;
      return (['applied', 'failed', 'conflict'] as const)
        .flatMap((each) => (count(each) === 0 ? [] : [`${changeStates[each].split(' ')[0]} ${count(each)} ${each}`]))
        .join(', ');
    }
    default:
      return changeStates[state];
  }
};

const cells = (row: HistoryRow, { permalinks, hostname }: Pick<HistoryView, 'permalinks' | 'hostname'>): Cell[] => {
  if (row.kind === 'alone') {
    const { body } = row;
    return [
      dateCell(row.at),
      userCell(body.actor.userId),
      shortened(body.text === '' ? row.stream : body.text, longestReason),
      whatCame(body),
      '',
    ];
  }
  if (row.kind === 'bulk') {
    const { bulk } = row;
    const link = permalinks.get(bulk.bulkId);
    const state = bulkStateText(bulk);
    return [
      dateCell(row.at),
      userCell(bulk.actor.userId),
      shortened(`📦 ${bulk.title}: ${verbCounts(bulk)}`, longestReason),
      typeof link === 'string' ? linkCell(link, state) : state,
      `bulk ${bulk.bulkId}`,
    ];
  }
  const { change } = row;
  const link = permalinks.get(change.changeId);
  // The name is above the table, where all of it is about one.
  const inBulk = change.partOf === undefined ? '' : ` (bulk ${shortChangeId(change.partOf)})`;
  const what = `${change.verb}${hostname === undefined ? ` ${change.plan.hostname}` : ''}: ${beforeAfter(change.plan)}${inBulk}`;
  const state = changeStates[change.state];
  const unannounced = isFinished(change) ? `${state}, not yet announced` : state;
  const told: Cell = link === undefined ? unannounced : link === null ? state : linkCell(link, state);
  return [dateCell(row.at), userCell(change.actor.userId), what, told, change.changeId];
};

/** How long a row is as it is shown, its link aside. */
export const historyRowCharacters =
  (hostname: string | undefined) =>
  (row: HistoryRow): number =>
    charactersOf(cells(row, { permalinks: new Map(), hostname }).map(tableCell));

const given = (option: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`--${option} ${value}`];

/** The arguments of the command that asks for it. */
export const historyArguments = ({ hostname, since, by, target }: HistoryAsked): string =>
  [
    ...(hostname === undefined ? [] : [hostname]),
    ...given('since', since),
    ...given('by', by),
    ...given('target', target),
  ].join(' ');

/** ` of gitlab.mail.corp.internal, by @maria, since 7d`: what follows the word history. */
export const historyOf = ({ hostname, since, by, target }: HistoryAsked): string =>
  [
    hostname === undefined ? '' : ` of ${escapeText(hostname)}`,
    target === undefined
      ? ''
      : `${hostname === undefined ? ' of' : ','} changes that added or removed ${escapeText(target)}`,
    by === undefined ? '' : `, by ${mention(by)}`,
    since === undefined ? '' : `, since ${escapeText(since)}`,
  ].join('');

/** Nothing was found. */
export const noHistoryMessage = (asked: HistoryAsked): Message => {
  const isRecent = asked.since === undefined && asked.hostname === undefined && asked.target === undefined;
  const text = `No history${historyOf(asked)}${isRecent ? ' in the last 7 days' : ''}.`;
  const further = ['/postal-endpoint history', historyArguments({ ...asked, since: '52w' })].join(' ');
  return {
    text,
    blocks: [section(text), ...(asked.since === '52w' ? [] : [section(`Search further back: ${code(further)}`)])],
  };
};

const cutText = ({ cutAt }: Pick<HistoryView, 'cutAt'>): readonly string[] =>
  cutAt === undefined
    ? []
    : [
        `⚠️ Changes before ${cutAt} (UTC) were not read: there are too many for one answer. Ask for one hostname to read its whole history.`,
      ];

/** Changes and refusals as a table, newest first, each change linked to its message. */
export const historyMessage = (view: HistoryView): Message => {
  const { page: place } = view;
  const cut = cutText(view);
  if (place.total === 0) {
    const { text, blocks } = noHistoryMessage(view);
    return { text: [text, ...cut].join('\n'), blocks: [...blocks, ...cut.map(context)] };
  }
  const command = `history ${historyArguments(view)}`.trimEnd();
  return {
    text: [`History${historyOf(view)}: ${pagesLine(place)}`, ...cut].join('\n'),
    blocks: [
      section(`*History*${historyOf(view)}`),
      table(
        ['when', 'who', 'what, before → after', 'state', 'change'],
        place.items.map((row) => cells(row, view)),
      ),
      context([pagesLine(place), ...cut].join('\n')),
      actions([
        ...pageButtons(command, place, 'Newer', 'Older'),
        commandButton('Refresh', command, { replace: true }),
        commandButton('Export', `${command} --export`),
      ]),
    ],
  };
};
