import * as z from 'zod';
import { ways } from '../health/fault.ts';

/**
 * What an incident is about: one cause, whatever number of endpoints suffer from it.
 *
 * | kind | cause |
 * | --- | --- |
 * | `target` | a machine: endpoints that fail in the same way at the same address, at any port |
 * | `zone` | most names of one zone no longer resolve |
 * | `single` | one endpoint that shares its cause with no other |
 * | `deliveries` | one hostname that the probe gets into or that nobody registered, and Postal's deliveries fail there |
 * | `certificate` | a certificate that is about to expire, at one endpoint or at many |
 * | `mass-outage` | many endpoints without a common target fail together |
 * | `resolver` | watch cannot check endpoints because the resolver fails |
 * | `prober` | the same, because the prober fails |
 * | `policy` | the same, because the policy does not let the prober connect there |
 * | `history` | the nightly verification of the history found a fault, or was not done |
 * | `watch` | watch itself gets too little done: rounds are cut short, or the queue makes no progress |
 */
export const incidentCauseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('target'), target: z.string(), way: z.enum(ways) }),
  z.strictObject({ kind: z.literal('zone'), zone: z.string() }),
  z.strictObject({ kind: z.literal('single'), hostname: z.string() }),
  z.strictObject({ kind: z.literal('deliveries'), hostname: z.string() }),
  z.strictObject({ kind: z.literal('certificate'), expiresAtMs: z.int() }),
  z.strictObject({ kind: z.literal('mass-outage') }),
  z.strictObject({ kind: z.literal('resolver') }),
  z.strictObject({ kind: z.literal('prober') }),
  z.strictObject({ kind: z.literal('policy') }),
  z.strictObject({ kind: z.literal('history') }),
  z.strictObject({ kind: z.literal('watch'), what: z.enum(['rounds', 'queue']) }),
]);
export type IncidentCause = z.infer<typeof incidentCauseSchema>;

/** The same text for the same cause; it begins the id of an incident. */
export const causeKey = (cause: IncidentCause): string => {
  switch (cause.kind) {
    case 'target':
      return `target-${cause.target}-${cause.way}`;
    case 'zone':
      return `zone-${cause.zone}`;
    case 'single':
      return `endpoint-${cause.hostname}`;
    case 'deliveries':
      return `deliveries-${cause.hostname}`;
    case 'certificate':
      return `certificate-${cause.expiresAtMs}`;
    case 'watch':
      return `watch-${cause.what}`;
    case 'mass-outage':
    case 'resolver':
    case 'prober':
    case 'policy':
    case 'history':
      return cause.kind;
  }
};
