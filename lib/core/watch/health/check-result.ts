import * as z from 'zod';
import { endpointStates } from './observation.ts';

/** One endpoint of a check of many. */
export const checkedRowSchema = z.strictObject({
  hostname: z.string(),
  /** On one line: `10.0.4.12, 10.0.4.13`; absent from results of before it was kept. */
  target: z.string().exactOptional(),
  /** Absent: it was not reached in time. */
  state: z.enum(endpointStates).exactOptional(),
  /** What Postal does there, in a few words. */
  brief: z.string(),
  /** From connect to the last reply, where Postal settles. */
  latencyMs: z.number().exactOptional(),
});
export type CheckedRow = z.output<typeof checkedRowSchema>;

export const checkHeadSchema = z.strictObject({
  /** `all`, or a pattern, and the filter: what follows `check` in its command line. */
  asked: z.string(),
  userId: z.string(),
  /** Milliseconds since the epoch. */
  atMs: z.int(),
  durationMs: z.int(),
  /** What kept the prober from its work, a sentence each. */
  troubles: z.array(z.string()),
  parts: z.int(),
});

/** A finished check of many; its pages are shown from here, none of them looks again. */
export type CheckResult = Omit<z.output<typeof checkHeadSchema>, 'parts'> & {
  /** The worst first. */
  readonly rows: readonly CheckedRow[];
};
