import * as z from 'zod';
import { changeVerbs, type Plan, type Release } from '../dns/plan.ts';
import type { RecordSet } from '../dns/record-set.ts';
import { type Definition, sslModes, type Targets } from '../endpoint/definition.ts';
import type { Hostname } from '../endpoint/hostname.ts';
import { bulkSources } from './bulk-entry.ts';
import type { Actor, Entry, EntryBody } from './entry.ts';

const text = z.string().min(1);
const instant = z.iso.datetime();
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits');

// A name went through parseHostname before it was written, and from then on the hash chain vouches for it.
const hostname = z.custom<Hostname>((value) => typeof value === 'string' && value.length > 0, 'a hostname');

const foreign = z.enum([
  'type',
  'alias',
  'weighted',
  'latency',
  'failover',
  'geolocation',
  'multivalue',
  'health-check',
  'traffic-policy',
]);

const recordSet: z.ZodType<RecordSet> = z.strictObject({
  name: text,
  type: text,
  ttlSeconds: z.int().min(0),
  values: z.array(z.string()),
  foreign: foreign.exactOptional(),
});

const targets: z.ZodType<Targets> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('addresses'), addresses: z.array(text) }),
  z.strictObject({ kind: z.literal('cname'), cname: hostname }),
]);

/** Exactly a definition. */
export const definitionSchema: z.ZodType<Definition> = z.strictObject({
  hostname,
  targets,
  standby: targets.exactOptional(),
  port: z.int().min(1).max(65_535),
  sslMode: z.enum(sslModes),
  ttlSeconds: z.int().min(0),
  name: z.string().exactOptional(),
  owner: z.string().exactOptional(),
  note: z.string().exactOptional(),
});

const changeVerb = z.enum(changeVerbs);

const release: z.ZodType<Release> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('at-once') }),
  z.strictObject({ kind: z.literal('confirmation') }),
  z.strictObject({
    kind: z.literal('approval'),
    channelId: text,
    because: text,
    onAccountOf: text.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('break-glass'), because: text, reason: text }),
]);

const plan: z.ZodType<Plan> = z.strictObject({
  verb: changeVerb,
  hostname,
  zoneId: text,
  before: z.array(recordSet),
  after: z.array(recordSet),
  definitionBefore: definitionSchema.exactOptional(),
  definitionAfter: definitionSchema.exactOptional(),
  generation: z.int().min(0),
  undoes: text.exactOptional(),
  goesBackOn: text.exactOptional(),
  breaksDelivery: z.literal(true).exactOptional(),
  effectiveWithinSeconds: z.int().min(0).exactOptional(),
  wildcard: z.strictObject({ name: text, sets: z.array(recordSet) }).exactOptional(),
  release,
  policyVersion: text,
  expiresAt: instant,
  digest: sha256,
});

const actor: z.ZodType<Actor> = z.strictObject({
  teamId: z.string(),
  enterpriseId: text.exactOptional(),
  userId: z.string(),
  userName: z.string(),
  channelId: z.string(),
});

const announcedChange = z.strictObject({ hostname: text, changeId: text, hashes: z.array(sha256) });

const body: z.ZodType<EntryBody> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('refused'),
    requestId: text,
    verb: z.string(),
    actor,
    text: z.string(),
    reasons: z.array(z.string()),
  }),
  z.strictObject({
    kind: z.literal('requested'),
    changeId: text,
    requestId: text,
    verb: changeVerb,
    actor,
    text: z.string(),
    plan,
    warnings: z.array(z.string()),
    partOf: text.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('approved'),
    changeId: text,
    requestId: text,
    by: actor,
    planDigest: sha256,
    rules: z.array(text).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('rejected'), changeId: text, requestId: text, by: actor, reason: z.string() }),
  z.strictObject({ kind: z.literal('cancelled'), changeId: text, requestId: text, by: actor }),
  z.strictObject({ kind: z.literal('expired'), changeId: text }),
  z.strictObject({
    kind: z.literal('tried'),
    requestId: text,
    actor,
    text: z.string(),
    recipient: text,
    delivered: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('muted'),
    requestId: text,
    actor,
    text: z.string(),
    from: instant,
    until: instant,
    reason: z.string().nullable(),
    scope: text.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('unmuted'),
    requestId: text,
    actor,
    text: z.string(),
    scope: text.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('acknowledged'),
    requestId: text,
    actor,
    text: z.string(),
    incidentId: text,
    title: z.string(),
  }),
  z.strictObject({ kind: z.literal('applying'), changeId: text, attempt: z.int().min(1), deadline: instant }),
  z.strictObject({
    kind: z.literal('applied'),
    changeId: text,
    changeInfoId: text.nullable(),
    notPermitted: text.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('failed'), changeId: text, reason: z.string(), mayLandLate: z.boolean() }),
  z.strictObject({
    kind: z.literal('conflict'),
    changeId: text,
    reason: z.string(),
    found: z.array(recordSet),
    mayLandLate: z.boolean().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('announced'),
    changes: z.array(announcedChange),
    channelId: text,
    ts: text,
    permalink: z.string().nullable(),
    textDigest: sha256,
  }),
  z.strictObject({
    kind: z.literal('bulk-plans'),
    bulkId: text,
    draft: count,
    parts: z.array(z.strictObject({ changeId: text, plan, warnings: z.array(z.string()) })),
  }),
  z.strictObject({
    kind: z.literal('bulk-requested'),
    bulkId: text,
    requestId: text,
    source: z.enum(bulkSources),
    actor,
    text: z.string(),
    title: z.string(),
    draft: count,
    names: count,
    digest: sha256,
    expiresAt: instant,
    needs: z.array(z.strictObject({ because: text, channelId: text })),
    leftOut: z.array(z.strictObject({ what: z.string(), reason: z.string() })),
    leftOutCount: count,
    remarks: z.array(z.string()).exactOptional(),
    breaksDelivery: z.literal(true).exactOptional(),
    of: text.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('bulk-settled'),
    bulkId: text,
    outcomes: z.array(
      z.strictObject({
        changeId: text,
        hostname: text,
        state: z.enum(['applied', 'failed', 'conflict']),
        hash: sha256,
        reason: z.string().exactOptional(),
        mayLandLate: z.literal(true).exactOptional(),
      }),
    ),
  }),
  z.strictObject({ kind: z.literal('bulk-closed'), bulkId: text, applied: count, failed: count, conflict: count }),
]);

/** Exactly an entry: a member too many is as wrong as one too few, for the hash covers all of them. */
export const entrySchema: z.ZodType<Entry> = z.strictObject({
  stream: text,
  sequence: z.int().min(1).max(9_999_999_999),
  at: z.iso.datetime({ precision: 3 }),
  previousHash: sha256,
  hash: sha256,
  body,
});

/** What is wrong with an entry, member by member. */
export const faultsIn = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'entry'}: ${issue.message}`).join('; ');
