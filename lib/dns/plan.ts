import type { Definition } from '../endpoint/definition.ts';
import type { Hostname } from '../endpoint/hostname.ts';
import { addressesByFamily } from '../endpoint/targets.ts';
import { digestOf } from '../ledger/digest.ts';
import { formatMarker, markerName, markerOf } from './marker.ts';
import { type ManagedType, type RecordChange, type RecordSet, recordSetKey } from './record-set.ts';

export type ChangeVerb = 'add';

/** A change as data: what stands at the name and its marker before, what is to stand there after, under which policy, until when. */
export type Plan = {
  readonly verb: ChangeVerb;
  readonly hostname: Hostname;
  readonly zoneId: string;
  readonly before: readonly RecordSet[];
  readonly after: readonly RecordSet[];
  readonly definitionBefore?: Definition;
  readonly definitionAfter?: Definition;
  readonly generation: number;
  readonly policyVersion: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** SHA-256, hex, over the RFC 8785 JSON of everything else. */
  readonly digest: string;
};

/** How long a plan may wait before it is applied. */
const planLifetimeMs = 15 * 60 * 1000;

/** The record sets that a definition stands for: A, AAAA or CNAME at the hostname, and the marker beside it. */
export const recordSetsOf = (definition: Definition, change: { readonly changeId: string; readonly generation: number }): RecordSet[] => {
  const { hostname, targets, ttlSeconds } = definition;
  const { ipv4, ipv6 } = addressesByFamily(targets);
  const sets: readonly [name: string, type: ManagedType, values: readonly string[]][] = [
    [hostname, 'A', ipv4],
    [hostname, 'AAAA', ipv6],
    [hostname, 'CNAME', targets.kind === 'cname' ? [targets.cname] : []],
    [markerName(hostname), 'TXT', formatMarker(markerOf(definition, change))],
  ];
  return sets.filter(([, , values]) => values.length > 0).map(([name, type, values]) => ({ name, type, ttlSeconds, values }));
};

/** SHA-256, lower-case hex, over the RFC 8785 JSON of everything in a plan but its digest. */
export const planDigest = (plan: Omit<Plan, 'digest'>): string => {
  const { digest: _, ...rest } = { digest: undefined, ...plan };
  return digestOf(rest);
};

/** The plan that registers a hostname. `existing` is what stands at the name and its marker; `now` is in milliseconds since the epoch. */
export const makeAddPlan = (request: {
  readonly definition: Definition;
  readonly zoneId: string;
  readonly existing: readonly RecordSet[];
  readonly changeId: string;
  readonly generation: number;
  readonly policyVersion: string;
  readonly now: number;
}): Plan => {
  const { definition, zoneId, existing, generation, policyVersion, now } = request;
  const plan: Omit<Plan, 'digest'> = {
    verb: 'add',
    hostname: definition.hostname,
    zoneId,
    before: existing,
    after: recordSetsOf(definition, request),
    definitionAfter: definition,
    generation,
    policyVersion,
    expiresAt: new Date(now + planLifetimeMs).toISOString(),
  };
  return { ...plan, digest: planDigest(plan) };
};

/**
 * The change batch of a plan. Route 53 applies a batch in order and as a whole, so the DELETEs of what stood before come first and carry the exact
 * old sets: if anything has changed since the plan was made, nothing happens. A set that stays is left out; the marker never stays.
 */
export const changeBatch = ({ before, after }: Pick<Plan, 'before' | 'after'>): RecordChange[] => {
  const stood = new Set(before.map(recordSetKey));
  const stands = new Set(after.map(recordSetKey));
  return [
    ...before.filter((recordSet) => !stands.has(recordSetKey(recordSet))).map((recordSet): RecordChange => ({ action: 'DELETE', recordSet })),
    ...after.filter((recordSet) => !stood.has(recordSetKey(recordSet))).map((recordSet): RecordChange => ({ action: 'CREATE', recordSet })),
  ];
};
