import { withoutMentions } from '../base/slack-ids.ts';
import { unexpectedCharacterText } from '../endpoint/unexpected-character.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { excerpt } from './excerpt.ts';
import { commandLine, oddDashes } from './line.ts';
import { nearest } from './nearest.ts';
import { named } from './option-token.ts';
import type { Values } from './row.ts';
import { textFromSlack } from './slack-text.ts';
import { type AnyRow, isTypedVerb, slashCommand, table, typedVerbs } from './table.ts';
import { type Token, tokens } from './tokens.ts';
import type { Problem, Understood } from './understood.ts';
import { readVerbatim } from './verbatim.ts';

/** Characters that a command text may have: what Slack lets people type into its composer. */
export const longestCommandText = 4000;

const everyVerb = [...typedVerbs, 'help'] as const;

const valuesOf = (given: Arguments): Values => ({
  one: (name) => given.get(name)?.[0],
  many: (name) => given.get(name) ?? [],
  flag: (name) => given.has(name),
});

const mistaken = (problems: readonly Problem[], suggestion?: string): Understood => ({
  kind: 'mistaken',
  problems,
  ...(suggestion === undefined ? {} : { suggestion }),
});

/** Closes a quote that was left open where the next option begins, for that is where people stop quoting. */
const closeQuotes = (
  words: readonly Token[],
): { readonly words: readonly Token[]; readonly problems: readonly Problem[] } => {
  const last = words.at(-1);
  if (last?.unclosed === undefined) return { words, problems: [] };
  const option = /\s(?=(?:--|[—–―−‒])[a-z])/i.exec(last.text);
  const inside = (option ? last.text.slice(0, option.index) : last.text).trimEnd();
  const after = option ? closeQuotes(tokens(last.text.slice(option.index))) : { words: [], problems: [] };
  const before = words.at(-2);
  const keyed = last.quoted ? undefined : /^[-—–]*([a-z_-]+)=/i.exec(last.text);
  const argument =
    keyed?.[1] ?? (before && !before.quoted ? /^[-—–―−‒]+([a-z_-]+)$/i.exec(before.text)?.[1] : undefined);
  const problem: Problem = {
    argument: argument?.toLowerCase() ?? 'command',
    wrong: `The quote before ${excerpt(withoutMentions(inside.slice(keyed?.[0].length ?? 0)))} is never closed.`,
    right: 'Close it where the text ends.',
  };
  return {
    words: [...words.slice(0, -1), { text: inside, quoted: last.quoted }, ...after.words],
    problems: [problem, ...after.problems],
  };
};

const oddlyDashed = new RegExp(`^([${oddDashes}]+)([a-z].*)$`, 'isu');

/** Mends words that begin with dashes which no keyboard makes of a hyphen, and names what was wrong with each. */
const asciiDashes = (
  words: readonly Token[],
): { readonly words: readonly Token[]; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = [];
  const mended = words.map((word) => {
    const [, dashes, name] = oddlyDashed.exec(word.text) ?? [];
    if (word.quoted || dashes === undefined || name === undefined) return word;
    const right = `Write --${name.split('=')[0]}.`;
    const wrong = `${excerpt(withoutMentions(word.text))} does not begin with two hyphens.${unexpectedCharacterText(word.text)}`;
    problems.push({ argument: 'command', wrong, right });
    return { ...word, text: `--${name}` };
  });
  return { words: mended, problems };
};

/** Everything after the verb, as it stands. */
const understandVerbatim = (row: AnyRow, written: string): Understood => {
  if (/^(?:help|\?|(?:--?|[—–])h(?:elp)?)$/i.test(written.trim())) return { kind: 'help', verb: row.verb };
  const { arguments: given, problems, text } = readVerbatim(row, withoutMentions(written));
  return problems.length > 0 ? mistaken(problems) : { kind: 'command', command: row.command(valuesOf(given)), text };
};

const isVerbatim = (row: AnyRow): boolean => row.positionals.some(({ reads }) => reads === 'verbatim');

const understandWords = (row: AnyRow, written: readonly Token[]): Understood => {
  if (row.form !== undefined && written.length === 0) return { kind: 'form', form: row.form };
  const { words, problems: quoteProblems } = closeQuotes(written);
  const [first] = words;
  const asksHelp = words.length === 1 && first !== undefined && !first.quoted && /^(?:help|\?)$/i.test(first.text);
  if (asksHelp || words.some((word) => named(row, word)?.kind === 'help')) return { kind: 'help', verb: row.verb };
  const { words: dashed, problems: dashProblems } = asciiDashes(words);
  const reading = readArguments(row, dashed);
  const text = commandLine(row, reading.arguments);
  const problems = [...quoteProblems, ...dashProblems, ...reading.problems];
  if (problems.length > 0) return mistaken(problems, reading.mended ? text : undefined);
  return { kind: 'command', command: row.command(valuesOf(reading.arguments)), text };
};

const understandHelp = ([topic]: readonly Token[]): Understood => {
  const verb = topic?.text.toLowerCase();
  if (verb === undefined || verb === 'help') return { kind: 'help' };
  if (isTypedVerb(verb)) return { kind: 'help', verb };
  const meant = nearest(verb, typedVerbs);
  const right = meant ? `Did you mean help ${meant}?` : `There is help on ${typedVerbs.join(', ')}.`;
  return mistaken(
    [{ argument: 'verb', wrong: `There is no command ${excerpt(withoutMentions(verb))}.`, right }],
    meant ? `help ${meant}` : undefined,
  );
};

/** What is in a line after its verb. */
const afterVerb = (line: string): string => /^\s*(?:\/postal-endpoint\s+)?[^\s,]+([\s\S]*)$/i.exec(line)?.[1] ?? '';

const understandRow = (row: AnyRow, line: string, words: readonly Token[]): Understood =>
  isVerbatim(row) ? understandVerbatim(row, afterVerb(line)) : understandWords(row, words);

const understandUnknown = (written: string, line: string, rest: readonly Token[]): Understood => {
  const meant = nearest(written, everyVerb);
  const problem: Problem = {
    argument: 'verb',
    wrong: `There is no command ${excerpt(withoutMentions(written))}.`,
    right: meant ? `Did you mean ${meant}?` : 'help lists every command.',
  };
  if (meant === undefined) return mistaken([problem]);
  const then = meant === 'help' ? understandHelp(rest) : understandRow(table[meant], line, rest);
  if (then.kind === 'command') return mistaken([problem], then.text);
  // What follows a word that may have been meant as help is no topic of help.
  if (then.kind === 'mistaken' && meant === 'help') return mistaken([problem], 'help');
  if (then.kind === 'mistaken') return mistaken([problem, ...then.problems], then.suggestion);
  return mistaken(
    [problem],
    then.kind === 'form' ? then.form : ['help', ...(then.verb === undefined ? [] : [then.verb])].join(' '),
  );
};

/** Understands a command line in plain text, as buttons and forms hold it. Pure, total: it never throws, and it leaves judging values to the rules. */
export const understandLine = (line: string): Understood => {
  if (line.length > longestCommandText) {
    const wrong = `It is ${line.length} characters long.`;
    const right = `Keep it to ${longestCommandText}; a long note can live elsewhere and be linked, and of a long log the lines around the error are enough.`;
    return mistaken([{ argument: 'command', wrong, right }]);
  }
  const [first, ...rest] = tokens(line).filter(
    (word, index) => !(index === 0 && word.text.toLowerCase() === slashCommand),
  );
  if (first === undefined) return { kind: 'help' };
  const verb = first.text.toLowerCase();
  if (/^(?:\?|(?:-|--|—|–)?help|-h)$/.test(verb)) return understandHelp(rest);
  return isTypedVerb(verb) ? understandRow(table[verb], line, rest) : understandUnknown(first.text, line, rest);
};

/** Understands a command text as Slack sends it, with its escapes and links. Pure, total. */
export const understand = (text: string): Understood =>
  // Decoding only shortens, and never by more than the longest link; the rest is not worth the work.
  understandLine(text.length > 10 * longestCommandText ? text : textFromSlack(text));
