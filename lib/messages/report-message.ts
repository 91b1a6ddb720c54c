import type { KnownBlock } from '@slack/types';
import { type EndpointFilter, narrows } from '../core/filter/endpoint-filter.ts';
import { commandLine } from '../core/grammar/line.ts';
import { table as commandTable } from '../core/grammar/table.ts';
import { daysOfMonth, monthText } from '../core/report/month.ts';
import {
  availabilityOf,
  knownMinutes,
  type MonthReport,
  meanMinutesToRepair,
  type ReportRow,
  totalOf,
} from '../core/report/month-report.ts';
import { actions, type Cell, code, context, escapeText, section, table, tableCell } from './block-kit/blocks.ts';
import { commandButton } from './block-kit/button.ts';
import { type Picture, pictureBlock } from './block-kit/chart-blocks.ts';
import { charactersOf } from './block-kit/fit.ts';
import { pageButtons, pagesLine } from './block-kit/page-buttons.ts';
import { pageOf } from './block-kit/paginate.ts';
import { filterArguments, filterText, snapshotText } from './filter-words.ts';
import { notHandedOver } from './history/export-message.ts';
import type { Message, MessengerFailure } from './message.ts';
import { lasted } from './watch/incident-message.ts';

/** What a report is about. */
export type ReportAsked = {
  readonly month: string;
  readonly filter: EndpointFilter;
  /** Of the snapshot of Postal that the filter asked; milliseconds since the epoch. */
  readonly snapshotAtMs?: number | undefined;
};

export type ReportView = ReportAsked & {
  readonly report: MonthReport;
  readonly page: number;
  /** Failing checks in a row that make an incident. */
  readonly looks: number;
  /** Absent on all pages but the first. */
  readonly picture?: Picture;
};

const minuteMs = 60_000;

/** Rounded down, so that only what is whole is called 100 %. */
const percent = (share: number | undefined): string =>
  share === undefined ? 'not measured' : `${Math.floor(share * 10_000 + 1e-9) / 100} %`;

const minutesText = (minutes: number | undefined): string =>
  minutes === undefined || minutes === 0 ? '' : lasted(Math.round(minutes) * minuteMs);

const plaintextText = ({ minutes }: Pick<ReportRow, 'minutes'>): string => minutesText(minutes.plaintext);

const countText = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** What the report is narrowed to; `are`: `that is` or `that are`. */
const aboutText = ({ filter }: Pick<ReportAsked, 'filter'>, are: string): string => filterText(filter, `${are} now`);

/** The command of this report. */
const commandOf = ({ month, filter }: ReportAsked): string =>
  commandLine(commandTable.report, new Map([...filterArguments(filter), ['month', [month]]]));

/** From when to when there is data, and how it is counted. */
const daysText = ({ report: { days }, month, looks }: Pick<ReportView, 'report' | 'month' | 'looks'>): string => {
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  const all = daysOfMonth(month).length;
  return `Data of ${days.length} of ${all} days, ${first} to ${last} (UTC; a day is summed up after it ends). Unknown time is left out. An incident is ${looks} or more checks in a row that found it down or drifted.`;
};

/** Where a month has no summaries. */
export const noReportMessage = (asked: ReportAsked): Message => {
  const text = `No data of ${monthText(asked.month)}.`;
  const why = 'Each day is summed up in the night after it (UTC) and kept for 13 months.';
  return {
    text: `${text} ${why}`,
    blocks: [section(`*${text}*${narrows(asked.filter) ? ` Hostnames${aboutText(asked, 'that are')}.` : ''}\n${why}`)],
  };
};

/** No registered hostname is meant. */
export const nothingToReportMessage = (asked: ReportAsked): Message => ({
  text: 'No hostname matches.',
  blocks: [section(`There is no registered hostname${aboutText(asked, 'that is')} that you may see.`)],
});

/** A month as a table, the worst first. */
export const reportMessage = (view: ReportView): Message => {
  const { report, page, month, picture } = view;
  const { rows } = report;
  const total = totalOf(rows);
  const rowOf = (row: ReportRow): Cell[] => [
    percent(availabilityOf(row.minutes)),
    row.hostname,
    plaintextText(row),
    row.incidents === 0 ? '' : String(row.incidents),
    minutesText(row.longestMinutes),
    minutesText(meanMinutesToRepair(row)),
    row.changes === 0 ? '' : String(row.changes),
  ];
  const place = pageOf(rows, page, (row) => charactersOf(rowOf(row).map(tableCell)));
  const command = commandOf(view);
  const repair = minutesText(meanMinutesToRepair(total));
  const facts = [
    `${percent(availabilityOf(total.minutes))} available`,
    ...(total.minutes.plaintext === 0
      ? []
      : [`${percent(total.minutes.plaintext / Math.max(1, knownMinutes(total.minutes)))} of the time in plaintext`]),
    countText(total.incidents, 'incident'),
    ...(total.longestMinutes === 0 ? [] : [`the longest ${minutesText(total.longestMinutes)}`]),
    ...(repair === '' ? [] : [`${repair} to repair on average`]),
    countText(total.changes, 'change'),
  ];
  const blocks: KnownBlock[] = [
    section(
      `*${monthText(month)}: ${countText(rows.length, 'hostname')}*${aboutText(view, rows.length === 1 ? 'that is' : 'that are')}\n${facts.join(' · ')}`,
    ),
    ...(picture === undefined ? [] : pictureBlock(picture, `${monthText(month)}: ${facts.join(', ')}.`)),
    table(
      ['available', 'hostname', 'plaintext', 'incidents', 'longest', 'to repair', 'changes'],
      place.items.map(rowOf),
    ),
    context(
      `${pagesLine(place)} · ${view.snapshotAtMs === undefined ? '' : `${snapshotText(view.snapshotAtMs)} · `}${daysText(view)}`,
    ),
    actions([...pageButtons(command, place), commandButton('CSV file', `${command} --csv`)]),
  ];
  const lines = place.items.map((row) =>
    [row.hostname, percent(availabilityOf(row.minutes)), countText(row.incidents, 'incident')].join(', '),
  );
  return { text: [`${monthText(month)}: ${facts.join(', ')}`, ...lines].join('\n'), blocks };
};

/** The file, and the result. */
export const reportFileWords = (asked: ReportAsked, name: string, isShared: boolean) => ({
  introduction: `📄 ${monthText(asked.month)}, hostnames${aboutText(asked, 'that are')}: one line a hostname, times in minutes, days in UTC.`,
  done: (permalink: string | null): Message => {
    const file = permalink === null ? code(name) : `<${permalink}|${escapeText(name)}>`;
    const text = `📄 ${file} ${isShared ? 'is in this channel' : 'is in your direct messages with me'}.`;
    return { text, blocks: [section(text)] };
  },
  failed: (failure: MessengerFailure): Message => {
    const text = ['⚠️ The report could not be sent as a file.', ...notHandedOver(failure, isShared)].join('\n');
    return { text, blocks: [section(text)] };
  },
});
