import { idOfMention, withoutMentions } from '../base/slack-ids.ts';
import { excerpt } from './excerpt.ts';
import { type Named, named } from './option-token.ts';
import { type Option, offeredOptions, type Positional, type Syntax } from './row.ts';
import { hostFromText } from './slack-text.ts';
import type { Token } from './tokens.ts';
import type { Problem } from './understood.ts';

/** What a command line gives to each name of its row. Flags that are on hold an empty list. */
export type Arguments = ReadonlyMap<string, readonly string[]>;

export type Reading = {
  readonly arguments: Arguments;
  readonly problems: readonly Problem[];
  /** True when every problem was put right in `arguments`. */
  readonly mended: boolean;
};

const usage = (option: Option): string => `--${option.name}${option.example === undefined ? '' : ` ${option.example}`}`;
const takesId = (item: Positional | Option): boolean => 'takesId' in item && item.takesId === true;
/** A value as its argument wants it: a mention as an id or as a name, a host without what is wrapped around one. */
const valueFor = (item: Positional | Option, text: string): string => {
  const id = takesId(item) ? idOfMention(text) : undefined;
  if (id !== undefined) return id;
  const plain = withoutMentions(text);
  return item.reads === 'host' ? hostFromText(plain) : plain;
};
const isDash = (token: Token): boolean => !token.quoted && /^(?:[-—–―−‒]+>?|→|=>)$/.test(token.text);
const isComma = (token: Token | undefined): boolean => token?.text === ',' && !token.quoted;

/** Reads the tokens after the verb. Every problem is found, not only the first; values are not judged but for numbers and switches. */
export const readArguments = (row: Syntax, tokens: readonly Token[]): Reading => {
  const values = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  const loose: string[] = [];
  let mended = true;
  let at = 0;

  const fault = (problem: Problem, isMended = false): void => {
    problems.push(problem);
    mended &&= isMended;
  };

  const put = (item: Positional | Option, given: readonly string[]): void => {
    const read = given.map((text) => valueFor(item, text));
    const before = values.get(item.name);
    if (item.many) {
      values.set(item.name, [...(before ?? []), ...read]);
    } else if (before !== undefined && before[0] !== read[0]) {
      fault({
        argument: item.name,
        wrong: `It is given twice: ${[...before, ...read].map(excerpt).join(' and ')}.`,
        right: 'Give it once.',
      });
    } else if (item.reads === 'number' && !/^[1-9]\d{0,5}$/.test(read[0] ?? '')) {
      fault({
        argument: item.name,
        wrong: `${excerpt(read[0] ?? '')} is not a number from 1.`,
        right: `Give a whole number, such as --${item.name} 2.`,
      });
    } else {
      values.set(item.name, read);
    }
  };

  /** Until hostname and targets are there, a value that could go on takes one word, lest it swallow them. */
  const mayGoOn = (): boolean =>
    row.positionals.filter((item) => !item.optional && !values.has(item.name)).length <= loose.length;

  const endsValues = (token: Token, isText: boolean): boolean => {
    const name = named(row, token);
    return name !== undefined && (!isText || name.kind !== 'unknown' || name.dashed);
  };

  const takeMore = (first: Token | undefined, option: Option): readonly string[] => {
    const isText = option.reads === 'text';
    const taken: string[] = first ? [first.text] : [];
    const goesOn = (option.many || isText) && !(isText && first?.quoted) && mayGoOn();
    while (option.many || isText) {
      const next = tokens[at];
      const hasComma = isComma(next);
      const value = hasComma ? tokens[at + 1] : next;
      if (value === undefined || isComma(value) || endsValues(value, isText) || !(goesOn || hasComma)) break;
      if (isText && hasComma) taken.push(`${taken.pop() ?? ''},`);
      taken.push(value.text);
      at += hasComma ? 2 : 1;
    }
    return isText && taken.length > 0 ? [taken.join(' ')] : taken;
  };

  const readFlag = (option: Option, inline: string | undefined, negated: boolean): void => {
    const said = (inline ?? 'yes').toLowerCase();
    if (!/^(?:yes|true|on|1|no|false|off|0)$/.test(said)) {
      const right = `Write --${option.name}, or leave it out.`;
      fault({
        argument: option.name,
        wrong: `It is a switch and takes no value, not ${excerpt(withoutMentions(said))}.`,
        right,
      });
    } else if (/^(?:yes|true|on|1)$/.test(said) !== negated) {
      values.set(option.name, []);
    }
  };

  const readOption = (option: Option, inline: string | undefined, negated: boolean): void => {
    if (option.placeholder === undefined) {
      readFlag(option, inline, negated);
      return;
    }
    let first: Token | undefined = inline === undefined ? undefined : { text: inline, quoted: /\s/.test(inline) };
    const next = tokens[at];
    if (first === undefined && next !== undefined && !isComma(next)) {
      const name = named(row, next);
      if (name === undefined || (name.kind !== 'help' && name.kind !== 'positional' && !name.dashed)) {
        first = next;
        at += 1;
      }
    }
    if (first === undefined) {
      fault({
        argument: option.name,
        wrong: `--${option.name} has no value.`,
        right: `Give one, such as ${usage(option)}.`,
      });
      return;
    }
    put(option, takeMore(first, option));
  };

  const readUnknown = (unknown: Extract<Named, { kind: 'unknown' }>): void => {
    const all = offeredOptions(row)
      .map((option) => `--${option.name}`)
      .join(', ');
    const { meant } = unknown;
    const right = meant
      ? `Did you mean --${meant.name}?`
      : all === ''
        ? `${row.verb} takes no options.`
        : `There are ${all}.`;
    fault(
      { argument: unknown.written, wrong: `${row.verb} has no option ${excerpt(`--${unknown.written}`)}.`, right },
      meant !== undefined,
    );
    const next = tokens[at];
    if (meant) {
      readOption(meant, unknown.inline, false);
    } else if (
      unknown.dashed &&
      unknown.inline === undefined &&
      next &&
      !isComma(next) &&
      named(row, next) === undefined &&
      mayGoOn()
    ) {
      // Its value would otherwise be taken for a target, and be complained of as well.
      at += 1;
    }
  };

  while (at < tokens.length) {
    const token = tokens[at];
    at += 1;
    if (token === undefined || isComma(token) || isDash(token)) continue;
    const name = named(row, token);
    if (name === undefined) loose.push(token.text);
    else if (name.kind === 'option') readOption(name.option, name.inline, name.negated);
    else if (name.kind === 'positional') put(name.positional, [name.inline]);
    else if (name.kind === 'unknown') readUnknown(name);
  }

  for (const positional of row.positionals) {
    if (positional.many ? loose.length > 0 : loose.length > 0 && !values.has(positional.name)) {
      put(positional, loose.splice(0, positional.many ? loose.length : 1));
    }
    if (!positional.optional && !values.has(positional.name)) {
      const wrong = `No ${positional.name} is given.`;
      fault({ argument: positional.name, wrong, right: `Give one, such as ${positional.example}.` });
    }
  }
  if (loose.length > 0) {
    const last = row.positionals.at(-1);
    const right = last ? `${row.verb} takes one ${last.name}.` : `${row.verb} takes none.`;
    fault({
      argument: last?.name ?? row.verb,
      wrong: `${excerpt(withoutMentions(loose.join(' ')))} is more than ${row.verb} takes.`,
      right,
    });
  }
  return { arguments: values, problems, mended };
};
