import { nearest } from './nearest.ts';
import type { Option, Positional, Syntax } from './row.ts';
import type { Token } from './tokens.ts';

/** What a token says by name. */
export type Named =
  | {
      readonly kind: 'option';
      readonly option: Option;
      readonly dashed: boolean;
      readonly inline?: string;
      readonly negated: boolean;
    }
  | { readonly kind: 'positional'; readonly positional: Positional; readonly inline: string }
  | { readonly kind: 'help' }
  | {
      readonly kind: 'unknown';
      readonly written: string;
      readonly dashed: boolean;
      readonly inline?: string;
      readonly meant?: Option;
    };

// Keyboards make one long dash of two hyphens, sometimes of only one of them.
const doubleDash = /^(?:--+|[—–―−‒][-—–―−‒]?|-[—–―−‒])(?=[a-z])/i;
const singleDash = /^[-‐‑](?=[a-z])/i;
const keyValue = /^([a-z][a-z_—–-]*)=/i;

/** `SSL_Mode`, `sslmode` and `ssl—mode` are all `ssl-mode`. */
const squeezed = (name: string): string => name.toLowerCase().replace(/[-_—–]/g, '');
const byName = <Item extends { readonly name: string }>(items: readonly Item[], name: string): Item | undefined =>
  items.find((item) => squeezed(item.name) === squeezed(name));

const split = (text: string): { readonly name: string; readonly inline?: string } => {
  const at = text.indexOf('=');
  return at < 0 ? { name: text } : { name: text.slice(0, at), inline: text.slice(at + 1) };
};

const negatedFlag = (row: Syntax, name: string): Option | undefined => {
  const option = /^no[-_]/i.test(name) ? byName(row.options, name.slice(3)) : undefined;
  return option?.placeholder === undefined ? option : undefined;
};

/** Reads a token that names an option or a positional of the row: `--name`, `—name`, `-name`, `name=value`. Undefined for a plain value. */
export const named = (row: Syntax, token: Token): Named | undefined => {
  if (token.quoted) return undefined;
  const dashes = doubleDash.exec(token.text)?.[0];
  const dash = dashes === undefined ? singleDash.exec(token.text)?.[0] : undefined;
  const dashed = dashes !== undefined || dash !== undefined;
  if (!dashed && !keyValue.test(token.text)) return undefined;

  const { name, inline } = split(token.text.slice((dashes ?? dash ?? '').length));
  const value = inline === undefined || inline === '' ? {} : { inline };
  if (dashed && (squeezed(name) === 'help' || (dash !== undefined && name.toLowerCase() === 'h')))
    return { kind: 'help' };
  const option = byName(row.options, name);
  if (option) return { kind: 'option', option, dashed, ...value, negated: false };
  const negated = dashed ? negatedFlag(row, name) : undefined;
  if (negated) return { kind: 'option', option: negated, dashed, negated: true };
  const positional = byName(row.positionals, name);
  if (positional && inline) return { kind: 'positional', positional, inline };
  // A name may begin with a hyphen by mistake, and it is the rules' to say so.
  if (dash !== undefined && (inline === undefined || name.includes('.'))) return undefined;
  const closest = nearest(
    name,
    row.options.map((candidate) => candidate.name),
  );
  const meant = closest === undefined ? undefined : byName(row.options, closest);
  return { kind: 'unknown', written: name, dashed, ...value, ...(meant ? { meant } : {}) };
};
