import type { KnownBlock } from '@slack/types';
import type { ProbeReport, ProbeResult, Stage } from '../../probe/report.ts';
import { type Grade, type ProbeSummary, summarise } from '../../probe/summary.ts';
import { code, escapeText, oneLine, section, table } from '../blocks.ts';

const marks: Readonly<Record<Grade, string>> = { good: '✅', partial: '⚠️', bad: '❌', unknown: '❔' };

/** The sign that stands before a verdict. */
export const gradeMark = (grade: Grade): string => marks[grade];

const addressLine = ({ ip, grade, text, durationMs }: ProbeSummary['addresses'][number]): string =>
  `${grade === 'good' ? '✓' : grade === 'partial' ? '⚠' : '✗'} ${code(ip)} ${escapeText(oneLine(text))} · ${durationMs} ms`;

/** Verdict, then a line an address, then notes: the short form, as a change's message has it. */
export const probeSection = (result: ProbeResult, nowMs: number): KnownBlock => {
  if (!result.ok) return section(`❔ *Not probed.* ${escapeText(result.failure.message)}`);
  const summary = summarise(result.report, nowMs);
  return section(
    [
      `${gradeMark(summary.grade)} *${escapeText(summary.headline)}*`,
      ...summary.addresses.map(addressLine),
      ...summary.notes.map((note) => `• ${escapeText(oneLine(note))}`),
    ].join('\n'),
  );
};

const stageCell = (stage: Stage | undefined): string => {
  if (stage === undefined) return '–';
  const mark = stage.status === 'passed' ? '✓' : stage.status === 'failed' ? '✗' : '–';
  const why = stage.status === 'failed' && stage.reason !== undefined ? ` ${stage.reason}` : '';
  return `${mark}${stage.status === 'skipped' ? '' : ` ${Math.round(stage.durationMs)} ms`}${why}`;
};

/** Stages as a table: a row a stage that any address came to, a column an address. */
export const stageTable = (report: ProbeReport): KnownBlock | undefined => {
  if (report.addresses.length === 0) return undefined;
  const names = [...new Set(report.addresses.flatMap(({ stages }) => stages.map(({ stage }) => stage)))];
  return table(
    ['stage', ...report.addresses.map(({ ip }) => ip)],
    names.map((name) => [name, ...report.addresses.map(({ stages }) => stageCell(stages.find(({ stage }) => stage === name)))]),
  );
};
