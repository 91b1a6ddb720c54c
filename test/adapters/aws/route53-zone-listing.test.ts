import { afterEach, expect, test } from 'vitest';
import { createRoute53ZoneListing } from '../../../lib/adapters/aws/route53-zone-listing.ts';
import { type LocalRoute53Harness, localClientConfig, startLocalRoute53 } from '../../support/local-route53.ts';
import { createManualClock } from '../../support/manual-clock.ts';

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

test('lists a zone of several pages, each set once', async () => {
  harness = await startLocalRoute53({ zones: [zone] });
  const names = Array.from({ length: 700 }, (_, index) => `h${index}.corp.internal`);
  for (let start = 0; start < names.length; start += 100) {
    const changes = names.slice(start, start + 100).map((name) => {
      const recordSet = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
      return { action: 'CREATE', recordSet } as const;
    });
    expect(await harness.store.submit(zone.id, changes, '', never)).toMatchObject({ kind: 'accepted' });
  }
  const listed = await listingAt(harness.url).list(zone.id, never);
  if (!listed.ok) throw new Error(listed.failure.message);
  const found = listed.value.filter(({ type }) => type === 'A').map(({ name }) => name);
  expect(found.toSorted()).toEqual(names.toSorted());
  expect(listed.value.filter(({ foreign }) => foreign === 'type').map(({ type }) => type)).toEqual(
    expect.arrayContaining(['NS', 'SOA']),
  );
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
