import type { KnownBlock } from '@slack/types';
import type { Definition } from '../core/endpoint/definition.ts';
import type { Registered } from '../core/endpoint/registered.ts';
import type { EndpointFilter } from '../core/filter/endpoint-filter.ts';
import { commandLine } from '../core/grammar/line.ts';
import { table as commandTable } from '../core/grammar/table.ts';
import { shortChangeId } from '../core/ledger/change-id.ts';
import type { ChangeState } from '../core/ledger/fold.ts';
import type { VerificationFault } from '../core/ledger/verification.ts';
import {
  actions,
  type Cell,
  code,
  context,
  dateCell,
  dateText,
  escapeText,
  mention,
  section,
  sections,
  shortened,
  table,
  tableCell,
} from './block-kit/blocks.ts';
import { commandButton } from './block-kit/button.ts';
import { charactersOf } from './block-kit/fit.ts';
import { pageButtons, pagesLine } from './block-kit/page-buttons.ts';
import { pageOf } from './block-kit/paginate.ts';
import { targetsText } from './change/record-lines.ts';
import { filterArguments, filterText } from './filter-words.ts';
import type { Message } from './message.ts';

/** A registry of the past. */
export type PastListView = {
  /** What was registered then and fits the filter, in alphabetical order. */
  readonly shown: readonly Registered[];
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** The same moment as somebody wrote it. */
  readonly at: string;
  /** The last change that was applied before. */
  readonly last?: ChangeState | undefined;
  readonly changesSince: number;
  /** Hostnames registered today without an entry in the ledger. */
  readonly withoutEntries: readonly string[];
  readonly page: number;
  readonly filter: EndpointFilter;
};

const namesShown = 5;
const longestFault = 600;

const plain = (text: string): Message => ({ text, blocks: sections(text) });

const dateOf = (ms: number): string => dateText(new Date(ms).toISOString());

const leadsText = ({ targets, standby }: Definition): string =>
  `${targetsText(targets)}${standby === undefined ? '' : ` (standby ${targetsText(standby)})`}`;

const cells = ({ definition, userId, at }: Registered): Cell[] => [
  definition.hostname,
  leadsText(definition),
  `${definition.port} ${definition.sslMode}`,
  [...dateCell(at), { type: 'text', text: ' by ' }, { type: 'user', user_id: userId }],
];

/** From where that is known, and what is not. */
const sourceLines = ({ last, changesSince, withoutEntries }: PastListView): readonly string[] => {
  const from =
    last === undefined
      ? 'No change had been applied by then'
      : `Last change by then: ${code(shortChangeId(last.changeId))}, ${last.verb} ${code(last.plan.hostname)}, ${dateText(last.finishedAt ?? last.requestedAt)}, by ${mention(last.actor.userId)}`;
  const since = changesSince === 1 ? '1 change was applied since' : `${changesSince} changes were applied since`;
  const names = withoutEntries.slice(0, namesShown).map(code).join(', ');
  const more = withoutEntries.length > namesShown ? ` and ${withoutEntries.length - namesShown} more` : '';
  return [
    `${from} · ${since} · computed from the ledger; all its hashes match.`,
    ...(withoutEntries.length === 0
      ? []
      : [
          `⚠️ Registered now, but without an entry in the ledger: ${names}${more}. They were restored from DNS, so it is not known since when they have been registered.`,
        ]),
  ];
};

/** What was registered at a moment, as a table, 20 a page, fewer where they are long. */
export const pastListMessage = (view: PastListView): Message => {
  const { shown, atMs, at, filter, page } = view;
  const count = `${shown.length === 0 ? 'No' : shown.length} ${shown.length === 1 ? 'endpoint' : 'endpoints'}`;
  const were = shown.length === 1 ? 'was registered' : 'were registered';
  const headWith = (filterWords: string): string => `*${count}*${filterWords} ${were} at ${dateOf(atMs)}`;
  const head = headWith(filterText(filter, ''));
  const source = sourceLines(view);
  const now = commandLine(commandTable.list, new Map(filterArguments(filter)));
  if (shown.length === 0)
    return {
      text: [headWith(filterText(filter, '', escapeText)).replaceAll('*', ''), ...source].join('\n'),
      blocks: [section(head), context(source.join('\n')), actions([commandButton('List now', now, { replace: true })])],
    };
  const place = pageOf(shown, page, (one) => charactersOf(cells(one).map(tableCell)));
  const command = commandLine(commandTable.list, new Map([...filterArguments(filter), ['at', [at]]]));
  const blocks: KnownBlock[] = [
    section(`${head}\nStates are not known for a past time.`),
    table(['hostname', 'target', 'port, mode', 'since'], place.items.map(cells)),
    context([pagesLine(place), ...source].join('\n')),
    actions([...pageButtons(command, place), commandButton('List now', now)]),
  ];
  const lines = place.items.map(
    ({ definition, at: since }) =>
      `${definition.hostname} → ${leadsText(definition)}, port ${definition.port}, ${definition.sslMode}, since ${dateText(since)}`,
  );
  return {
    text: [
      `${headWith(filterText(filter, '', escapeText)).replaceAll('*', '')}, ${pagesLine(place)}`,
      ...lines,
      ...source,
    ].join('\n'),
    blocks,
  };
};

/** The ledger says nothing of that time. */
export const beforeLedgerMessage = (at: string, firstAt: string | undefined): Message =>
  plain(
    firstAt === undefined
      ? `at: the ledger has no entry yet, so what was registered at ${code(at)} is not known.`
      : `at: the first entry of the ledger is from ${dateText(firstAt)}, so what was registered at ${code(at)} is not known. Give a time after that.`,
  );

/** What the ledger says cannot be relied on. */
export const faultyLedgerMessage = (at: string, faults: readonly VerificationFault[]): Message => {
  const [first] = faults;
  const what = first === undefined ? '' : `${first.stream}: ${first.what}. ${first.meaning}`;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return plain(
    [
      `🛑 What was registered at ${code(at)} is not known: the ledger was changed afterwards.`,
      `${escapeText(shortened(what, longestFault))}${more}`,
      `${code('/postal-endpoint history --verify')} lists every fault.`,
    ].join('\n'),
  );
};

/** The ledger is too large for one answer. */
export const tooLongToFoldMessage = (view: {
  readonly at: string;
  readonly read: number;
  readonly of: number;
  readonly seconds: number;
}): Message =>
  plain(
    [
      `at: the histories of ${view.of} hostnames have to be read for that, and only ${view.read} were read in ${view.seconds} s. Narrow the list with a pattern, such as ${code(`list *.mail.corp.internal --at ${view.at}`)}.`,
      `From a shell with AWS credentials for the ledger's table, without that limit: ${code(`postal-endpoint export --format csv --at ${view.at} --ledger-table NAME`)}`,
    ].join('\n'),
  );
