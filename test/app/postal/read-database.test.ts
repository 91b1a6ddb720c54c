import { describe, expect, test } from 'vitest';
import type { PostalDatabase } from '../../../lib/app/ports/postal-database.ts';
import type { StateStore } from '../../../lib/app/ports/state-store.ts';
import { readDatabase } from '../../../lib/app/postal/read-database.ts';
import { directoryItem } from '../../../lib/app/state/directory.ts';
import { listComparisons } from '../../../lib/app/state/postal/comparison-store.ts';
import { listCursors, readDeliveryFacts } from '../../../lib/app/state/postal/delivery-block-store.ts';
import { newestSnapshot } from '../../../lib/app/state/postal/postal-report-store.ts';
import type { DeliveryCursors } from '../../../lib/core/postal/database/database-answer.ts';
import type { DeliveryFact } from '../../../lib/core/postal/database/delivery-page.ts';
import { comparisonSummary } from '../../../lib/core/postal/predictions/comparisons.ts';
import { databaseSender } from '../../../lib/core/postal/reports/sender.ts';
import { examplePolicy, exampleProfile } from '../../core/validation/example-policy.ts';
import { createLogBook } from '../../support/log-book.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryStateStore } from '../../support/memory-state-store.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';

const start = '2026-11-30T12:00:00.000Z';
const startMs = Date.parse(start);
const signal = (): AbortSignal => AbortSignal.timeout(10_000);
const rowsPerCall = 1000;

const fact = (id: number, more: Partial<DeliveryFact> = {}): DeliveryFact => ({
  id,
  messageId: id,
  endpointId: 1,
  routeId: null,
  status: 'Sent',
  details: 'accepted',
  output: null,
  isEncrypted: true,
  atMs: startMs - 1000,
  ...more,
});

const setting = (wrap: (state: StateStore) => StateStore = (state) => state) => {
  const clock = createManualClock(start);
  const state = createMemoryStateStore(clock);
  const { log, logged } = createLogBook();
  const asked: DeliveryCursors[] = [];
  const content = { facts: [] as DeliveryFact[], failsAfter: Number.POSITIVE_INFINITY };
  const snapshot = sampleSnapshot(startMs);
  const serverId = snapshot.servers[0]?.id ?? 0;
  const database: PostalDatabase = {
    async read(cursors) {
      asked.push(cursors);
      if (asked.length > content.failsAfter) return { ok: false, message: 'login-refused' };
      const newest = content.facts.at(-1)?.id ?? 0;
      const cursor = cursors.get(serverId);
      const isFirst = cursor === undefined || cursor > newest;
      const after = isFirst ? 0 : cursor;
      const upTo = Math.min(newest, after + rowsPerCall);
      return {
        ok: true,
        snapshot: { ...snapshot, atMs: clock.now(), deliveries: new Map() },
        pages: [
          {
            serverId,
            isFirst,
            after,
            upTo,
            idsLeft: newest - upTo,
            deliveries: content.facts.filter(({ id }) => id > after && id <= upTo),
          },
        ],
      };
    },
  };
  const ports = { database, state: wrap(state), log, clock, policy: examplePolicy(), profile: exampleProfile() };
  return {
    clock,
    state,
    asked,
    content,
    logged,
    serverId,
    round: () => readDatabase(ports, signal()),
    kept: async () => {
      const cursor = (await listCursors(state, signal())).get(serverId);
      return cursor === undefined
        ? []
        : (await readDeliveryFacts(state, serverId, cursor, signal())).map(({ id }) => id);
    },
    newest: () => newestSnapshot(state, signal()),
  };
};

const registered = directoryItem({
  definition: {
    hostname: hostnameOf('gitlab.mail.corp.internal'),
    targets: { kind: 'addresses', addresses: ['10.0.4.12'] },
    port: 25,
    sslMode: 'Auto',
    ttlSeconds: 60,
  },
  changeId: '01J',
  userId: 'U0MARIA',
  at: start,
});

const ids = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('reading Postal’s database once a minute', () => {
  test('1,001 new deliveries take two calls: none is lost, none is there twice', async () => {
    const one = setting();
    one.content.facts = ids(1, 1001).map((id) => fact(id));
    expect(await one.round()).toEqual({ calls: 2, deliveries: 1001 });
    expect(one.asked.map((cursors) => cursors.get(one.serverId))).toEqual([undefined, 1000]);
    expect(await one.kept()).toEqual(ids(1, 1001));
    const facts = (await one.newest())?.snapshot.deliveries.get(1);
    expect(facts?.counts['1h']).toEqual({ Sent: 1001 });
    one.content.facts.push(fact(1002));
    await one.clock.advance(60_000);
    expect(await one.round()).toEqual({ calls: 1, deliveries: 1 });
    expect(await one.kept()).toEqual(ids(1, 1002));
  });

  test('what is more than five calls return is read in the next minutes; until then nothing is said of its deliveries', async () => {
    const one = setting();
    one.content.facts = ids(1, 5500).map((id) => fact(id, { status: 'HardFail' }));
    expect(await one.round()).toEqual({ calls: 5, deliveries: 5000 });
    const meanwhile = await one.newest();
    expect(meanwhile?.snapshot.servers[0]?.deliveries).toEqual({ kind: 'catching up', idsLeft: 500 });
    expect(meanwhile?.snapshot.deliveries.size).toBe(0);
    await one.clock.advance(60_000);
    await one.round();
    expect((await one.newest())?.snapshot.servers[0]?.deliveries).toEqual({ kind: 'read', notQueued: 0 });
    expect((await one.newest())?.snapshot.deliveries.get(1)?.failingNow).toBe(true);
  });

  test('the snapshot has its source, and an older one replaces nothing', async () => {
    const one = setting();
    await one.round();
    expect((await one.newest())?.heads).toMatchObject([{ sender: databaseSender, part: null, atMs: startMs }]);
    expect(await one.round()).toMatchObject({ calls: 1 });
    expect(one.logged).toContainEqual(expect.stringContaining('a report was passed over: a newer one is kept'));
  });

  test('a failure of a later call keeps what the earlier ones read', async () => {
    const one = setting();
    one.content.facts = ids(1, 1500).map((id) => fact(id));
    one.content.failsAfter = 1;
    expect(await one.round()).toEqual({ calls: 2, deliveries: 1000, message: 'login-refused' });
    expect(await one.kept()).toEqual(ids(1, 1000));
    one.content.failsAfter = Number.POSITIVE_INFINITY;
    await one.clock.advance(60_000);
    await one.round();
    expect(await one.kept()).toEqual(ids(1, 1500));
  });

  test('a run that is killed before any write loses nothing and keeps nothing twice', async () => {
    for (let killAt = 1; killAt < 40; killAt += 1) {
      let writes = 0;
      const one = setting((state) => ({
        ...state,
        get: (...args) => state.get(...args),
        list: (...args) => state.list(...args),
        remove: (...args) => state.remove(...args),
        put: (...args) => {
          writes += 1;
          if (writes === killAt) throw new Error('killed');
          return state.put(...args);
        },
      }));
      one.content.facts = ids(1, 1200).map((id) => fact(id));
      const ended = await one.round().then(
        () => 'ended',
        () => 'killed',
      );
      writes = Number.NEGATIVE_INFINITY;
      await one.clock.advance(60_000);
      await one.round();
      expect(await one.kept(), `killed before write ${killAt}`).toEqual(ids(1, 1200));
      expect((await one.newest())?.snapshot.deliveries.get(1)?.counts['1h']).toEqual({ Sent: 1200 });
      if (ended === 'ended') return;
    }
    expect.unreachable('every run was killed');
  });

  test('a run that is killed before any write compares each delivery with the predictions once', async () => {
    for (let killAt = 1; killAt < 40; killAt += 1) {
      let writes = Number.NEGATIVE_INFINITY;
      const one = setting((state) => ({
        ...state,
        put: (...args) => {
          writes += 1;
          if (writes === killAt) throw new Error('killed');
          return state.put(...args);
        },
      }));
      await one.state.put(registered, false, signal());
      const counted = async () => comparisonSummary(await listComparisons(one.state, signal()));
      one.content.facts = ids(1, 300).map((id) => fact(id));
      await one.round();
      writes = 0;
      one.content.facts.push(...ids(301, 1200).map((id) => fact(id)));
      await one.clock.advance(60_000);
      const isKilled = await one.round().then(
        () => one.logged.some((line) => line.includes('could not be compared')),
        () => true,
      );
      writes = Number.NEGATIVE_INFINITY;
      for (let round = 0; round < 2; round += 1) {
        await one.clock.advance(60_000);
        await one.round();
      }
      expect(await counted(), `killed before write ${killAt}`).toMatchObject({
        agreed: 0,
        not: { 'no-prediction': 1200 },
      });
      if (!isKilled) return;
    }
    expect.unreachable('every run was killed');
  });

  test('a database that was made anew is read from its beginning, apart from what the old one had under the same ids', async () => {
    const one = setting();
    one.content.facts = ids(1, 300).map((id) => fact(id));
    await one.round();
    one.content.facts = ids(1, 20).map((id) => fact(id, { status: 'SoftFail' }));
    await one.clock.advance(60_000);
    await one.round();
    expect(await one.kept()).toEqual(ids(1, 20));
    expect((await one.newest())?.snapshot.deliveries.get(1)?.counts['1h']).toEqual({ SoftFail: 20 });
  });

  test('a message without an endpoint counts for the one that its route has now', async () => {
    const one = setting();
    await one.round();
    const route = (await one.newest())?.snapshot.routes[0];
    one.content.facts = [fact(1, { endpointId: null, routeId: route?.id ?? null })];
    await one.clock.advance(60_000);
    await one.round();
    expect([...((await one.newest())?.snapshot.deliveries.keys() ?? [])]).toEqual([route?.endpointId]);
  });
});
