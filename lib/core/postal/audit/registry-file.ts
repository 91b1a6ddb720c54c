import * as z from 'zod';
import { type Definition, sslModes } from '../../endpoint/definition.ts';
import { normaliseName } from '../../endpoint/hostname.ts';
import { registryRow } from '../../endpoint/registry-row.ts';
import type { Registry } from './registry.ts';

/** What an audit needs of a registered hostname. Further members are passed over. */
const entrySchema = z.object({
  hostname: z.string().min(1),
  port: z.number().int().min(1).max(65_535),
  sslMode: z.enum(sslModes),
});

/** Lines of JSON, as `export --registry` and `list --json` write them, or one JSON array. */
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

/** The registry as a file: a line of JSON for each hostname. */
export const registryFile = (definitions: readonly Definition[]): string =>
  definitions.map((definition) => `${JSON.stringify(registryRow(definition))}\n`).join('');
