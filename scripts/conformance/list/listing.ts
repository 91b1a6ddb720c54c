import { ListResourceRecordSetsCommand, type ResourceRecordSet, type Route53Client } from '@aws-sdk/client-route-53';
import { compareReversedLabels } from '../../../lib/core/dns/reversed-label-order.ts';
import { route53BatchLimits } from '../../../lib/core/limits/limits.ts';
import { type Check, check, DidNotHold, type Heading, mustEqual, needing, reach, readsAs } from '../check.ts';
import { answered, planTowards } from '../steps.ts';
import type { Subject } from '../subject.ts';

/** SOA and NS, which every zone has. */
const apexSets = 2;

/** An address of 10.0.0.0/8 for each index below 2^16. */
const addressOf = (index: number): string => `10.1.${index >> 8}.${index & 255}`;

/** A whole zone in the service's order, read on from where each page says that the next one begins, with the size of every page. */
export const pagesOf = async (client: Route53Client, zoneId: string, signal: AbortSignal, pageSize?: number) => {
  const recordSets: ResourceRecordSet[] = [];
  const pages: number[] = [];
  let cursor: object = {};
  for (;;) {
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: pageSize, ...cursor });
    const page = await client.send(command, { abortSignal: signal });
    recordSets.push(...(page.ResourceRecordSets ?? []));
    pages.push(page.ResourceRecordSets?.length ?? 0);
    if (page.IsTruncated !== true) return { recordSets, pages };
    cursor = {
      StartRecordName: page.NextRecordName,
      StartRecordType: page.NextRecordType,
      StartRecordIdentifier: page.NextRecordIdentifier,
    };
  }
};

const clientOf = ({ http }: Subject): Route53Client => {
  if (http === undefined) throw new TypeError('this check needs HTTP');
  return http.client;
};

const zoneOfSize = (records: number, pages: readonly number[]): Check =>
  check(
    `${records} record sets are listed in pages of 300, each once, and every name is found`,
    async ({ subject, zone: shared, signal }) => {
      const { store, listing, zones, http } = subject;
      const zone = await zones.create(`of-${records}.${shared.name}`, subject.vpc, signal);
      const wanted = Array.from({ length: records - apexSets }, (_, index) => ({
        name: `host-${index}.${zone.name}`,
        type: 'A',
        ttlSeconds: 60,
        values: [addressOf(index)],
      }));
      for (let from = 0; from < wanted.length; from += route53BatchLimits.values) {
        const batch = wanted
          .slice(from, from + route53BatchLimits.values)
          .map((recordSet) => ({ action: 'CREATE', recordSet }) as const);
        mustEqual((await store.submit(zone.id, batch, 'conformance', signal)).kind, 'accepted');
      }
      const all = answered(await listing.list(zone.id, signal));
      const { before, after } = planTowards(
        all.filter(({ name }) => name !== zone.name),
        wanted,
      );
      if (before.length + after.length > 0 || all.length !== records)
        throw new DidNotHold('an empty second plan', { before: before.length, after: after.length });
      if (http !== undefined) mustEqual((await pagesOf(http.client, zone.id, signal, 1_000)).pages, pages);
      const some = [0, 299, 300, records - apexSets - 1].map((index) => `host-${index}.${zone.name}`);
      const found = answered(await store.readNames(zone.id, [...some, `host-x.${zone.name}`], signal));
      mustEqual(
        found.map(({ name }) => name),
        some,
      );
    },
  );

/** The order of the listing, its pages, and what a point read shows. */
export const listing: Heading = {
  heading: 'Listing',
  checks: [
    check('the order is by reversed labels, then type', async ({ subject, zone, name, signal, reach: make }) => {
      const hosts = ['b', 'x.a', 'a', 'a-1', 'a1', 'x-1.a'].map((label) => `${label}.${name}`);
      await make(...hosts.map((host) => `${host} 60 A 10.0.4.12`), 'b.@ 60 TXT "b"');
      const listed = answered(await subject.listing.list(zone.id, signal))
        .filter((found) => found.name.endsWith(`.${name}`))
        .map((found) => `${found.name} ${found.type}`);
      const expected = hosts
        .toSorted(compareReversedLabels)
        .flatMap((host) => (host === `b.${name}` ? [`${host} A`, `${host} TXT`] : [`${host} A`]));
      mustEqual(listed, expected);
    }),
    needing(
      ['http'],
      'the cursor of a truncated page goes on where the page ended',
      reach(...[0, 1, 2, 3].map((index) => `host-${index}.@ 60 A ${addressOf(index)}`)),
      async ({ subject, zone, signal }) => {
        const whole = await pagesOf(clientOf(subject), zone.id, signal);
        const byTwo = await pagesOf(clientOf(subject), zone.id, signal, 2);
        mustEqual(byTwo.recordSets, whole.recordSets);
        mustEqual(
          byTwo.pages.slice(0, -1).every((size) => size === 2),
          true,
        );
      },
    ),
    needing(
      ['http'],
      'a point read of a name without sets returns the next name',
      reach('m.@ 60 A 10.0.4.12'),
      async ({ subject, zone, name, signal }) => {
        const command = new ListResourceRecordSetsCommand({
          HostedZoneId: zone.id,
          StartRecordName: `l.${name}`,
          MaxItems: 1,
        });
        const page = await clientOf(subject).send(command, { abortSignal: signal });
        mustEqual(
          page.ResourceRecordSets?.map((found) => found.Name),
          [`m.${name}.`],
        );
      },
    ),
    check(
      'a name without sets is empty, though others follow it',
      reach('m.@ 60 A 10.0.4.12', 'z.l.@ 60 A 10.0.4.12'),
      readsAs('l.@'),
    ),
    zoneOfSize(601, [300, 300, 1]),
    zoneOfSize(1_201, [300, 300, 300, 300, 1]),
  ],
};
