import { type CommandOf, doing } from '../core/grammar/command.ts';
import type { FormName } from '../core/grammar/row.ts';
import { slashCommand, type TypedVerb, table } from '../core/grammar/table.ts';
import type { Problem } from '../core/grammar/understood.ts';
import { slackLimits } from '../core/limits/limits.ts';
import {
  actions,
  code,
  escapeText,
  oneLine,
  plainSection,
  preformatted,
  sections,
} from '../messages/block-kit/blocks.ts';
import { commandButton, formButton } from '../messages/block-kit/button.ts';
import type { Message } from '../messages/message.ts';

/** Problems shown in one message; more are counted. */
const shownProblems = 15;

const longestEcho = 1500;
const shortened = (text: string): string =>
  text.length > longestEcho ? `${text.slice(0, longestEcho).toWellFormed()}… (${text.length} characters)` : text;

/** Says at once, and to the asker alone, what was understood. */
export const acknowledgement = (command: CommandOf<TypedVerb>): Message => {
  // As plain text: what a person wrote formats nothing.
  const text = `${shortened(oneLine(doing(command)))}. I'll post the result here.`;
  return { text: escapeText(text), blocks: [plainSection(text)] };
};

const problemLine = ({ argument, wrong, right }: Problem): string =>
  `✗ *${escapeText(oneLine(argument).slice(0, 80).toWellFormed())}*: ${escapeText(oneLine(wrong))} ${escapeText(oneLine(right))}`;

/** Says everything that could not be understood, and the command put right where that is known, ready to be run. */
export const mistakenMessage = (problems: readonly Problem[], suggestion: string | undefined): Message => {
  const shown = problems.slice(0, shownProblems);
  const more = problems.length - shown.length;
  const lines = [
    `*I did not understand that: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}. Nothing was done.*`,
    ...shown.map(problemLine),
    ...(more > 0 ? [`… and ${more} more.`] : []),
  ];
  const line = suggestion === undefined ? undefined : `${slashCommand} ${suggestion}`;
  const verb = suggestion?.split(' ')[0] ?? '';
  const fits = suggestion !== undefined && suggestion.length < slackLimits.buttonValue / 2;
  const buttons = [
    ...(fits ? [commandButton('Run this', suggestion, { style: 'primary' })] : []),
    commandButton('Help', verb === '' || verb === 'help' ? 'help' : `help ${verb}`),
  ];
  return {
    text: [...lines, ...(line === undefined ? [] : [escapeText(line)])].join('\n'),
    blocks: [...sections(lines.join('\n')), ...(line === undefined ? [] : [preformatted(line)]), actions(buttons)],
  };
};

const plain = (...lines: readonly string[]): Message => ({
  text: lines.join('\n'),
  blocks: sections(lines.join('\n')),
});

/** The queue did not take the command. `mayHaveArrived`: it was not heard from in time, so that nobody knows. */
export const queueDownMessage = (mayHaveArrived: boolean, requestId: string): Message =>
  plain(
    '*Nothing was done: my queue did not take this.* Please try again in a moment.',
    ...(mayHaveArrived
      ? ['Should it have arrived after all, its result appears here; asking twice does no harm.']
      : []),
    `If it stays like this, quote ${code(requestId.slice(0, 12))}.`,
  );

/** The form did not open. */
export const formClosedMessage = (reason: 'expired' | 'unavailable', form: FormName): Message => {
  const why =
    reason === 'expired' ? 'Slack gives me three seconds to open it, and they had passed' : 'Slack did not answer';
  const lines = [
    `*I could not open the form: ${why}.* Nothing was done. Try again${form === 'add' ? ', or write it as a line:' : '.'}`,
    ...(form === 'add' ? [code(`${slashCommand} ${table.add.example}`)] : []),
  ];
  return {
    text: lines.join('\n'),
    blocks: [...sections(lines.join('\n')), actions([formButton('Open the form', form)])],
  };
};

/** A button of an older version of this app, or of none. */
export const unknownButtonMessage = (): Message =>
  plain(`*I no longer know that button.* Nothing was done. ${code(`${slashCommand} help`)} shows what I do know.`);

/** A button whose command line was too long to be carried. */
export const tooLongButtonMessage = (): Message =>
  plain('*That command is too long for a button.* Nothing was done. Copy its line from the message and send it.');

/** Something of ours broke before the command was handed over. */
export const brokenMessage = (requestId: string | undefined): Message =>
  plain(
    '*Nothing was done: something broke on my side.* Please try again in a moment.',
    ...(requestId === undefined ? [] : [`If it stays like this, quote ${code(requestId.slice(0, 12))}.`]),
  );
