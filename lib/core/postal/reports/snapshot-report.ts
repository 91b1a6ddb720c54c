import * as z from 'zod/mini';
import type { DeliveryFacts, Snapshot } from '../audit/snapshot.ts';
import { scrubbedText } from '../audit/without-addresses.ts';

/** A report as it is sent: at most so many octets packed; a larger one is sent in parts, one for each mail server. */
export const packedReportOctets = 700_000;

/** A report unpacked, in octets: packed JSON can be a thousand times smaller than it is. */
export const unpackedReportOctets = 16_000_000;

/** What one machine read of Postal, or of one of its mail servers. */
export type SnapshotReport = {
  /** `organization/server` where the report is of that mail server alone; `null`: of all. */
  readonly part: string | null;
  readonly snapshot: Snapshot;
};

const count = z.int().check(z.minimum(0));
const ms = z.number().check(z.minimum(0));
const text = (characters: number) => z.string().check(z.maxLength(characters));
const rows = <Row extends z.ZodMiniType>(row: Row, most: number) => z.array(row).check(z.maxLength(most));

const statusCounts = z.record(text(40), count);

const serverSchema = z.object({
  id: z.int(),
  name: text(600),
  mode: z.nullable(text(100)),
  isSuspended: z.boolean(),
  oldestLockAtMs: z.nullable(ms),
  deliveries: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('read'), notQueued: count }),
    z.object({ kind: z.literal('catching up'), idsLeft: count }),
    z.object({ kind: z.literal('not granted'), grants: rows(text(2000), 10) }),
  ]),
});

const endpointSchema = z.object({
  id: z.int(),
  serverId: z.int(),
  name: text(300),
  hostname: text(300),
  port: z.nullable(z.int()),
  sslMode: z.nullable(text(100)),
  wasUsed: z.boolean(),
});

const routeSchema = z.object({
  id: z.int(),
  serverId: z.int(),
  address: text(600),
  mode: z.nullable(text(100)),
  isSmtp: z.boolean(),
  endpointId: z.nullable(z.int()),
  additionalEndpointIds: rows(z.int(), 1000),
});

const queueSchema = z.object({
  batchKey: text(300),
  count,
  tried: count,
  oldestAtMs: ms,
  maxAttempts: count,
});

const deliverySchema = z.object({
  lastSentAtMs: z.nullable(ms),
  failingNow: z.boolean(),
  failingSinceMs: z.nullable(ms),
  sentPlaintext: count,
  lastFailure: z.nullable(
    z.object({ status: text(40), details: z.nullable(text(1000)), output: z.nullable(text(1000)) }),
  ),
  lastFailureAtMs: z.exactOptional(ms),
  counts: z.object({ '1h': statusCounts, '24h': statusCounts, '72h': statusCounts }),
});

/** A report as it is read; in an answer of the database function it is one part of several. */
export const snapshotReportSchema = z.object({
  version: z.literal(1),
  part: z.nullable(text(600)),
  atMs: ms,
  postalSchema: text(40),
  servers: rows(serverSchema, 10_000),
  endpoints: rows(endpointSchema, 100_000),
  routes: rows(routeSchema, 100_000),
  queue: rows(queueSchema, 100_000),
  deliveries: rows(z.tuple([z.int(), deliverySchema]), 100_000),
});

/** Postal's words may quote addresses: they are taken out on the host, whoever made the snapshot. */
const scrubbed = (facts: DeliveryFacts): DeliveryFacts => {
  const { lastFailure } = facts;
  if (lastFailure === null) return facts;
  const clean = (words: string | null): string | null => (words === null ? null : scrubbedText(words));
  return {
    ...facts,
    lastFailure: { ...lastFailure, details: clean(lastFailure.details), output: clean(lastFailure.output) },
  };
};

/** What a report holds, as JSON has it, without any address but those of routes, which are configuration. */
export const snapshotReportDocument = ({ part, snapshot }: SnapshotReport) => ({
  version: 1 as const,
  part,
  ...snapshot,
  deliveries: [...snapshot.deliveries].map(([id, facts]) => [id, scrubbed(facts)]),
});

/** A report as it is sent, before it is packed. */
export const snapshotReportJson = (report: SnapshotReport): string => JSON.stringify(snapshotReportDocument(report));

/** The report of a document whose form was checked. */
export const reportOf = ({
  version: _,
  part,
  deliveries,
  ...rest
}: z.output<typeof snapshotReportSchema>): SnapshotReport => ({
  part,
  snapshot: { ...rest, deliveries: new Map(deliveries) },
});

/** Reads a report that was unpacked. A string says what is wrong with it, and quotes nothing of it. */
export const readSnapshotReport = (json: string): SnapshotReport | string => {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch {
    return 'it is not JSON';
  }
  const parsed = snapshotReportSchema.safeParse(document);
  if (!parsed.success) {
    const { path = [] } = parsed.error.issues[0] ?? {};
    return `${path.join('.') || 'the report'} does not have the form of a snapshot`;
  }
  return reportOf(parsed.data);
};

/** The parts in which a snapshot is sent when it is too large for one: one for each mail server, with what concerns that server alone. */
export const partsOf = (snapshot: Snapshot): readonly SnapshotReport[] =>
  snapshot.servers.map((server) => {
    const endpoints = snapshot.endpoints.filter(({ serverId }) => serverId === server.id);
    const routes = snapshot.routes.filter(({ serverId }) => serverId === server.id);
    const routeIds = new Set(routes.map(({ id }) => String(id)));
    const endpointIds = new Set(endpoints.map(({ id }) => id));
    return {
      part: server.name,
      snapshot: {
        ...snapshot,
        servers: [server],
        endpoints,
        routes,
        queue: snapshot.queue.filter(({ batchKey }) => routeIds.has(/^incoming-rt:(\d+)-/.exec(batchKey)?.[1] ?? '')),
        deliveries: new Map([...snapshot.deliveries].filter(([id]) => endpointIds.has(id))),
      },
    };
  });
