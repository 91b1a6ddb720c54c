import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseIpAddress } from '../../../../lib/core/endpoint/ip-address.ts';
import { read } from '../../../support/import-under-test.ts';
import { findProgram } from '../../../support/run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const compiler = findProgram('named-compilezone');
const zone = 'corp.internal';

type Expected = { readonly ttls: Map<string, number>; readonly targets: Set<string> };

/** What BIND makes of a zone file: of each owner with addresses or a CNAME its targets, and the TTL of each type. */
const asBind = (file: string): ReadonlyMap<string, Expected> => {
  const options = ['-q', '-i', 'none', '-k', 'ignore', '-n', 'ignore', '-m', 'ignore', '-M', 'ignore', '-S', 'ignore'];
  const text = execFileSync(compiler ?? '', [...options, '-o', '-', zone, file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const owners = new Map<string, Expected>();
  for (const line of text.split('\n')) {
    const [owner = '', ttl = '', , type = '', value = ''] = line.split(/\s+/);
    if (type !== 'A' && type !== 'AAAA' && type !== 'CNAME') continue;
    const name = owner.toLowerCase().replace(/\.$/, '');
    if (/_|(^|\.)\*(\.|$)/.test(name)) continue;
    const known = owners.get(name) ?? { ttls: new Map(), targets: new Set() };
    known.ttls.set(type, Number(ttl));
    known.targets.add(
      type === 'CNAME' ? value.toLowerCase().replace(/\.$/, '') : (parseIpAddress(value)?.text ?? value),
    );
    owners.set(name, known);
  }
  return owners;
};

const space = fc.constantFrom(' ', '\t', '  ', ' \t ');
const ttlText = fc.constantFrom('', '0', '60', '3600', '1h', '1H30m', '2d', '1w1s', '2147483647');
const classText = fc.constantFrom('', 'IN', 'in', 'CLASS1');
const address = fc.oneof(
  fc.tuple(fc.constant('A'), fc.nat(255), fc.nat(255)).map(([type, one, two]) => [type, `10.0.${one}.${two}`] as const),
  fc
    .tuple(fc.constantFrom('AAAA', 'aaaa'), fc.nat(0xffff), fc.nat(0xff))
    .map(([type, one, two]) => [type, `FD00:${one.toString(16)}:0::${two.toString(16)}`] as const),
);
const other = fc.constantFrom<readonly [type: string, value: string]>(
  ['TXT', '"a; b ( c" x\\;y'],
  ['TXT', '( "one"\n "two" ; three\n )'],
  ['MX', '10 mx'],
  ['SRV', '0 5 25 mx.other.org.'],
  ['HINFO', '"PC" Linux'],
  ['CAA', '0 issue "ca.example"'],
  ['SSHFP', '1 1 0123456789abcdef0123456789abcdef01234567'],
  ['TYPE65400', '\\# 3 0A0B0C'],
);

/** A name below the zone, in one of the ways in which a zone file can write it. */
const escaped = (label: string, index: number): string =>
  index % 3 === 0
    ? `\\${String(label.charCodeAt(0)).padStart(3, '0')}${label.slice(1)}`
    : index % 3 === 1
      ? label.toUpperCase()
      : label;

const entry = fc.record({
  /** Hosts have addresses, aliases a CNAME: no name is both. */
  kind: fc.constantFrom('host', 'host', 'host', 'alias', 'other', 'service', 'origin', 'ttl', 'generate', 'blank'),
  number: fc.nat(12),
  isSame: fc.boolean(),
  isAbsolute: fc.boolean(),
  spelling: fc.nat(5),
  ttl: ttlText,
  zoneClass: classText,
  isTtlFirst: fc.boolean(),
  inParentheses: fc.boolean(),
  comment: fc.constantFrom('', ' ; a comment (', '; "', '\t;'),
  space,
  address,
  other,
});

type Entry = typeof entry extends fc.Arbitrary<infer Value> ? Value : never;

/** Writes entries as a zone file, keeping what BIND would refuse out of it. */
const zoneFile = (
  entries: readonly Entry[],
  soaTtl: string,
): { readonly text: string; readonly owners: readonly string[] } => {
  let origin = `${zone}.`;
  /** Of the record before, as long as a line may begin with white space. */
  let owner: string | undefined;
  let current = '';
  const aliases = new Set<string>();
  /**
   * Without a default, BIND lets a record whose TTL it has changed to that of the one before it, of the same owner and type, hand that TTL on. The import does not.
   */
  let hasDefault = soaTtl === '';
  /** Owner and type of each record. */
  const owners: string[] = [];
  const lines = [`@ ${soaTtl} IN SOA ns hostmaster ( 1 ; serial\n 7200 900\n\t1209600 5m )`, '\tNS ns.other.org.'];
  for (const {
    kind,
    number,
    isSame,
    isAbsolute,
    spelling,
    ttl,
    zoneClass,
    isTtlFirst,
    inParentheses,
    comment,
    space: gap,
    address: [type, value],
    other: [otherType, otherValue],
  } of entries) {
    if (kind === 'blank') lines.push(`${gap}${comment}`);
    else if (kind === 'ttl') {
      hasDefault = true;
      lines.push(`$TTL${gap}${ttl === '' ? '77' : ttl}${comment}`);
    } else if (kind === 'origin') {
      origin =
        number % 3 === 0 ? `${zone}.` : number % 3 === 1 ? `sub${number}.${zone}.` : `deep.sub${number}.${zone}.`;
      lines.push(`$ORIGIN${gap}${origin}${comment}`);
    } else if (kind === 'generate') {
      const made = `gen${number}.${origin}`;
      if (!hasDefault && owners.includes(made)) continue;
      owners.push(made);
      lines.push(`$GENERATE 0-${number}/2 gen${number}-\${${spelling},2}${gap}${ttl}${gap}A 10.9.8.$${comment}`);
    } else {
      const label = { host: 'host', alias: 'alias', other: 'host', service: spelling % 2 === 0 ? '_tcp' : '*.wild' }[
        kind
      ];
      const isWildcard = label.startsWith('*');
      const relative = isWildcard ? `*.wild${number}` : `${label}${number}`;
      const full = `${relative}.${origin}`;
      if (kind === 'alias' && aliases.has(full)) continue;
      if (kind === 'alias') aliases.add(full);
      const written = isAbsolute ? full : isWildcard ? relative : escaped(relative, spelling);
      // An owner that is inherited has to be of the same kind: other records may not join an alias.
      const inherits = isSame && owner === label && kind === 'host';
      const words = isTtlFirst ? [ttl, zoneClass] : [zoneClass, ttl];
      const rdata =
        kind === 'alias'
          ? ['CNAME', isAbsolute ? `Host1.${origin}` : 'host1']
          : kind === 'other'
            ? [otherType, otherValue]
            : [type, value];
      const [kindOfRecord = '', data = ''] = rdata;
      const body = inParentheses ? `( ${kindOfRecord}\n${gap}${data} ; )\n )` : `${kindOfRecord}${gap}${data}`;
      const named = inherits ? current : full.toLowerCase();
      const key = `${named} ${kindOfRecord.toUpperCase()}`;
      if (!hasDefault && owners.includes(key)) continue;
      lines.push(
        `${inherits ? '' : written}${gap}${words.filter((word) => word !== '').join(gap)}${gap}${body}${comment}`,
      );
      current = named;
      owners.push(key);
      owner = label;
    }
  }
  return { text: `${lines.join('\n')}\n`, owners };
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

it.skipIf(compiler === undefined)('agrees with named-compilezone on 500 random zones', { timeout: 240_000 }, () => {
  const path = join(folder.path, 'zone');
  let rows = 0;
  let single = 0;
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), ttlText, (entries, soaTtl) => {
      const { text, owners } = zoneFile(entries, soaTtl);
      writeFileSync(path, text);
      const expected = asBind(path);
      const answer = read(text, zone);
      expect(answer.mistakes, text).toEqual([]);
      expect(answer.rows.map(({ hostname }) => hostname).sort(), text).toEqual([...expected.keys()].sort());
      for (const { hostname, targets, ttl } of answer.rows) {
        const { targets: known, ttls } = expected.get(hostname) ?? {
          targets: new Set<string>(),
          ttls: new Map<string, number>(),
        };
        const [first = ''] = targets;
        const type = parseIpAddress(first) === undefined ? 'CNAME' : first.includes(':') ? 'AAAA' : 'A';
        expect(new Set(targets), text).toEqual(known);
        // BIND gives several records of one type one TTL, and it is not always the first's.
        if (owners.filter((owner) => owner === `${hostname}. ${type}`).length === 1) {
          expect(ttl, text).toBe(ttls.get(type));
          single += 1;
        }
        rows += 1;
      }
    }),
    { numRuns: 500 },
  );
  expect(rows).toBeGreaterThan(1000);
  expect(single).toBeGreaterThan(500);
});
