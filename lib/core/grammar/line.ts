import type { Arguments } from './arguments.ts';
import type { Syntax } from './row.ts';

const needsQuotes = /[\s,"“”„‟«»'‘’‚‛`\\=]|^$|^[-—–―−‒‐‑]|^(?:→|=>|\?|help)$/i;
const quoted = (value: string): string =>
  needsQuotes.test(value) ? `"${value.replace(/[\\"“”„‟«»]/g, (character) => `\\${character}`)}"` : value;

/** A command line in its normal form: positionals, then options in the table's order; understood again, it gives the same. */
export const commandLine = (row: Syntax, given: Arguments): string =>
  [
    row.verb,
    ...row.positionals.flatMap(({ name }) => (given.get(name) ?? []).map(quoted)),
    ...row.options.flatMap(({ name }) => {
      const values = given.get(name);
      return values === undefined ? [] : [`--${name}`, ...values.map(quoted)];
    }),
  ].join(' ');
