import type { ProbeFinding, Severity } from '../../core/postal/findings/finding.ts';
import { escapeText, shortened } from '../block-kit/blocks.ts';

const findingsShown = 5;
/** A finding quotes servers, and so is as long as they like. */
const longestSentence = 400;

const marks: Readonly<Record<Severity, string>> = { critical: '❌', warning: '⚠️', info: 'ℹ️' };

const sentence = (text: string): string => escapeText(shortened(text, longestSentence));

const line = ({ severity, message, remedy }: ProbeFinding, index: number): string => {
  const isOpen = index === 0 && severity !== 'info';
  return isOpen
    ? `${marks[severity]} *${sentence(message)}*\n→ ${sentence(remedy)}`
    : `${marks[severity]} ${sentence(message)} → ${sentence(remedy)}`;
};

/** Findings, a text each, what to do first before the rest: the first with its remedy on a line of its own, the others on one line. */
export const findingTexts = (findings: readonly ProbeFinding[]): readonly string[] => {
  const left = findings.slice(findingsShown);
  return [
    ...findings.slice(0, findingsShown).map(line),
    ...(left.length === 0 ? [] : [`… and ${left.length} more: ${left.map(({ code }) => code).join(', ')}`]),
  ];
};
