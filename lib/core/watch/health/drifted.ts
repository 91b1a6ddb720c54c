import * as z from 'zod';

/** A name whose ledger, marker and records in Route 53 differ, as it is stored. */
export const driftedSchema = z.strictObject({
  /** Milliseconds since the epoch, of the comparison that found it first. */
  sinceMs: z.int(),
  finding: z.strictObject({ code: z.string(), text: z.string(), remedy: z.string() }),
});

/** A name for which ledger, marker and Route 53 do not say the same. */
export type Drifted = z.infer<typeof driftedSchema>;
