import type { KnownBlock } from '@slack/types';
import type { CheckedRow, CheckResult } from '../../core/watch/health/check-result.ts';
import {
  actions,
  code,
  context,
  dateText,
  escapeText,
  mention,
  section,
  sections,
  shortened,
  table,
} from '../block-kit/blocks.ts';
import { commandButton, formButton } from '../block-kit/button.ts';
import { pageButtons, pagesLine } from '../block-kit/page-buttons.ts';
import { pageOf } from '../block-kit/paginate.ts';
import { progressBar } from '../block-kit/progress-bar.ts';
import type { Message } from '../message.ts';
import { durationText } from './stage-words.ts';
import { stateCounts, stateText } from './state-words.ts';

export type CheckManyView = CheckResult & {
  /** Under which the result is kept. */
  readonly id: string;
  readonly page: number;
};

const longestTrouble = 300;
const longestBrief = 200;
/** What a screen reader is read out; the table has the rest. */
const rowsInText = 10;

/** Which endpoints a check is of, in words. */
const whichText = (asked: string): string =>
  asked.toLowerCase() === 'all' ? 'all endpoints' : `endpoints that match ${asked.replace(/^all /i, '')}`;

/** How far a check of many is, and by when it is over. */
export const checkingManyMessage = (view: {
  readonly asked: string;
  readonly done: number;
  readonly of: number;
  readonly untilMs: number;
}): Message => {
  const head = `⏳ Checking ${whichText(view.asked)}`;
  const bar = progressBar(view.done, view.of);
  const until = dateText(new Date(view.untilMs).toISOString(), '{time_secs}');
  return {
    text: `${escapeText(head)}: ${view.done} of ${view.of}`,
    blocks: [
      section(`*${escapeText(head)}*\n${code(bar)}`),
      context(`A silent server takes up to 40 s. The table will be here by ${until}.`),
    ],
  };
};

const latencyText = ({ latencyMs }: CheckedRow): string => (latencyMs === undefined ? '' : durationText(latencyMs));

const stateCell = ({ state }: CheckedRow): string => (state === undefined ? '⌛ not reached' : stateText(state));

const cells = (row: CheckedRow): string[] => [
  stateCell(row),
  row.hostname,
  shortened(row.brief, longestBrief),
  row.target ?? '',
  latencyText(row),
];

/** What was found, worst first: counts by state, then a table. */
export const checkManyMessage = (view: CheckManyView): Message => {
  const { asked, userId, atMs, durationMs, troubles, rows, id, page } = view;
  const place = pageOf(rows, page, (row) => cells(row).join('').length);
  const { items } = place;
  const left = rows.filter(({ state }) => state === undefined).length;
  const counts = stateCounts(rows.flatMap(({ state }) => state ?? []));
  const reached = rows.length - left;
  const head = `${reached} ${reached === 1 ? 'endpoint' : 'endpoints'} checked`;
  const unreached = left === 0 ? '' : `⌛ ${left} not reached in time. Check fewer at a time, with a pattern.`;
  const notes = [
    ...(left === 0 ? [] : [unreached]),
    ...troubles.map((trouble) => `❔ ${escapeText(shortened(trouble, longestTrouble))}`),
  ];
  const which = `${escapeText(whichText(asked))} · ${pagesLine(place)} · took ${durationText(durationMs)}`;
  const blocks: KnownBlock[] = [
    section(`*${head}*\n${counts}`),
    ...sections(notes.join('\n')),
    table(['state', 'hostname', 'why', 'target', 'latency'], items.map(cells), [2, 3]),
    context(`${which} · ${dateText(new Date(atMs).toISOString())} · by ${mention(userId)}`),
    actions([
      ...pageButtons(`check ${asked} --result ${id}`, place),
      commandButton('Check again', `check ${asked}`, { replace: true }),
      commandButton('List', 'list'),
    ]),
  ];
  const lines = items
    .slice(0, rowsInText)
    .map((row) => `${stateCell(row)} ${row.hostname}: ${shortened(row.brief, longestBrief)}`);
  const more = rows.length > lines.length ? [`… and ${rows.length - lines.length} more`] : [];
  return { text: [`${head}. ${counts}`, ...notes, ...lines.map(escapeText), ...more].join('\n'), blocks };
};

/** Nothing fits, or nothing that is granted. */
export const noneToCheckMessage = (asked: string): Message => {
  const text =
    asked.toLowerCase() === 'all'
      ? 'No endpoint is registered that you may check.'
      : `No endpoint that you may check matches ${asked.replace(/^all /i, '')}.`;
  return {
    text: escapeText(text),
    blocks: [section(escapeText(text)), actions([commandButton('List', 'list'), formButton('Add endpoint', 'add')])],
  };
};

/** Its hour is over. */
export const resultGoneMessage = (asked: string): Message => {
  const text = `The pages of this check of ${whichText(asked)} were kept for an hour and are gone. Nothing was checked.`;
  return {
    text: escapeText(text),
    blocks: [section(escapeText(text)), actions([commandButton('Check again', `check ${asked}`, { replace: true })])],
  };
};
