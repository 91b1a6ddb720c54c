import type { KnownBlock } from '@slack/types';
import type { ProbeReport, ProbeResult, Stage } from '../../probe/report.ts';
import { type Grade, type ProbeSummary, summarise } from '../../probe/summary.ts';
import { code, context, escapeText, sections, shortened, table } from '../blocks.ts';

/** What a server says is shown this far, in characters. */
export const longestSaying = 160;
/** As many as an endpoint may have; a name of someone else's with more has the rest counted. */
const addressesShown = 8;

const marks: Readonly<Record<Grade, string>> = { good: '✅', partial: '⚠️', bad: '❌', unknown: '❔' };

/** The sign that stands before a verdict. */
export const gradeMark = (grade: Grade): string => marks[grade];

const addressLine = ({ ip, grade, text, durationMs }: ProbeSummary['addresses'][number]): string =>
  `${grade === 'good' ? '✓' : grade === 'partial' ? '⚠' : '✗'} ${code(ip)} ${escapeText(shortened(text, longestSaying))} · ${durationMs} ms`;

const moreLine = (left: ProbeSummary['addresses']): string[] =>
  left.length === 0
    ? []
    : [`… and ${left.length} addresses more, of which ${left.filter(({ grade }) => grade === 'good' || grade === 'partial').length} answer`];

/** Verdict, then a line an address, then notes: the short form, as a change's message has it. */
export const probeBlocks = (result: ProbeResult, nowMs: number): KnownBlock[] => {
  if (!result.ok) return sections(`❔ *Not probed.* ${escapeText(result.failure.message)}`);
  const summary = summarise(result.report, nowMs);
  return sections(
    [
      `${gradeMark(summary.grade)} *${escapeText(summary.headline)}*`,
      ...summary.addresses.slice(0, addressesShown).map(addressLine),
      ...moreLine(summary.addresses.slice(addressesShown)),
      ...summary.notes.map((note) => `• ${escapeText(shortened(note, longestSaying))}`),
    ].join('\n'),
  );
};

const stageCell = (stage: Stage | undefined): string => {
  if (stage === undefined) return '–';
  const mark = stage.status === 'passed' ? '✓' : stage.status === 'failed' ? '✗' : '–';
  const why = stage.status === 'failed' && stage.reason !== undefined ? ` ${stage.reason}` : '';
  return `${mark}${stage.status === 'skipped' ? '' : ` ${Math.round(stage.durationMs)} ms`}${why}`;
};

/** Stages as a table: a row a stage that any address came to, a column an address. Of more addresses than fit the rest is named below. */
export const stageBlocks = (report: ProbeReport): KnownBlock[] => {
  if (report.addresses.length === 0) return [];
  const shown = report.addresses.slice(0, addressesShown);
  const left = report.addresses.slice(addressesShown);
  const names = [...new Set(shown.flatMap(({ stages }) => stages.map(({ stage }) => stage)))];
  const stages = table(
    ['stage', ...shown.map(({ ip }) => ip)],
    names.map((name) => [name, ...shown.map((address) => stageCell(address.stages.find(({ stage }) => stage === name)))]),
  );
  return [
    stages,
    ...(left.length === 0 ? [] : [context(`stages of ${left.length} more addresses are left out: ${left.map(({ ip }) => code(ip)).join(' ')}`)]),
  ];
};
