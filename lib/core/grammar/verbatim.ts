import type { Arguments } from './arguments.ts';
import { named } from './option-token.ts';
import type { Option, Syntax } from './row.ts';
import type { Problem } from './understood.ts';

type Verbatim = { readonly arguments: Arguments; readonly problems: readonly Problem[]; readonly text: string };

/** The switch that a word is, where it is one: `--share`, also with the dash that keyboards make of two hyphens. */
const switchOf = (row: Syntax, word: string | undefined): Option | undefined => {
  if (word === undefined || !/^[-—–―−‒]/.test(word)) return undefined;
  const name = named(row, { text: word, quoted: false });
  return name?.kind === 'option' && name.option.placeholder === undefined && !name.negated && name.inline === undefined
    ? name.option
    : undefined;
};

/**
 * Reads a text that is taken word for word: quotes, dashes, `key=value` and line ends are its own. A switch counts as its very first or very last word
 * and nowhere else, for a log may hold anything.
 */
export const readVerbatim = (row: Syntax, written: string): Verbatim => {
  const whole = written.trim();
  const [first = ''] = /^\S+/.exec(whole) ?? [];
  const last = whole.slice(whole.search(/\S*$/));
  const leading = switchOf(row, first);
  const trailing = leading === undefined ? switchOf(row, last) : undefined;
  const option = leading ?? trailing;
  const text = (
    leading ? whole.slice(first.length) : trailing ? whole.slice(0, whole.length - last.length) : whole
  ).trim();
  const [positional] = row.positionals;
  const name = positional?.name ?? 'text';
  const missing: Problem = {
    argument: name,
    wrong: `No ${name} is given.`,
    right: `Paste it behind ${row.verb}, such as ${positional?.example ?? row.example}`,
  };
  return {
    arguments: new Map([
      ...(text === '' ? [] : [[name, [text]] as const]),
      ...(option === undefined ? [] : [[option.name, []] as const]),
    ]),
    problems: text === '' ? [missing] : [],
    text: [row.verb, ...(option === undefined ? [] : [`--${option.name}`]), text].join(' '),
  };
};
