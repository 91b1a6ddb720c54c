import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import { labelOctetsMaximum, wireOctetsMaximum } from '../../lib/core/endpoint/name.ts';
import { type Check, type Heading, mustEqual } from './check.ts';
import { listZone } from './list-zone.ts';
import { a, create, raw, set } from './record-sets.ts';
import { txtValues } from './txt-values.ts';

const conflict = /^RRSet of type \S+ with DNS name \S+ is not permitted (?:as it|because a) conflict/;
const notValid = /FATAL problem: \w+/;

const life = (type: string, first: string, second: string, third: string): Check => ({
  title: `${type} is created, changed, gets a 2nd and a 3rd value, another TTL, another value and TTL together, and goes`,
  run: async ({ name, reach }) => {
    const steps: readonly (readonly [values: readonly string[], ttlSeconds: number])[] = [
      [[first], 60],
      [[second], 60],
      [[second, first], 60],
      [[second, first, third], 60],
      [[second, first, third], 300],
      [[third], 30],
    ];
    for (const [values, ttlSeconds] of steps) await reach(set(name, type, values, ttlSeconds));
    await reach();
  },
});

const cname = (name: string, target: string, ttlSeconds = 60): RecordSet => set(name, 'CNAME', [target], ttlSeconds);

/** A name of so many octets on the wire, below `parent`. */
const nameOfOctets = (octets: number, parent: string): string => {
  const labels: string[] = [];
  for (let left = octets - parent.length - 2; left > 0; ) {
    // A label takes one octet more than its text, so nothing may remain that is too short for one.
    const taken = left === labelOctetsMaximum + 2 ? labelOctetsMaximum : Math.min(left, labelOctetsMaximum + 1);
    labels.push('x'.repeat(taken - 1));
    left -= taken;
  }
  return [...labels, parent].join('.');
};

const namesChecks: readonly Check[] = [
  {
    title: 'a wildcard is created, and read back as \\052',
    run: async ({ name, reach, read }) => {
      await reach(a(`*.${name}`, '10.0.4.12'));
      mustEqual(
        (await read(`*.${name}`)).map((found) => found.name),
        [`\\052.${name}`],
      );
    },
  },
  {
    title: '\\052 and other octal escapes name the same set as the character',
    run: async ({ name, reach, refuses, read }) => {
      await reach(a(`*.${name}`, '10.0.4.12'), a(`a!b.${name}`, '10.0.4.13'));
      await refuses([create(a(`\\052.${name}`, '10.0.4.14'))], /already exists/);
      await refuses([create(a(`a\\041b.${name}`, '10.0.4.14'))], /already exists/);
      mustEqual(
        (await read(`a\\041b.${name}`)).map(({ values }) => values),
        [['10.0.4.13']],
      );
    },
  },
  {
    title: 'upper case is folded',
    run: async ({ name, sendRaw, stands, refusesRaw }) => {
      mustEqual((await sendRaw(raw('CREATE', a(name.toUpperCase(), '10.0.4.12')))).kind, 'accepted');
      await stands(a(name, '10.0.4.12'));
      await refusesRaw([raw('CREATE', a(name.toUpperCase(), '10.0.4.13'))], /already exists/);
    },
  },
  {
    title: 'a label of 63 is taken, one of 64 is refused',
    run: async ({ name, reach, refusesRaw }) => {
      await reach(a(`${'x'.repeat(63)}.${name}`, '10.0.4.12'));
      await refusesRaw([raw('CREATE', a(`${'x'.repeat(64)}.${name}`, '10.0.4.12'))]);
    },
  },
  {
    title: 'a name of 255 octets is taken, one of 256 is refused',
    run: async ({ name, reach, refusesRaw }) => {
      await reach(a(nameOfOctets(wireOctetsMaximum, name), '10.0.4.12'));
      await refusesRaw([raw('CREATE', a(nameOfOctets(wireOctetsMaximum + 1, name), '10.0.4.12'))]);
    },
  },
  {
    title: 'a name outside the zone is refused, also when only its letters end alike',
    run: async ({ zone, refusesRaw }) => {
      for (const outside of ['outside.example', `a.not-${zone.name}`, zone.name.slice(zone.name.indexOf('.') + 1)]) {
        await refusesRaw([raw('CREATE', a(outside, '10.0.4.12'))], /is not permitted in zone/);
      }
    },
  },
  {
    title: 'the SOA and the NS of the apex cannot be deleted',
    run: async ({ service, zone, signal, refusesRaw }) => {
      const { recordSets } = await listZone(service.client, zone.id, signal);
      for (const type of ['SOA', 'NS']) {
        const found = recordSets.find((recordSet) => recordSet.Type === type);
        await refusesRaw(
          [{ Action: 'DELETE', ResourceRecordSet: found }],
          new RegExp(`A HostedZone must contain .*${type}`),
        );
      }
    },
  },
];

const cnameChecks: readonly Check[] = [
  {
    title: 'CNAME is created, changed, gets another TTL, both together, and goes',
    run: async ({ name, reach }) => {
      await reach(cname(name, 'mx.example.com'));
      await reach(cname(name, 'mx2.example.com'));
      await reach(cname(name, 'mx2.example.com', 300));
      await reach(cname(name, 'mx.example.com', 30));
      await reach();
    },
  },
  {
    title: 'A → CNAME → A',
    run: async ({ name, reach }) => {
      await reach(a(name, '10.0.4.12'));
      await reach(cname(name, 'mx.example.com'));
      await reach(a(name, '10.0.4.12'));
    },
  },
  {
    title: 'a CNAME beside an A is refused, in either order and in one batch',
    run: async ({ name, reach, refuses }) => {
      await refuses([create(a(name, '10.0.4.12')), create(cname(name, 'mx.example.com'))], conflict);
      await reach(a(name, '10.0.4.12'));
      await refuses([create(cname(name, 'mx.example.com'))], conflict);
      await reach(cname(name, 'mx.example.com'));
      await refuses([create(a(name, '10.0.4.12'))], conflict);
    },
  },
  {
    title: 'a CNAME at the apex is refused',
    run: ({ zone, refuses }) => refuses([create(cname(zone.name, 'mx.example.com'))], /not permitted at apex/),
  },
  {
    title: 'a CNAME with two values is refused',
    run: ({ name, refuses }) => refuses([create(set(name, 'CNAME', ['mx.example.com', 'mx2.example.com']))]),
  },
];

const wrongValues: readonly (readonly [what: string, type: string, values: readonly string[]])[] = [
  ['bad IPv4', 'A', ['10.0.4', '10.0.4.256', '010.0.4.12', 'fd00::1', 'mx.example.com']],
  ['bad IPv6', 'AAAA', ['10.0.4.12', 'fd00::1::2', 'fe80::1%eth0', 'fd00::12345']],
];

const valueChecks: readonly Check[] = [
  ...wrongValues.map(
    ([what, type, values]): Check => ({
      title: `${what} is refused: ${values.join(' ')}`,
      run: async ({ name, refuses }) => {
        for (const value of values) await refuses([create(set(name, type, [value]))], notValid);
      },
    }),
  ),
  {
    title: 'duplicate values are refused, also when they are written in two ways',
    run: async ({ name, refuses }) => {
      await refuses([create(a(name, '10.0.4.12', '10.0.4.12'))], /Duplicate Resource Record/);
      await refuses([create(set(name, 'AAAA', ['fd00::1', 'fd00:0::1']))], /Duplicate Resource Record/);
    },
  },
];

/** Every record type that postal-endpoint writes, and the names and values that must not be. */
export const namesAndTypes: Heading = {
  heading: 'Names and types',
  checks: [
    life('A', '10.0.4.12', '10.0.4.13', '10.0.4.14'),
    life('AAAA', 'fd00::1', 'fd00::2', 'fd00::3'),
    life('TXT', '"one"', '"two" "and more"', '"three"'),
    ...cnameChecks,
    ...namesChecks,
    ...txtValues,
    ...valueChecks,
  ],
};
