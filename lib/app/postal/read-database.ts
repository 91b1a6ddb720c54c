import { gzipSync } from 'node:zlib';
import type { Policy } from '../../core/policy/policy.ts';
import { DeliveryTally } from '../../core/postal/audit/delivery-tally.ts';
import type { PostalServer, Snapshot } from '../../core/postal/audit/snapshot.ts';
import { endpointByRoute } from '../../core/postal/audit/waiting.ts';
import { deliveryOf } from '../../core/postal/database/delivery-block.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import { packedReports } from '../../core/postal/reports/packed-reports.ts';
import { databaseSender } from '../../core/postal/reports/sender.ts';
import type { Logger } from '../ports/logger.ts';
import type { PostalDatabase } from '../ports/postal-database.ts';
import type { StateStore } from '../ports/state-store.ts';
import { type DeliveryCursor, keepPage, listCursors, readDeliveryFacts } from '../state/postal/delivery-block-store.ts';
import { comparingWith } from './compare-with-predictions.ts';
import { keepReport } from './keep-report.ts';

/** Calls in one round: a mail server with more new deliveries than one call returns has the rest read by the next, and what is left then next minute. */
const callsAtMost = 5;

export type ReadDatabasePorts = {
  readonly database: PostalDatabase;
  readonly state: StateStore;
  readonly log: Logger;
  readonly clock: { readonly now: () => number };
  readonly policy: Pick<Policy, 'watch'>;
  readonly profile: Pick<PostalProfile, 'version'>;
};

/** What one round read: how many calls, and how many deliveries were kept. `message`: why the last call returned nothing. */
export type DatabaseRound = { readonly calls: number; readonly deliveries: number; readonly message?: string };

type Cursors = ReadonlyMap<number, DeliveryCursor>;

/**
 * The snapshot with the deliveries that are kept, which are compared with what was predicted of them. Of a mail server that was not read to its end nothing is
 * said but that.
 */
const withKeptDeliveries = async (
  ports: ReadDatabasePorts,
  snapshot: Snapshot,
  cursors: Cursors,
  signal: AbortSignal,
): Promise<Snapshot> => {
  const { state, log } = ports;
  const byRoute = endpointByRoute(snapshot.routes);
  const compare = comparingWith(ports, snapshot);
  const tally = new DeliveryTally(snapshot.atMs);
  const servers: PostalServer[] = [];
  for (const server of snapshot.servers) {
    const cursor = cursors.get(server.id);
    if (server.deliveries.kind !== 'read' || cursor === undefined) {
      servers.push(server);
      continue;
    }
    if (cursor.idsLeft > 0) {
      servers.push({ ...server, deliveries: { kind: 'catching up', idsLeft: cursor.idsLeft } });
      continue;
    }
    servers.push(server);
    const facts = await readDeliveryFacts(state, server.id, cursor, signal);
    for (const fact of facts) {
      const delivery = deliveryOf(server.id, fact, byRoute);
      if (delivery !== undefined) tally.add(delivery);
    }
    try {
      await compare(server.id, cursor.readingSinceMs, facts, signal);
    } catch (error) {
      log.error('deliveries could not be compared with what was predicted', { serverId: server.id, error });
    }
  }
  return { ...snapshot, servers, deliveries: tally.facts() };
};

const keepSnapshot = async (ports: ReadDatabasePorts, snapshot: Snapshot, signal: AbortSignal): Promise<void> => {
  const reports = packedReports(snapshot, (json) => gzipSync(json, { level: 9 }));
  if (typeof reports === 'string')
    return ports.log.error("what was read of Postal's database is not kept", { problem: reports });
  const receivedAtMs = ports.clock.now();
  for (const { part, packed } of reports)
    await keepReport(
      ports,
      {
        sender: databaseSender,
        part,
        atMs: snapshot.atMs,
        receivedAtMs,
        clockAheadMs: 0,
        packed: packed.toString('base64'),
      },
      signal,
    );
};

/**
 * Reads what Postal's database has that was not read yet, and keeps it as a reported snapshot is kept. Cursors move past what was kept, and past nothing else.
 * Rejects where the state table does not answer.
 */
export const readDatabase = async (ports: ReadDatabasePorts, signal: AbortSignal): Promise<DatabaseRound> => {
  const { database, state, clock, log } = ports;
  const cursors = new Map(await listCursors(state, signal));
  let snapshot: Snapshot | undefined;
  let deliveries = 0;
  let calls = 0;
  let message: string | undefined;
  while (calls < callsAtMost) {
    calls += 1;
    const answer = await database.read(new Map([...cursors].map(([id, { upTo }]) => [id, upTo])), signal);
    if (!answer.ok) {
      message = answer.message;
      break;
    }
    snapshot = answer.snapshot;
    for (const page of answer.pages) {
      const before = cursors.get(page.serverId);
      if (!page.isFirst && page.after !== before?.upTo) {
        log.error("deliveries of Postal's database do not follow on what was read; they are dropped", {
          serverId: page.serverId,
          after: page.after,
        });
        continue;
      }
      cursors.set(page.serverId, await keepPage(state, page, before, clock.now(), signal));
      deliveries += page.deliveries.length;
    }
    if (answer.pages.every(({ idsLeft }) => idsLeft === 0)) break;
  }
  if (snapshot !== undefined)
    await keepSnapshot(ports, await withKeptDeliveries(ports, snapshot, cursors, signal), signal);
  return { calls, deliveries, ...(message === undefined ? {} : { message }) };
};
