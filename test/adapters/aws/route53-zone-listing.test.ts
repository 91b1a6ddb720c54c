import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createRoute53ZoneListing } from '../../../lib/adapters/aws/route53-zone-listing.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { nodeAt } from '../../../lib/core/dns/zone-answer.ts';
import { canonicalName } from '../../../lib/core/endpoint/name.ts';
import { type LocalRoute53Harness, localClientConfig, startLocalRoute53 } from '../../support/local-route53.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { chosenSeed, replayLine } from '../../support/random-seed.ts';

const never = new AbortController().signal;
const zone = { id: 'Z0CORP', name: 'corp.internal', isPrivate: true, vpcs: [{ id: 'vpc-1', region: 'eu-central-1' }] };

let harness: LocalRoute53Harness | undefined;
afterEach(() => harness?.route53.close());

const listingAt = (url: string) =>
  createRoute53ZoneListing({
    clientConfig: localClientConfig(url),
    clock: createManualClock(undefined, { skipsSleep: true }),
    random: () => 0,
  });

/** Makes so many names in the zone, and their names. */
const fill = async ({ store }: LocalRoute53Harness, count: number): Promise<readonly string[]> => {
  const names = Array.from({ length: count }, (_, index) => `h${index}.corp.internal`);
  for (let start = 0; start < names.length; start += 100) {
    const changes = names.slice(start, start + 100).map((name) => {
      const recordSet = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
      return { action: 'CREATE', recordSet } as const;
    });
    expect(await store.submit(zone.id, changes, '', never)).toMatchObject({ kind: 'accepted' });
  }
  return names;
};

test('lists a zone of several pages, each set once', async () => {
  harness = await startLocalRoute53({ zones: [zone] });
  const names = await fill(harness, 700);
  const listed = await listingAt(harness.url).list(zone.id, never);
  if (!listed.ok) throw new Error(listed.failure.message);
  const found = listed.value.filter(({ type }) => type === 'A').map(({ name }) => name);
  expect(found.toSorted()).toEqual(names.toSorted());
  expect(listed.value.filter(({ foreign }) => foreign === 'type').map(({ type }) => type)).toEqual(
    expect.arrayContaining(['NS', 'SOA']),
  );
});

test('pauses between pages after so many without a pause', async () => {
  harness = await startLocalRoute53({ zones: [zone] });
  await fill(harness, 700);
  const clientConfig = localClientConfig(harness.url);
  const listing = (pagesWithoutPause: number) =>
    createRoute53ZoneListing({ clientConfig, pageEveryMs: 600_000, pagesWithoutPause });
  expect(await listing(3).list(zone.id, never)).toMatchObject({ ok: true });
  const inTime = AbortSignal.timeout(1_000);
  expect(await listing(2).list(zone.id, inTime)).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
  expect(inTime.aborted).toBe(true);
});

test('a zone that there is not, or a service that does not answer, is a failure', async () => {
  harness = await startLocalRoute53({ zones: [zone] });
  expect(await listingAt(harness.url).list('Z0NONE', never)).toMatchObject({
    ok: false,
    failure: { kind: 'no-such-zone' },
  });
  expect(await listingAt('http://127.0.0.1:1').list(zone.id, never)).toMatchObject({
    ok: false,
    failure: { kind: 'unreachable' },
  });
});

test('what is read around a name is enough to know what the zone has for it', async () => {
  const label = fc.constantFrom('a', 'b', 'a-1', '*', '_p');
  const below = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join('.')}.corp.internal`);
  const names = fc.uniqueArray(below, { minLength: 1, maxLength: 8 });
  const seed = chosenSeed();
  const samples = fc.sample(fc.record({ names, asked: fc.array(below, { minLength: 8, maxLength: 8 }) }), {
    numRuns: 40,
    seed,
  });
  const zones = samples.map(({ names: owned }, index) => ({
    ...zone,
    id: `Z${index}`,
    recordSets: owned.map((name) => ({ name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] })),
  }));
  harness = await startLocalRoute53({ zones });
  const listing = listingAt(harness.url);
  for (const [index, { asked }] of samples.entries()) {
    const all = await listing.list(`Z${index}`, never);
    for (const name of asked.map(canonicalName)) {
      const around = await listing.around({ id: `Z${index}`, name: zone.name }, name, never);
      if (!around.ok || !all.ok) throw new Error('the zone could not be read');
      const nodeIn = (recordSets: readonly RecordSet[]) => nodeAt({ name: zone.name, recordSets }, name);
      expect(nodeIn(around.value), `${replayLine(seed)}\n${name}`).toEqual(nodeIn(all.value));
    }
  }
});

test('the zones that a VPC sees, and those that only another VPC sees', async () => {
  const [vpc] = zone.vpcs;
  const other = { id: 'vpc-2', region: 'eu-central-1' };
  harness = await startLocalRoute53({
    zones: [
      zone,
      { ...zone, id: 'Z0LAB', name: 'lab.internal' },
      { ...zone, id: 'Z0FAR', name: 'far.internal', vpcs: [other] },
    ],
  });
  expect(await listingAt(harness.url).visibleZones(vpc ?? other, never)).toEqual({
    ok: true,
    value: [
      { id: 'Z0CORP', name: 'corp.internal' },
      { id: 'Z0LAB', name: 'lab.internal' },
    ],
  });
});

test('protections are read on all their pages, also of names without a record', async () => {
  harness = await startLocalRoute53({ zones: [zone] });
  for (let index = 0; index < 301; index += 1)
    harness.route53.faults.protect(
      zone.id,
      `h${index}.corp.internal`,
      index % 2 === 0 ? 'A' : 'TXT',
      `reserved ${index}`,
    );
  const found = await listingAt(harness.url).protections(zone.id, never);
  if (!found.ok) throw new Error(found.failure.message);
  expect(found.value).toHaveLength(301);
  expect(found.value).toContainEqual({ name: 'h300.corp.internal', type: 'A', comment: 'reserved 300' });
  harness.route53.faults.next({ kind: 'access-denied' });
  expect(await listingAt(harness.url).protections(zone.id, never)).toMatchObject({
    ok: false,
    failure: { kind: 'denied' },
  });
});
