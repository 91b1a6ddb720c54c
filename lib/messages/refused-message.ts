import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import { slackIdKindOf } from '../core/base/slack-ids.ts';
import type { Finding } from '../core/endpoint/finding.ts';
import type { TargetText } from '../core/endpoint/target-text.ts';
import type { ReadFilter } from '../core/filter/endpoint-filter.ts';
import { notInPostalYet } from '../core/postal/audit/plan-remarks.ts';
import { actions, code, escapeText, oneLine, sections } from './block-kit/blocks.ts';
import { commandButton } from './block-kit/button.ts';
import type { Message } from './message.ts';

const findingLine = ({ severity, argument, wrong, right }: Finding): string =>
  `${severity === 'block' ? '✗' : '⚠️'} *${argument}*: ${escapeText(oneLine(wrong))} ${escapeText(oneLine(right))}`;

/** Warnings that a definition goes on with, a plain sentence or two each. */
export const warningSentences = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ severity }) => severity === 'warn')
    .map(({ argument, wrong, right }) => `${argument}: ${wrong} ${right}`);

/** Warnings as a message shows them; that a new name is not in Postal yet is as it should be. */
export const warningBlocks = (sentences: readonly string[]): KnownBlock[] => {
  const line = (sentence: string): string =>
    `${sentence.startsWith(notInPostalYet) ? '▫️' : '⚠️'} ${escapeText(oneLine(sentence))}`;
  return sentences.length === 0 ? [] : sections(sentences.map(line).join('\n'));
};

/** Every finding with its remedy, and the corrected command where it is known. */
export const refusedMessage = (verb: string, findings: readonly Finding[], corrected: string | undefined): Message => {
  const blocking = findings.filter(({ severity }) => severity === 'block').length;
  const head = `I can't ${verb} that: ${blocking} ${blocking === 1 ? 'problem' : 'problems'}. Nothing was changed.`;
  const linesOf = (severity: Finding['severity']): readonly string[] =>
    findings.filter((finding) => finding.severity === severity).map(findingLine);
  // The last refusal may lead up to the command: no warning comes between.
  const lines = (command: readonly string[]): readonly string[] => [
    ...linesOf('block'),
    ...command,
    ...linesOf('warn'),
  ];
  return {
    text: [head, ...lines(corrected === undefined ? [] : [escapeText(corrected)])].join('\n'),
    blocks: sections([`*${head}*`, ...lines(corrected === undefined ? [] : [code(corrected)])].join('\n')),
    hasExamples: true,
  };
};

/** A refusal whose advice gives a deployment's own examples. */
export const withOwnExamples = ({ text, blocks }: Message, own: (advice: string) => string): Message => ({
  text: own(text),
  blocks: blocks.map((block) =>
    block.type === 'section' && block.text !== undefined
      ? { ...block, text: { ...block.text, text: own(block.text.text) } }
      : block,
  ),
});

/** Of a `--target` that is neither an address nor a name. */
export const refusedTarget = (
  verb: 'history' | 'list',
  { wrong, right, fix }: Extract<TargetText, { kind: 'invalid' }>,
): Message =>
  refusedMessage(
    verb === 'history' ? 'show the history of' : verb,
    [{ id: 'target-is-ip-or-name', severity: 'block', argument: 'target', wrong, right }],
    fix === undefined ? undefined : `/postal-endpoint ${verb} --target ${fix}`,
  );

/** Of a filter with mistakes. */
export const refusedFilter = (
  verb: 'check' | 'list' | 'mute' | 'report' | 'unmute',
  { lines, target }: Extract<ReadFilter, { ok: false }>,
): Message => (target !== undefined && verb === 'list' ? refusedTarget(verb, target) : plainRefusal(lines));

/** Channels that a sentence refers to as links. */
const withChannels = (text: string): string =>
  text.replace(/#(\w+)/g, (reference, id: string) => (slackIdKindOf(id) === 'channel' ? `<#${id}>` : reference));

/** A refusal, or an error of ours, in plain sentences: what happened, whether anything changed, what to do; and buttons for that. */
export const plainRefusal = (lines: readonly string[], buttons: readonly ActionsBlockElement[] = []): Message => {
  const text = lines.map((line) => withChannels(escapeText(oneLine(line)))).join('\n');
  return { text, blocks: [...sections(text), ...(buttons.length === 0 ? [] : [actions(buttons)])], hasExamples: true };
};

/** A refusal about a change or a bulk, with buttons that list changes; with `isDecision`, waiting plans as well. */
export const changeRefusal = (lines: readonly string[], isDecision: boolean): Message =>
  plainRefusal(lines, [
    ...(isDecision ? [commandButton('Waiting plans', 'pending')] : []),
    commandButton('History', 'history'),
  ]);
