import * as z from 'zod/mini';
import { optionalText, text } from './fields.ts';
import { row } from './row.ts';

const file = z.strictObject({
  name: text,
  /** Octets, as Slack counts them. */
  size: z.int().check(z.minimum(0)),
  /** Where its bytes are, for the bot's token. */
  url: text,
});

/** A file of endpoints. It has no command line: its form hands over the file, or the pasted text. */
export const importRow = row({
  verb: 'import',
  summary:
    'Register many hostnames from a file: a spreadsheet as CSV, a zone file, JSON lines, or what audit --json wrote',
  positionals: [],
  options: [],
  example: 'import',
  form: 'import',
  fields: { file: z.exactOptional(file), pasted: optionalText, zone: optionalText },
  command: () => ({ verb: 'import' }),
  doing: ({ file: given, pasted }) =>
    `Reading ${given?.name ?? `the pasted text of ${pasted?.length ?? 0} characters`}; nothing is changed before you confirm it`,
});
