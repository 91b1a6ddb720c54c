import { slashCommand } from '../core/grammar/table.ts';
import type { Problem } from '../core/grammar/understood.ts';
import { code, escapeText, oneLine, section, sections } from './block-kit/blocks.ts';
import type { Message } from './message.ts';

const problemsShown = 5;

const said = (text: string): Message => ({ text: text.replaceAll('*', ''), blocks: sections(text) });

/** A mention never changes a name, and touches nobody's mailbox. */
export const notByMention = (verb: string): Message =>
  said(
    `*${code(oneLine(verb).slice(0, 40))} does not work by mention. Nothing was done.* Mention me with check, show, list, history, drift, explain, status, mute, unmute or acknowledge; for anything else use ${code(slashCommand)}.`,
  );

/** What was said to the bot and not understood. */
export const mentionMistake = (problems: readonly Problem[]): Message => {
  const lines = problems
    .slice(0, problemsShown)
    .map(({ argument, wrong, right }) =>
      escapeText(`${oneLine(argument).slice(0, 80)}: ${oneLine(wrong)} ${oneLine(right)}`),
    );
  const head =
    '*I did not understand that. Nothing was done.* In the thread of an alert you can leave out the hostname.';
  const text = [head, ...lines].join('\n');
  return { text: text.replaceAll('*', ''), blocks: [section(head), ...sections(lines.join('\n'))] };
};
