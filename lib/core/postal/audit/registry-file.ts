import * as z from 'zod';
import { sslModes } from '../../endpoint/definition.ts';
import { normaliseName } from '../../endpoint/hostname.ts';
import type { Registry } from './registry.ts';

/** What an audit needs of a registered hostname. Further members are passed over. */
const entrySchema = z.object({
  hostname: z.string().min(1),
  port: z.number().int().min(1).max(65_535),
  sslMode: z.enum(sslModes),
});

/** Lines of JSON, as `export --format jsonl` and `list --format jsonl` write them, or one JSON array. */
const valuesIn = (text: string): unknown => {
  if (text.trimStart().startsWith('[')) return JSON.parse(text);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line));
};

const readJson = (text: string): unknown => {
  try {
    return valuesIn(text);
  } catch {
    return undefined;
  }
};

/** Reads a registry file; a string says what is wrong with it. */
export const readRegistry = (text: string): Registry | string => {
  const values = readJson(text);
  if (values === undefined) return 'it is not JSON';
  const parsed = z.array(entrySchema).safeParse(values);
  if (parsed.success) {
    const entries = parsed.data.map(
      ({ hostname, port, sslMode }) => [normaliseName(hostname), { port, sslMode }] as const,
    );
    return { registrations: new Map(entries), isComplete: true, unknown: new Set() };
  }
  const { path = [], message = 'cannot be read' } = parsed.error.issues[0] ?? {};
  return `${path.length === 0 ? '' : `entry ${path.join('.')}: `}${message}`;
};
