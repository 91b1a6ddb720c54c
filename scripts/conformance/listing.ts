import { type Change, ChangeResourceRecordSetsCommand, ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { fromRoute53RecordSet } from '../../lib/adapters/aws/route53-record-set.ts';
import { batchValuesMaximum } from '../../lib/core/dns/change-batch-limits.ts';
import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import { compareReversedLabels } from '../../lib/core/dns/reversed-label-order.ts';
import { canonicalName } from '../../lib/core/endpoint/name.ts';
import { CannotBeTried, type Check, DidNotHold, type Heading, mustEqual } from './check.ts';
import { isEmptyPlan, planTowards } from './desired-state.ts';
import { listZone } from './list-zone.ts';
import { a, addressOf, raw } from './record-sets.ts';
import type { ScratchZone } from './scratch-zones.ts';
import { answered, type Steps } from './steps.ts';

/** SOA and NS, which every zone has. */
const apexSets = 2;

/** Fills a zone of its own with so many hosts, and expects an empty second plan from the listing. */
const filled = async ({ service, zones, signal }: Steps, label: string, hosts: number): Promise<ScratchZone> => {
  const zone = await zones.create(`${label}.${zones.name}`, 'private', signal);
  const desired = Array.from(
    { length: hosts },
    (_, index): RecordSet => a(`host-${index}.${zone.name}`, addressOf(index)),
  );
  for (let from = 0; from < hosts; from += batchValuesMaximum) {
    const changes = desired.slice(from, from + batchValuesMaximum).map((recordSet): Change => raw('CREATE', recordSet));
    await service.client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch: { Changes: changes } }),
      { abortSignal: signal },
    );
  }
  const { recordSets } = await listZone(service.client, zone.id, signal);
  const second = planTowards(
    recordSets.map(fromRoute53RecordSet).filter(({ name }) => name !== zone.name),
    desired,
  );
  if (!isEmptyPlan(second))
    throw new DidNotHold('an empty second plan', { before: second.before.length, after: second.after.length });
  return zone;
};

const pagesOf = (records: number, pages: readonly number[]): Check => ({
  title: `${records} record sets come 300 a page, each once, and the adapter finds each name`,
  run: async (steps) => {
    const { service, signal } = steps;
    const hosts = records - apexSets;
    const zone = await filled(steps, `of-${records}`, hosts);
    const listing = await listZone(service.client, zone.id, signal, 1_000);
    mustEqual(listing.pages, pages);
    mustEqual(new Set(listing.recordSets.map(({ Name, Type }) => `${Name} ${Type}`)).size, records);
    const wanted = [0, 299, 300, hosts - 1].map((index) => `host-${index}.${zone.name}`);
    const found = answered(await service.store.readNames(zone.id, [...wanted, `host-x.${zone.name}`], signal));
    mustEqual(
      found.map(({ name }) => name),
      wanted,
    );
  },
});

/** The order of the listing, its pages, and what a point read shows. */
export const listing: Heading = {
  heading: 'Listing',
  checks: [
    {
      title: 'the order is by reversed labels, then type',
      run: async ({ service, zone, signal, name, reach }) => {
        const hosts = ['b', 'x.a', 'a', 'a-1', 'a1', 'x-1.a'].map((label) => `${label}.${name}`);
        await reach(...hosts.map((host) => a(host, '10.0.4.12')), {
          ...a(`b.${name}`, '10.0.4.12'),
          type: 'TXT',
          values: ['"b"'],
        });
        const { recordSets } = await listZone(service.client, zone.id, signal);
        const listed = recordSets
          .filter(({ Name = '' }) => Name.endsWith(`.${name}.`))
          .map(({ Name = '', Type }) => `${canonicalName(Name)} ${Type}`);
        const expected = hosts
          .toSorted(compareReversedLabels)
          .flatMap((host) => (host === `b.${name}` ? [`${host} A`, `${host} TXT`] : [`${host} A`]));
        mustEqual(listed, expected);
      },
    },
    {
      title: 'the cursor of a truncated page goes on where the page ended',
      run: async ({ service, zone, signal, name, reach }) => {
        await reach(...[0, 1, 2, 3].map((index) => a(`host-${index}.${name}`, addressOf(index))));
        const whole = await listZone(service.client, zone.id, signal);
        const byTwo = await listZone(service.client, zone.id, signal, 2);
        mustEqual(byTwo.recordSets, whole.recordSets);
        mustEqual(
          byTwo.pages.slice(0, -1).every((size) => size === 2),
          true,
        );
      },
    },
    {
      title: 'a point read of a name without sets returns the next name, which the adapter does not take for it',
      run: async ({ service, zone, signal, name, reach, read }) => {
        await reach(a(`m.${name}`, '10.0.4.12'));
        const command = new ListResourceRecordSetsCommand({
          HostedZoneId: zone.id,
          StartRecordName: `l.${name}`,
          MaxItems: 1,
        });
        const page = await service.client.send(command, { abortSignal: signal });
        mustEqual(
          page.ResourceRecordSets?.map((found) => found.Name),
          [`m.${name}.`],
        );
        mustEqual(await read(`l.${name}`), []);
      },
    },
    {
      title: 'a change that is still PENDING is visible',
      run: async ({ service, signal, name, reach }) => {
        service.local?.faults.holdPending(true);
        try {
          const changeInfoId = await reach(a(name, '10.0.4.12'));
          const status = answered(await service.store.changeStatus(changeInfoId, signal));
          if (status !== 'PENDING') throw new CannotBeTried('the change was INSYNC before it could be read');
        } finally {
          service.local?.faults.holdPending(false);
        }
      },
    },
    pagesOf(601, [300, 300, 1]),
    pagesOf(1_201, [300, 300, 300, 300, 1]),
  ],
};
