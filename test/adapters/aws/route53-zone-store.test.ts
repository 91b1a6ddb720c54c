import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRoute53ZoneStore } from '../../../lib/adapters/aws/route53-zone-store.ts';
import type { RecordChange, RecordSet } from '../../../lib/core/dns/record-set.ts';
import type { Fault } from '../../../lib/local/route53/faults.ts';
import type { ZoneSeed } from '../../../lib/local/route53/zone.ts';
import { openLocal } from '../../../scripts/conformance/open-subject.ts';
import { conformsToRoute53 } from '../../contracts/route53-conformance.ts';
import { type LocalRoute53Harness, localClientConfig, startLocalRoute53 } from '../../support/local-route53.ts';

const local = await openLocal();
conformsToRoute53(local, local.close);

const zones: readonly ZoneSeed[] = [
  { id: 'ZCORP', name: 'corp.internal', vpcs: ['vpc-1', 'vpc-2'].map((id) => ({ id, region: 'eu-central-1' })) },
];

describe('the Route 53 adapter when things go wrong', () => {
  const signal = new AbortController().signal;
  const name = 'gitlab.corp.internal';
  const old: RecordSet = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
  const create: RecordChange = { action: 'CREATE', recordSet: old };
  let harness: LocalRoute53Harness;

  const submit = (...changes: readonly RecordChange[]) => harness.store.submit('ZCORP', changes, 'change 01', signal);
  const read = () => harness.store.readNames('ZCORP', [name], signal);
  const next = (fault: Fault, times = 1) => harness.route53.faults.next(fault, { times });

  beforeEach(async () => {
    harness = await startLocalRoute53({ zones });
  });
  afterEach(() => harness.route53.close());

  describe('a write is sent once', () => {
    test('a batch that lands late is unreachable, not there at first, and there later', async () => {
      next({ kind: 'lands-late' });
      expect(await submit(create)).toMatchObject({ kind: 'failed', failure: { kind: 'unreachable' } });
      expect(await read()).toEqual({ ok: true, value: [] });
      expect(harness.route53.faults.landLate()).toBe(1);
      expect(await read()).toEqual({ ok: true, value: [old] });
    });

    test('a batch that lands late after the name was taken changes nothing', async () => {
      next({ kind: 'lands-late' });
      await submit(create);
      const other = { ...old, values: ['10.0.4.99'] };
      await submit({ action: 'CREATE', recordSet: other });
      harness.route53.faults.landLate();
      expect(await read()).toEqual({ ok: true, value: [other] });
    });

    test('silence ends at the deadline', async () => {
      const store = createRoute53ZoneStore({ clientConfig: localClientConfig(harness.url), writeDeadlineMs: 50 });
      next({ kind: 'no-answer' });
      expect(await store.submit('ZCORP', [create], 'late', signal)).toEqual({
        kind: 'failed',
        failure: { kind: 'unreachable', message: 'Route 53 did not answer within 50 ms' },
      });
    });

    test("the caller's signal ends it as a value, too", async () => {
      expect(await harness.store.submit('ZCORP', [create], 'aborted', AbortSignal.abort())).toEqual({
        kind: 'failed',
        failure: { kind: 'unreachable', message: 'the caller stopped waiting for Route 53' },
      });
    });

    test('a host that is called protected is not one', async () => {
      const host = { ...old, name: 'protected.corp.internal' };
      await submit({ action: 'CREATE', recordSet: host });
      expect(await submit({ action: 'CREATE', recordSet: host })).toMatchObject({ kind: 'invalid' });
      expect(
        await submit({ action: 'CREATE', recordSet: { ...host, type: 'CNAME', values: ['a.corp.internal'] } }),
      ).toMatchObject({ kind: 'invalid' });
    });

    test('every message arrives from the older form of the error body as well', async () => {
      await submit(create);
      const messages = [
        `Tried to create resource record set [name='${name}.', type='A'] but it already exists`,
        "Tried to delete resource record set [name='gone.corp.internal.', type='A'] but it was not found",
      ];
      const remove: RecordChange = { action: 'DELETE', recordSet: { ...old, name: 'gone.corp.internal' } };
      next({ kind: 'legacy-error-body' });
      expect(await submit(create, remove)).toEqual({ kind: 'invalid', messages });
      next({ kind: 'legacy-error-body' });
      expect(await submit(create)).toEqual({ kind: 'invalid', messages: messages.slice(0, 1) });
      expect(await submit(create, remove)).toEqual({ kind: 'invalid', messages });
    });

    test('a comment that is too long is invalid, not a mystery', async () => {
      expect(await harness.store.submit('ZCORP', [create], 'x'.repeat(257), signal)).toMatchObject({ kind: 'invalid' });
    });

    test('writing a foreign set is a bug', async () => {
      await expect(submit({ action: 'DELETE', recordSet: { ...old, foreign: 'alias' } })).rejects.toThrow(TypeError);
      await expect(submit({ action: 'DELETE', recordSet: { ...old, type: 'MX' } })).rejects.toThrow(
        'MX is a foreign record set',
      );
    });
  });

  test('a skewed clock does not stop a read', async () => {
    harness.route53.faults.skewClock(3_600_000);
    expect(await read()).toEqual({ ok: true, value: [] });
  });

  describe('a read', () => {
    test.each<Fault>([
      { kind: 'throttle' },
      { kind: 'server-error', statusCode: 503 },
      { kind: 'reset-before' },
      { kind: 'response-lost' },
    ])('survives two of %o, backing off', async (fault) => {
      await submit(create);
      next(fault, 2);
      expect(await read()).toEqual({ ok: true, value: [old] });
      expect(harness.waits).toEqual([100, 200]);
    });

    test('gives up after the third', async () => {
      next({ kind: 'throttle' }, 3);
      expect(await read()).toEqual({
        ok: false,
        failure: { kind: 'busy', code: 'Throttling', message: 'Rate exceeded' },
      });
      expect(await read()).toEqual({ ok: true, value: [] });
    });

    test('that is denied is not tried again', async () => {
      next({ kind: 'access-denied' });
      expect(await read()).toEqual({
        ok: false,
        failure: { kind: 'denied', message: expect.stringContaining('AccessDenied') },
      });
      expect(harness.waits).toEqual([]);
    });

    test('ends at its deadline, each attempt', async () => {
      const store = createRoute53ZoneStore({
        clientConfig: localClientConfig(harness.url),
        readDeadlineMs: 50,
        clock: { sleep: async () => {} },
      });
      next({ kind: 'no-answer' }, 3);
      expect(await store.changeStatus('C1', signal)).toEqual({
        ok: false,
        failure: { kind: 'unreachable', message: 'Route 53 did not answer within 50 ms' },
      });
    });

    test('stops when the caller stops', async () => {
      const store = createRoute53ZoneStore({ clientConfig: localClientConfig(harness.url) });
      next({ kind: 'no-answer' });
      expect(await store.readNames('ZCORP', [name], AbortSignal.timeout(50))).toEqual({
        ok: false,
        failure: { kind: 'unreachable', message: 'the caller stopped waiting for Route 53' },
      });
    });
  });

  test('rivals that may not be read do not hide the zone', async () => {
    harness.route53.faults.next({ kind: 'access-denied' }, { operation: 'ListHostedZonesByVPC' });
    expect(await harness.store.inspectZone('ZCORP', signal)).toEqual({
      ok: true,
      value: {
        zone: expect.objectContaining({ id: 'ZCORP' }),
        rivals: {
          ok: false,
          failure: { kind: 'denied', message: expect.stringContaining('route53:ListHostedZonesByVPC') },
        },
      },
    });
  });

  test('rivals are found on every page of a VPC that sees many zones', async () => {
    const vpcs = [{ id: 'vpc-1', region: 'eu-central-1' }];
    const zones = Array.from({ length: 250 }, (_, index) => ({
      id: `Z${index}`,
      name: `z${index}.corp.internal`,
      vpcs,
    }));
    const many = await startLocalRoute53({ zones: [{ id: 'ZCORP', name: 'corp.internal', vpcs }, ...zones] });
    const inspected = await many.store.inspectZone('ZCORP', signal);
    expect(inspected.ok && inspected.value.rivals.ok && inspected.value.rivals.value.length).toBe(250);
    await many.route53.close();
  });

  test('a port where nobody listens is unreachable, with the address', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await new Promise((resolve) => server.close(resolve));
    const store = createRoute53ZoneStore({ clientConfig: localClientConfig(`http://127.0.0.1:${port}`) });
    expect(await store.submit('ZCORP', [create], 'nobody', signal)).toEqual({
      kind: 'failed',
      failure: { kind: 'unreachable', message: expect.stringContaining(`127.0.0.1:${port}`) },
    });
  });

  test('without credentials it is denied', async () => {
    const store = createRoute53ZoneStore({
      clientConfig: {
        ...localClientConfig(harness.url),
        credentials: async () => {
          throw Object.assign(new Error('Could not load credentials from any providers'), {
            name: 'CredentialsProviderError',
          });
        },
      },
    });
    expect(await store.submit('ZCORP', [create], 'nobody', signal)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'denied' },
    });
  });
});
