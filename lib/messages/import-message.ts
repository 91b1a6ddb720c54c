import type { PostalChange } from '../core/import/from-audit.ts';
import { messageBudget } from '../core/limits/limits.ts';
import { escapeText, section, table } from './block-kit/blocks.ts';
import type { Message } from './message.ts';
import { plainRefusal } from './refused-message.ts';

const nothingChanged = 'Nothing was changed.';

/** The file cannot be read, and why. */
export const unreadableFileMessage = (name: string, why: string): Message =>
  plainRefusal([`I can't import ${name}. ${why}`, nothingChanged]);

/** How a file is given: no command line holds one. */
export const howToImportMessage = (): Message =>
  plainRefusal([
    'Send /postal-endpoint import without anything after it: it opens a form for the file. Send /postal-endpoint import --from-postal for the names that fix what the audit of Postal finds.',
    nothingChanged,
  ]);

/** Rows that fit into one message. */
const mostRows = 50;

/** What to enter in Postal once the names are registered, endpoint by endpoint. */
export const inPostalMessage = (changes: readonly PostalChange[]): Message => {
  const cells = changes.map(({ server, name, field, from, to }) => [
    server,
    name,
    field,
    from === '' ? 'blank' : from,
    to,
  ]);
  let characters = 0;
  const fitting = cells.slice(0, mostRows).filter((row) => {
    characters += row.join('').length;
    return characters <= messageBudget.tableCharacters;
  });
  const more = cells.length - fitting.length;
  const head = `Afterwards in Postal → Routing → SMTP Endpoints: ${changes.length} ${changes.length === 1 ? 'field' : 'fields'} to change`;
  const rest =
    more === 0 ? '' : `\n${more} more are not shown: postal-endpoint import --from-audit lists all of them in a shell.`;
  return {
    text: [head, ...fitting.map((row) => escapeText(row.join(' · ')))].join('\n'),
    blocks: [section(`*${head}*${rest}`), table(['server', 'endpoint', 'field', 'now', 'enter'], fitting, [1])],
  };
};
