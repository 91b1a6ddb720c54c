import * as z from 'zod';
import { sslModes } from '../../endpoint/definition.ts';
import { normaliseName } from '../../endpoint/hostname.ts';
import type { Registry } from './registry.ts';

/** One registered hostname as `export --registry` and `list --json` write it. Further members are passed over. */
const entrySchema = z.object({
  hostname: z.string().min(1),
  port: z.number().int().min(1).max(65_535),
  sslMode: z.enum(sslModes),
});

/** Reads the JSON of a registry file; a string says what is wrong with it. */
export const readRegistry = (value: unknown): Registry | string => {
  const parsed = z.array(entrySchema).safeParse(value);
  if (parsed.success) {
    const entries = parsed.data.map(
      ({ hostname, port, sslMode }) => [normaliseName(hostname), { port, sslMode }] as const,
    );
    return { registrations: new Map(entries), isComplete: true, unknown: new Set() };
  }
  const { path = [], message = 'cannot be read' } = parsed.error.issues[0] ?? {};
  return `${path.length === 0 ? '' : `${path.join('.')}: `}${message}`;
};
