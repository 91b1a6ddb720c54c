import { digestOf } from '../base/digest.ts';
import type { Definition } from '../endpoint/definition.ts';
import type { Hostname } from '../endpoint/hostname.ts';
import { addressesByFamily } from '../endpoint/targets.ts';
import { formatMarker, markerName, markerOf } from './marker.ts';
import { type ManagedType, type RecordChange, type RecordSet, recordSetKey } from './record-set.ts';

export const changeVerbs = ['add', 'update', 'remove', 'adopt', 'undo', 'failover'] as const;
export type ChangeVerb = (typeof changeVerbs)[number];

/** What must happen before a plan is applied. */
export type Release =
  | { readonly kind: 'at-once' }
  /** The requester has to confirm it. */
  | { readonly kind: 'confirmation' }
  /** A second person has to approve it, who is asked in `channelId`; `because` names the policy's rule. `onAccountOf`: a name that leads to this one, whose rule it is. */
  | {
      readonly kind: 'approval';
      readonly channelId: string;
      readonly because: string;
      readonly onAccountOf?: string;
    }
  /** Applied at once in spite of a rule that needs a second person; `because` names the rule, `reason` is the requester's own. */
  | { readonly kind: 'break-glass'; readonly because: string; readonly reason: string };

/** A wildcard that answers for a name while it has no record of its own: its name and its address records. */
export type WildcardUnder = { readonly name: string; readonly sets: readonly RecordSet[] };

/** A change as data: what is at the name and its marker before, what is to be there after, under which policy, until when. */
export type Plan = {
  readonly verb: ChangeVerb;
  readonly hostname: Hostname;
  readonly zoneId: string;
  readonly before: readonly RecordSet[];
  readonly after: readonly RecordSet[];
  readonly definitionBefore?: Definition;
  readonly definitionAfter?: Definition;
  readonly generation: number;
  /** Of an undo: the change that it takes back. */
  readonly undoes?: string;
  /** Of a failover that goes back: the failover after which the name led to its standby. */
  readonly goesBackOn?: string;
  /** Of a failover: Postal can deliver where the name leads, and cannot where it would lead. It is released with `--force` only. */
  readonly breaksDelivery?: true;
  /** Where the name is led elsewhere: seconds after which every resolver knows. */
  readonly effectiveWithinSeconds?: number;
  /** Of a name that gets its first record, or loses its last: the wildcard that answers for it before, or after. */
  readonly wildcard?: WildcardUnder;
  readonly release: Release;
  readonly policyVersion: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** SHA-256, hex, over the RFC 8785 JSON of everything else. */
  readonly digest: string;
};

/** How long a plan may wait before it is applied, unless policy says otherwise. */
export const defaultPlanMinutes = 15;

/** The record sets that a definition stands for: A, AAAA or CNAME at the hostname, and the marker beside it. */
export const recordSetsOf = (
  definition: Definition,
  change: { readonly changeId: string; readonly generation: number },
): RecordSet[] => {
  const { hostname, targets, ttlSeconds } = definition;
  const { ipv4, ipv6 } = addressesByFamily(targets);
  const sets: readonly [name: string, type: ManagedType, values: readonly string[]][] = [
    [hostname, 'A', ipv4],
    [hostname, 'AAAA', ipv6],
    [hostname, 'CNAME', targets.kind === 'cname' ? [targets.cname] : []],
    [markerName(hostname), 'TXT', formatMarker(markerOf(definition, change))],
  ];
  return sets
    .filter(([, , values]) => values.length > 0)
    .map(([name, type, values]) => ({ name, type, ttlSeconds, values }));
};

/** SHA-256, lower-case hex, over the RFC 8785 JSON of everything in a plan but its digest. */
export const planDigest = (plan: Omit<Plan, 'digest'>): string => {
  const { digest: _, ...rest } = { digest: undefined, ...plan };
  return digestOf(rest);
};

/** What a plan is made of, whatever its verb. */
export type PlanRequest = {
  readonly verb: ChangeVerb;
  readonly hostname: Hostname;
  readonly zoneId: string;
  /** What is at the name and its marker. */
  readonly existing: readonly RecordSet[];
  readonly definitionBefore?: Definition | undefined;
  readonly definitionAfter?: Definition | undefined;
  /** Of an undo: the change that it takes back, and the record sets that it goes back to where nothing is to be registered. */
  readonly undoes?: { readonly changeId: string; readonly before: readonly RecordSet[] };
  /** Of a failover that goes back: the change that had failed over. */
  readonly goesBackOn?: string | undefined;
  readonly changeId: string;
  readonly generation: number;
  readonly release?: Release;
  readonly policyVersion: string;
  readonly planMinutes?: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
};

const recordsAfter = ({
  definitionAfter,
  undoes,
  hostname,
  existing,
  ...change
}: PlanRequest): readonly RecordSet[] => {
  if (definitionAfter !== undefined) {
    // A set that is equal in DNS stays as it is spelt: two tools would otherwise rewrite it in turn.
    const present = new Map(existing.map((recordSet) => [recordSetKey(recordSet), recordSet]));
    return recordSetsOf(definitionAfter, change).map((recordSet) => present.get(recordSetKey(recordSet)) ?? recordSet);
  }
  return undoes === undefined ? [] : undoes.before.filter(({ name }) => name !== markerName(hostname));
};

/** The plan of a change: what is there now, and what is to be there after. */
export const makePlan = (request: PlanRequest): Plan => {
  const {
    verb,
    hostname,
    zoneId,
    existing,
    definitionBefore,
    definitionAfter,
    undoes,
    goesBackOn,
    generation,
    policyVersion,
    now,
  } = request;
  const plan: Omit<Plan, 'digest'> = {
    verb,
    hostname,
    zoneId,
    before: existing,
    after: recordsAfter(request),
    ...(definitionBefore === undefined ? {} : { definitionBefore }),
    ...(definitionAfter === undefined ? {} : { definitionAfter }),
    generation,
    ...(undoes === undefined ? {} : { undoes: undoes.changeId }),
    ...(goesBackOn === undefined ? {} : { goesBackOn }),
    release: request.release ?? { kind: 'at-once' },
    policyVersion,
    expiresAt: new Date(now + (request.planMinutes ?? defaultPlanMinutes) * 60_000).toISOString(),
  };
  return { ...plan, digest: planDigest(plan) };
};

/** The same plan with more known of it, and the digest of that. */
export const amendedPlan = (
  { digest: _, ...plan }: Plan,
  more: Partial<Pick<Plan, 'release' | 'effectiveWithinSeconds' | 'wildcard' | 'breaksDelivery'>>,
): Plan => {
  const amended = { ...plan, ...more };
  return { ...amended, digest: planDigest(amended) };
};

/**
 * The change batch of a plan. Route 53 applies a batch in order and as a whole, so the DELETEs of what came before come first and carry the exact
 * old sets: if anything at the name has changed since the plan was made, nothing happens. That is why a set that stays is named, too.
 */
export const changeBatch = ({ before, after }: Pick<Plan, 'before' | 'after'>): RecordChange[] => [
  ...before.map((recordSet): RecordChange => ({ action: 'DELETE', recordSet })),
  ...after.map((recordSet): RecordChange => ({ action: 'CREATE', recordSet })),
];
