import * as z from 'zod';
import { faultSchema } from './fault.ts';
import { causes } from './observation.ts';
import { standbyHealthSchema } from './standby.ts';

/** What can be said of an endpoint, best first. */
export const confirmedStates = ['up', 'degraded', 'plaintext', 'drifted', 'down'] as const;
export type ConfirmedState = (typeof confirmedStates)[number];
const confirmed = z.enum(confirmedStates);

/** What an incident says of its endpoint; untrusted text. */
export const saidSchema = z.strictObject({
  sentence: z.string(),
  findings: z.array(z.strictObject({ code: z.string(), text: z.string(), remedy: z.string().exactOptional() })),
});
export type Said = z.infer<typeof saidSchema>;

const lookSchema = z.strictObject({
  state: confirmed,
  atMs: z.int(),
  cause: z.enum(causes).exactOptional(),
  faults: z.array(faultSchema).exactOptional(),
  said: saidSchema.exactOptional(),
});
export type Look = z.infer<typeof lookSchema>;

/** What watch remembers of one endpoint between rounds. Small, and unchanged while nothing changes, so that a steady endpoint costs no write. */
export const healthSchema = z.strictObject({
  /** The state that people are told: reached only after as many looks as the rules ask for. */
  state: confirmed,
  /** Milliseconds since the epoch, of the first look that saw this state. */
  sinceMs: z.int(),
  /** The last conclusive looks, oldest first, from the first on that differs from `state`; empty while all is steady. */
  recent: z.array(lookSchema),
  /** What the endpoint last suffered from: its incident goes by this. Kept after a recovery, for a relapse soon after belongs to it. */
  trouble: z
    .strictObject({
      sinceMs: z.int(),
      comesAndGoes: z.literal(true).exactOptional(),
      /** Of the last bad look after a recovery, confirmed or not. */
      badMs: z.int().exactOptional(),
      /** The targets that failed when it was last confirmed as bad; absent: none, or unknown. */
      faults: z.array(faultSchema).exactOptional(),
    })
    .exactOptional(),
  /** What is to be said of `state`, unless it is `up`. */
  said: saidSchema.exactOptional(),
  /** Since when prober, resolver or policy have kept watch from seeing this endpoint. */
  blind: z
    .strictObject({
      sinceMs: z.int(),
      cause: z.enum(['prober', 'resolver', 'policy']),
      /** At how many looks in a row, counted no further than the rules ask for; absent: one. */
      looks: z.int().exactOptional(),
    })
    .exactOptional(),
  /** Whether Postal was ever seen to get in encrypted: without encryption it has lost something then. */
  encrypted: z.literal(true).exactOptional(),
  /** Milliseconds since the epoch, of the certificate last met; absent where Postal now gets in without encryption. */
  certificateExpiresAtMs: z.int().exactOptional(),
  /** What the last probe of the standby found. */
  standby: standbyHealthSchema.exactOptional(),
});
export type Health = z.infer<typeof healthSchema>;
