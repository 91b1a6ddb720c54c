import * as z from 'zod/mini';
import { optionalFlag, optionalText, text } from './fields.ts';
import { row } from './row.ts';
import { given } from './row-parts.ts';

const file = z.strictObject({
  name: text,
  /** Octets, as Slack counts them. */
  size: z.int().check(z.minimum(0)),
  /** Where its bytes are, for the bot's token. */
  url: text,
});

/** A file of endpoints, which its form hands over; or what fixes the last audit of Postal, which is a command line. */
export const importRow = row({
  verb: 'import',
  summary: 'Register many hostnames from a file: CSV, a zone file, JSON lines, or the output of audit --json',
  positionals: [],
  options: [
    { name: 'from-postal', help: 'in place of a file: names that fix what audit finds' },
    {
      name: 'only',
      placeholder: 'hostname',
      reads: 'host',
      example: '10.0.4.12',
      help: 'with --from-postal: only endpoints with this hostname',
    },
    {
      name: 'server',
      placeholder: 'acme/production',
      reads: 'word',
      example: 'acme/production',
      help: 'with --from-postal: only this mail server',
    },
  ],
  example: 'import',
  form: 'import',
  fields: {
    file: z.exactOptional(file),
    pasted: optionalText,
    zone: optionalText,
    fromPostal: optionalFlag,
    only: optionalText,
    server: optionalText,
  },
  command: (values) => ({
    verb: 'import',
    ...(values.flag('from-postal') ? { fromPostal: true as const } : {}),
    ...given(values, 'only'),
    ...given(values, 'server'),
  }),
  doing: ({ file: handed, pasted, fromPostal }) => {
    const what =
      fromPostal === true
        ? 'what Postal has'
        : (handed?.name ?? `the pasted text of ${pasted?.length ?? 0} characters`);
    return `Reading ${what}; nothing is changed before you confirm it`;
  },
});
