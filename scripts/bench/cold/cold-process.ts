import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';

const run = promisify(execFile);
const timeoutMs = 30_000;

const measuredSchema = z.object({
  loadMs: z.number(),
  firstMs: z.number(),
  peakMegabytes: z.number(),
  answer: z.looseObject({ statusCode: z.number(), body: z.string().default('') }).optional(),
});

/** What one fresh process took to load a bundle, and to load it and answer its first request. */
export type Measured = z.infer<typeof measuredSchema>;

/** Files of one cold start. `event`, absent, leaves it at loading. */
export type ColdStart = { readonly loader: string; readonly bundle: string; readonly event?: string };

/** Loads a bundle in a fresh process that has nothing of this one's environment. Throws when the process fails. */
export const coldStart = async (
  { loader, bundle, event }: ColdStart,
  env: Readonly<Record<string, string>>,
): Promise<Measured> => {
  const { stdout } = await run(process.execPath, [loader, bundle, ...(event === undefined ? [] : [event])], {
    env,
    timeout: timeoutMs,
  });
  // A handler logs to standard output as well; what was measured is the last line.
  return measuredSchema.parse(JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)));
};
