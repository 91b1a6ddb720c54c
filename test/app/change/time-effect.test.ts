import { expect, it } from 'vitest';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const vpcs = [{ id: 'vpc-1', region: 'eu-central-1' }];
const soa = (name: string, seconds: number) => ({
  name,
  type: 'SOA',
  ttlSeconds: seconds,
  values: [`ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 ${seconds}`],
});
const zone = (id: string, name: string, seconds: number) => ({
  id,
  name,
  isPrivate: true,
  vpcs,
  recordSets: [soa(name, seconds), { name: `*.old.${name}`, type: 'A', ttlSeconds: 600, values: ['10.9.9.9'] }],
});

/** Two zones that remember what is missing for a different time; the name is in the second. */
const inTwoZones = () =>
  workerUnderTest({
    zones: [zone('Z0OTHER', 'other.internal', 300), zone('Z0CORP', 'corp.internal', 45)],
    policy: {
      zones: [
        { name: 'other.internal', id: 'Z0OTHER', vpcs: [] },
        { name: 'corp.internal', id: 'Z0CORP', vpcs: [] },
      ],
    },
  });

const withinOf = async (
  line: string,
  hostname: string,
  before: readonly string[] = [],
): Promise<number | undefined> => {
  const worker = inTwoZones();
  for (const earlier of before) await worker.say(earlier);
  await worker.work(worker.message(line));
  const body = (await worker.ledger.read(hostname, signal)).findLast((entry) => entry.body.kind === 'requested')?.body;
  return body?.kind === 'requested' ? body.plan.effectiveWithinSeconds : undefined;
};

it('waits as long as the name’s own zone lets resolvers remember that there was no such address', async () => {
  for (const [name, seconds] of [
    ['a.corp.internal', 45],
    ['a.other.internal', 300],
  ] as const) {
    const before = [`add ${name} 10.0.4.12 --ttl 30`];
    expect(await withinOf(`update ${name} 10.0.4.12 fd00::12`, name, before)).toBe(seconds);
  }
});

it('waits for the TTL of a wildcard that answered before, and of the record that is changed', async () => {
  expect(await withinOf('add a.old.corp.internal 10.0.4.12', 'a.old.corp.internal')).toBe(600);
  const before = ['add a.corp.internal 10.0.4.12 --ttl 90'];
  expect(await withinOf('update a.corp.internal 10.0.4.13', 'a.corp.internal', before)).toBe(90);
});
