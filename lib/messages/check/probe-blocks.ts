import type { KnownBlock } from '@slack/types';
import type { Assessed, Assessment } from '../../core/postal/assessment.ts';
import type { VerdictLevel } from '../../core/postal/verdict.ts';
import { code, escapeText, sections, shortened } from '../block-kit/blocks.ts';
import { addressLines } from './address-lines.ts';
import { findingTexts } from './finding-lines.ts';

/** Postal's words quote what servers said. */
const longestWords = 300;

const marks: Readonly<Record<VerdictLevel, string>> = { good: '✅', warning: '⚠️', bad: '❌', unknown: '❔' };

/** The sign of a verdict. */
export const levelMark = (level: VerdictLevel): string => marks[level];

/** How an endpoint is, as far as is known: a probe that did not come about tells nothing. */
export const levelOf = (seen: Assessed | undefined): VerdictLevel => (seen?.ok ? seen.assessment.level : 'unknown');

/** The verdict in one plain sentence, or why there is none; not escaped. */
export const verdictSentence = (seen: Assessed): string =>
  seen.ok ? seen.assessment.verdict.sentence : `Not probed. ${seen.failure.message}`;

const verdictText = ({ level, verdict }: Assessment): string =>
  [
    `${levelMark(level)} *${escapeText(verdict.sentence)}*`,
    ...(verdict.remark === undefined ? [] : [escapeText(shortened(verdict.remark, longestWords))]),
  ].join(' ');

/** Verdict, then a line an address. */
export const verdictBlocks = (seen: Assessed): KnownBlock[] =>
  seen.ok
    ? sections([verdictText(seen.assessment), ...addressLines(seen.assessment)].join('\n'))
    : sections(`❔ *Not probed.* ${escapeText(seen.failure.message)}`);

/** What Postal's web UI will show of a delivery that fails, in its own words. */
const postalWords = ({ prediction, verdict }: Assessment): KnownBlock[] => {
  const words = [prediction.details, prediction.output]
    .map((text) => shortened(text, longestWords))
    .filter((text) => text !== '');
  return verdict.level !== 'bad' || words.length === 0
    ? []
    : sections(['Postal will say:', ...words.map(code)].join('\n'));
};

/** Findings, and Postal's own words where it fails. */
export const findingBlocks = (seen: Assessed): KnownBlock[] => {
  if (!seen.ok) return [];
  return [...findingTexts(seen.assessment.findings).flatMap(sections), ...postalWords(seen.assessment)];
};

/** A probe in short, as a change's message and `show` have it. */
export const probeBlocks = (seen: Assessed): KnownBlock[] => [...verdictBlocks(seen), ...findingBlocks(seen)];
