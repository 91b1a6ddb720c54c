import type { Arguments } from './arguments.ts';
import type { Syntax } from './row.ts';

/** Dashes that no keyboard makes of a hyphen, for a class of a regular expression: before a name they are taken for hyphens. */
export const oddDashes = '\uff0d\ufe63\ufe58\u2043\u2e3a\u2e3b\u30fc';

const needsQuotes = new RegExp(`[\\s,"“”„‟«»'‘’‚‛\`\\\\=]|^$|^[-—–―−‒‐‑${oddDashes}]|^(?:→|=>|\\?|help)$`, 'i');
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
