import type { Hostname } from '../../endpoint/hostname.ts';
import type { Predicted } from '../../postal/predictions/predicted.ts';
import type { Fault } from './fault.ts';

/**
 * What one look found of one endpoint, best first.
 *
 * | state | means |
 * | --- | --- |
 * | `up` | Postal gets in at every address, as the definition wishes |
 * | `degraded` | Postal gets in, but some address does not answer; or it would still be waiting for an answer |
 * | `plaintext` | Postal gets in, and what was encrypted before no longer is |
 * | `drifted` | DNS says something else than what is registered |
 * | `down` | Postal does not get in: mail waits or bounces |
 * | `inconclusive` | nothing can be said: greylisting, 421, or the prober or its resolver in trouble |
 */
export const endpointStates = ['up', 'degraded', 'plaintext', 'drifted', 'down', 'inconclusive'] as const;
export type EndpointState = (typeof endpointStates)[number];

/** What failed, in a closed word, so that many endpoints that fail for one cause can be told together. */
export const causes = [
  'resolver',
  'prober',
  'policy',
  'unreachable',
  'refused',
  'timeout',
  'tls',
  'smtp',
  'dns',
  'busy',
] as const;
export type Cause = (typeof causes)[number];

/** One look at one endpoint. Pure data: nothing of it says whether anybody is to be told. */
export type Observation = {
  readonly hostname: Hostname;
  /** Milliseconds since the epoch, of the probe's start. */
  readonly atMs: number;
  readonly state: EndpointState;
  /** What Postal does with mail right now, in one sentence; may quote a server: untrusted text. */
  readonly sentence: string;
  /** Findings with their remedies, the first to be done first; untrusted text. */
  readonly findings: readonly { readonly code: string; readonly text: string; readonly remedy?: string }[];
  /** Whether Postal gets in encrypted. */
  readonly encrypted: boolean;
  /** What Postal's next delivery comes to, as far as a probe goes; absent: the probe does not show it. */
  readonly predicted?: Exclude<Predicted, 'unknown'>;
  /** From connect to the last reply at the address where Postal settles. */
  readonly latencyMs?: number;
  /** Of the certificate that Postal meets; milliseconds since the epoch. */
  readonly certificateExpiresAtMs?: number;
  /** Absent with `up`. */
  readonly cause?: Cause;
  /** The targets that fail, in Postal's order; absent or empty where it is no target that fails, as in DNS. */
  readonly faults?: readonly Fault[];
};
