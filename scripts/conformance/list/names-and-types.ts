import { formatTxt } from '../../../lib/core/dns/txt-value.ts';
import { labelOctetsMaximum, wireOctetsMaximum } from '../../../lib/core/endpoint/name.ts';
import { accept, check, type Heading, mustEqual, reach, readsAs, refuse } from '../check.ts';
import { answered } from '../steps.ts';

const conflict = /^RRSet of type \S+ with DNS name \S+ is not permitted (?:as it|because a) conflict/;
const notValid = /FATAL problem: \w+/;

/** A type, and three values that it may have. */
const types = [
  ['A', '10.0.4.12', '10.0.4.13', '10.0.4.14'],
  ['AAAA', 'fd00::1', 'fd00::2', 'fd00::3'],
  ['TXT', '"one"', '"two" "and more"', '"three"'],
] as const;

/** Octets of TXT values around the limits of one, two and three character-strings. */
const txtOctets = [0, 1, 254, 255, 256, 509, 510, 511, 764, 765, 766];

const goodTxt = [
  ['quotes', '"say \\"hi\\""'],
  ['backslashes', '"C:\\\\temp"'],
  ['semicolons', '"v=spf1; -all"'],
  ['a trailing space', '"ends with "'],
  ['only a space', '" "'],
  ['octal escapes', '"\\303\\251"'],
  ['XML characters', '"<a href=&quot;x&quot;>&amp;\'"'],
] as const;

const badValues = [
  ['an unquoted TXT', 'TXT plain'],
  ['a half quoted TXT', 'TXT "plain'],
  ['a TXT of 256 octets in one string', `TXT "${'x'.repeat(256)}"`],
  ['a TXT outside ASCII', 'TXT "é"'],
  ['a short IPv4 address', 'A 10.0.4'],
  ['an octet over 255', 'A 10.0.4.256'],
  ['a leading zero', 'A 010.0.4.12'],
  ['an IPv6 address in an A', 'A fd00::1'],
  ['a name in an A', 'A mx.example.com'],
  ['an IPv4 address in an AAAA', 'AAAA 10.0.4.12'],
  ['two gaps in an IPv6 address', 'AAAA fd00::1::2'],
  ['an IPv6 zone id', 'AAAA fe80::1%eth0'],
  ['an IPv6 group of five digits', 'AAAA fd00::12345'],
  ['an empty label in a CNAME', 'CNAME a..b'],
] as const;

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

const longLabel = (octets: number): string => 'x'.repeat(octets);

/** Every record type that postal-endpoint writes, and the names and values that must be refused. */
export const namesAndTypes: Heading = {
  heading: 'Names and types',
  checks: [
    ...types.map(([type, first, second, third]) =>
      check(
        `${type} is created, changed, gets a 2nd and a 3rd value, another TTL, another value and TTL together, and goes`,
        reach(`@ 60 ${type} ${first}`),
        reach(`@ 60 ${type} ${second}`),
        reach(`@ 60 ${type} ${second} | ${first}`),
        reach(`@ 60 ${type} ${second} | ${first} | ${third}`),
        reach(`@ 300 ${type} ${second} | ${first} | ${third}`),
        reach(`@ 30 ${type} ${third}`),
        reach(),
      ),
    ),
    check(
      'CNAME is created, changed, gets another TTL, both together, and goes',
      reach('@ 60 CNAME mx.example.com'),
      reach('@ 60 CNAME mx2.example.com'),
      reach('@ 300 CNAME mx2.example.com'),
      reach('@ 30 CNAME mx.example.com'),
      reach(),
    ),
    check(
      'A → CNAME → A',
      reach('@ 60 A 10.0.4.12'),
      accept(['- @ 60 A 10.0.4.12', '+ @ 60 CNAME mx.example.com'], '@ 60 CNAME mx.example.com'),
      accept(['- @ 60 CNAME mx.example.com', '+ @ 60 A 10.0.4.12'], '@ 60 A 10.0.4.12'),
    ),
    check(
      'a CNAME beside an A is refused, in either order and in one batch',
      refuse(['+ @ 60 A 10.0.4.12', '+ @ 60 CNAME mx.example.com'], conflict),
      reach('@ 60 A 10.0.4.12'),
      refuse(['+ @ 60 CNAME mx.example.com'], conflict),
      refuse(['+ @ 60 CNAME mx.example.com', '- @ 60 A 10.0.4.12'], conflict),
      reach('@ 60 CNAME mx.example.com'),
      refuse(['+ @ 60 A 10.0.4.12'], conflict),
    ),
    check('a CNAME at the apex is refused', refuse(['+ $ 60 CNAME mx.example.com'], /not permitted at apex/)),
    check('a CNAME with two values is refused', refuse(['+ @ 60 CNAME mx.example.com | mx2.example.com'])),
    check(
      'a wildcard and other characters are read back as octal escapes, and the escape names the same set',
      accept(['+ *.@ 60 A 10.0.4.12', '+ a!b.@ 60 A 10.0.4.13'], '\\052.@ 60 A 10.0.4.12', 'a\\041b.@ 60 A 10.0.4.13'),
      readsAs('*.@', '\\052.@ 60 A 10.0.4.12'),
      readsAs('\\052.@', '\\052.@ 60 A 10.0.4.12'),
      readsAs('a\\041b.@', 'a\\041b.@ 60 A 10.0.4.13'),
      refuse(['+ \\052.@ 60 A 10.0.4.14'], /already exists/),
      refuse(['+ a\\041b.@ 60 A 10.0.4.14'], /already exists/),
    ),
    check(
      'upper case is folded',
      accept(['+! MiXed.@ 60 A 10.0.4.12'], 'mixed.@ 60 A 10.0.4.12'),
      readsAs('MIXED.@', 'mixed.@ 60 A 10.0.4.12'),
      refuse(['+! MIXED.@ 60 A 10.0.4.13'], /already exists/),
    ),
    check(
      'a label of 63 is taken, one of 64 is refused',
      reach(`${longLabel(63)}.@ 60 A 10.0.4.12`),
      refuse([`+! ${longLabel(64)}.@ 60 A 10.0.4.12`]),
    ),
    check('a name of 255 octets is taken, one of 256 is refused', async ({ name, reach: make, refuse: deny }) => {
      await make(`${nameOfOctets(wireOctetsMaximum, name)} 60 A 10.0.4.12`);
      await deny([`+! ${nameOfOctets(wireOctetsMaximum + 1, name)} 60 A 10.0.4.12`]);
    }),
    check(
      'a name outside the zone is refused, also when only its letters end alike',
      ...['outside.example', 'a.not-$', 'internal'].map((outside) =>
        refuse([`+! ${outside} 60 A 10.0.4.12`], /is not permitted in zone/),
      ),
    ),
    check('the SOA and the NS of the apex are foreign and cannot be deleted', async ({ zone, read, refuse: deny }) => {
      const apex = await read(zone.name);
      mustEqual(
        apex.map(({ type, foreign }) => [type, foreign]),
        [
          ['NS', 'type'],
          ['SOA', 'type'],
        ],
      );
      for (const { type, ttlSeconds, values } of apex) {
        await deny(
          [`-! $ ${ttlSeconds} ${type} ${values.join(' | ')}`],
          new RegExp(`A HostedZone must contain .*${type}`),
        );
      }
    }),
    ...txtOctets.map((octets) =>
      check(
        `a TXT of ${octets} octets goes there and back`,
        reach(`@ 60 TXT ${formatTxt('x'.repeat(octets))}`),
        reach(),
      ),
    ),
    ...goodTxt.map(([what, value]) =>
      check(`a TXT with ${what} goes there and back`, reach(`@ 60 TXT ${value}`), reach()),
    ),
    ...badValues.map(([what, value]) => check(`${what} is refused`, refuse([`+ @ 60 ${value}`], notValid))),
    check(
      'duplicate values are refused, also when they are written in two ways',
      refuse(['+ @ 60 A 10.0.4.12 | 10.0.4.12'], /Duplicate Resource Record: '10\.0\.4\.12'/),
      refuse(['+ @ 60 AAAA fd00::1 | fd00:0::1'], /Duplicate Resource Record: 'fd00:0::1'/),
    ),
    check(
      'a zone id with and without /hostedzone/ reads and writes the same zone',
      async ({ subject, zone, name, signal, has }) => {
        const id = `/hostedzone/${zone.id}`;
        const recordSet = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
        mustEqual(
          (await subject.store.submit(id, [{ action: 'CREATE', recordSet }], 'conformance', signal)).kind,
          'accepted',
        );
        await has('@ 60 A 10.0.4.12');
        mustEqual(answered(await subject.store.readNames(id, [name], signal)), [recordSet]);
      },
    ),
  ],
};
