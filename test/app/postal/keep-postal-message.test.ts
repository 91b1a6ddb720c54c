import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { StateStore } from '../../../lib/app/ports/state-store.ts';
import { keepPostalMessage, type PostalFactsPorts } from '../../../lib/app/postal/keep-postal-message.ts';
import type { PostalMessage } from '../../../lib/app/queue/postal-message.ts';
import { listReports, newestSnapshot, postalReportChunks } from '../../../lib/app/state/postal/postal-report-store.ts';
import {
  listHeard,
  listTallies,
  wantedProbes,
  webhookCollections,
} from '../../../lib/app/state/postal/webhook-store.ts';
import type { Snapshot } from '../../../lib/core/postal/audit/snapshot.ts';
import { partsOf, snapshotReportJson } from '../../../lib/core/postal/reports/snapshot-report.ts';
import { recipientDigests } from '../../../lib/core/postal/webhooks/recipient-digests.ts';
import { summaryOf } from '../../../lib/core/postal/webhooks/webhook-tally.ts';
import { createLogBook } from '../../support/log-book.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryStateStore } from '../../support/memory-state-store.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';

const start = '2026-11-30T12:00:00.000Z';
const startMs = Date.parse(start);
const recipientKey = 'recipients-0123456789abcdef0123456789ab';
const signal = (): AbortSignal => AbortSignal.timeout(5_000);

const keeper = (wrap: (state: StateStore) => StateStore = (state) => state) => {
  const clock = createManualClock(start);
  const state = createMemoryStateStore(clock);
  const { log, logged } = createLogBook();
  const ports: PostalFactsPorts = {
    state: wrap(state),
    snapshot: async () => (await newestSnapshot(state, signal()))?.snapshot,
    recipientKey: async () => recipientKey,
    log,
    now: clock.now,
  };
  return { clock, state, logged, ports, keep: (message: PostalMessage) => keepPostalMessage(ports, message, signal()) };
};

let number = 0;
const webhook = (
  event: Partial<Extract<PostalMessage, { kind: 'webhook' }>['event']> & { readonly to?: string } = {},
  server = 'acme/production',
): PostalMessage => {
  number += 1;
  const { to, ...rest } = event;
  const recipient = to === undefined ? undefined : recipientDigests(recipientKey, to);
  return {
    kind: 'webhook',
    server,
    receivedAtMs: startMs,
    event: {
      uuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      atMs: startMs - 1000 + number,
      messageId: number,
      status: 'SoftFail',
      details: 'No SMTP servers were available for acme.example. Tried gitlab.mail.corp.internal.',
      output: '',
      isEncrypted: false,
      ...(recipient === undefined ? {} : { recipient }),
      ...rest,
    },
  };
};

const report = (snapshot: Snapshot, sender = 'postal1', part: string | null = null): PostalMessage => ({
  kind: 'report',
  sender,
  part,
  atMs: snapshot.atMs,
  signedAtMs: startMs + 2000,
  receivedAtMs: startMs,
  packed: gzipSync(snapshotReportJson({ part, snapshot })).toString('base64'),
});

describe('webhooks', () => {
  test('are counted for the hostname that Postal names, and want it probed', async () => {
    const { state, keep } = keeper();
    for (let times = 0; times < 3; times += 1) await keep(webhook());
    const tallies = await listTallies(state, signal());
    expect(tallies).toMatchObject([{ server: 'acme/production', hostname: 'gitlab.mail.corp.internal' }]);
    expect(tallies.map(({ tally }) => summaryOf(tally).deferred)).toEqual([3]);
    expect(await wantedProbes(state, signal())).toEqual(new Map([['gitlab.mail.corp.internal', startMs]]));
    expect((await listHeard(state, signal())).get('acme/production')).toMatchObject({ receivedAtMs: startMs });
  });

  test.each([
    ['the exact route, tag and case aside', 'GIT+ci@Acme.example', 'gitlab.mail.corp.internal'],
    ['the route of all others', 'somebody@acme.example', '10.0.4.12'],
    ['no route', 'somebody@elsewhere.example', ''],
    ["another server's route", 'x@staging.example', ''],
  ])('that name no host are counted by %s', async (_, to, hostname) => {
    const { state, keep } = keeper();
    await keep(report(sampleSnapshot(startMs - 60_000)));
    await keep(webhook({ details: 'No SMTP servers were available for acme.example. No hosts to try.', to }));
    expect(await listTallies(state, signal())).toMatchObject([{ hostname }]);
  });

  test('that come twice are counted once', async () => {
    const { state, keep } = keeper();
    const one = webhook();
    for (let times = 0; times < 3; times += 1) await keep(one);
    expect((await listTallies(state, signal())).map(({ tally }) => summaryOf(tally).deferred)).toEqual([1]);
  });

  test('are counted once each, at whatever call the keeper is killed', async () => {
    const calls = { left: Number.POSITIVE_INFINITY };
    const dying = (state: StateStore): StateStore => {
      const call = <Result>(work: () => Promise<Result>): Promise<Result> => {
        calls.left -= 1;
        return calls.left < 0 ? Promise.reject(new Error('killed')) : work();
      };
      return {
        get: (...args) => call(() => state.get(...args)),
        list: (...args) => call(() => state.list(...args)),
        put: (...args) => call(() => state.put(...args)),
        remove: (...args) => call(() => state.remove(...args)),
      };
    };
    for (let killedAt = 0; killedAt < 12; killedAt += 1) {
      calls.left = Number.POSITIVE_INFINITY;
      const { state, keep } = keeper(dying);
      await keep(webhook());
      calls.left = killedAt;
      const messages = [webhook(), webhook()];
      // As a FIFO queue does: what was not kept comes again, before what follows it.
      for (const message of messages)
        await keep(message).catch(async () => {
          calls.left = Number.POSITIVE_INFINITY;
          await keep(message);
        });
      expect((await listTallies(state, signal())).map(({ tally }) => summaryOf(tally).deferred)).toEqual([3]);
    }
  });
});

describe('reports', () => {
  test('are kept in place of older ones, with the difference of the clocks', async () => {
    const { state, keep } = keeper();
    const newer = sampleSnapshot(startMs - 60_000);
    await keep(report(sampleSnapshot(startMs - 120_000)));
    await keep(report(newer));
    await keep(report(sampleSnapshot(startMs - 90_000)));
    expect(await newestSnapshot(state, signal())).toMatchObject({
      snapshot: newer,
      heads: [{ sender: 'postal1', clockAheadMs: 2000, atMs: startMs - 60_000 }],
    });
  });

  test('of many items are read back whole, and leave no old items behind', async () => {
    const { state, keep } = keeper();
    const large = (atMs: number): Snapshot => ({
      ...sampleSnapshot(atMs),
      routes: Array.from({ length: 4000 }, (_, id) => ({
        id,
        serverId: 1,
        address: `${randomBytes(40).toString('hex')}@acme.example`,
        mode: 'Endpoint',
        isSmtp: true,
        endpointId: 1,
        additionalEndpointIds: [],
      })),
    });
    const [older, newer] = [large(startMs - 120_000), large(startMs - 60_000)];
    await keep(report(older));
    const chunks = (await state.list(postalReportChunks, signal())).length;
    expect(chunks).toBeGreaterThan(1);
    await keep(report(newer));
    expect((await state.list(postalReportChunks, signal())).length).toBe(chunks);
    expect((await newestSnapshot(state, signal()))?.snapshot).toEqual(newer);
  });

  test('in parts make one snapshot', async () => {
    const { state, keep } = keeper();
    const snapshot = sampleSnapshot(startMs - 60_000);
    for (const { part, snapshot: own } of partsOf(snapshot)) await keep(report(own, 'postal1', part));
    expect(await listReports(state, signal())).toHaveLength(2);
    expect((await newestSnapshot(state, signal()))?.snapshot).toEqual(snapshot);
  });
});

test('planted addresses are in no table and no log', async () => {
  const { state, keep, logged } = keeper();
  await keep(webhook({ to: 'recipient-SECRET@acme.example' }));
  const stored = await Promise.all(webhookCollections.map((name) => state.list(name, signal())));
  expect(JSON.stringify([stored, logged])).not.toContain('SECRET');
});
