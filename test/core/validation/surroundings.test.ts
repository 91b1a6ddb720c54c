import { describe, expect, test } from 'vitest';
import { markerName } from '../../../lib/core/dns/marker.ts';
import type { NameAnswer } from '../../../lib/core/dns/name-answer.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { lookUp } from '../../../lib/core/dns/zone-answer.ts';
import type { ZoneFacts, ZoneFailure } from '../../../lib/core/dns/zone-reading.ts';
import type { Definition, DefinitionInput } from '../../../lib/core/endpoint/definition.ts';
import type { RuleId } from '../../../lib/core/endpoint/finding.ts';
import { checkDefinition } from '../../../lib/core/validation/check-definition.ts';
import { checkExisting, checkSurroundings, type SurroundingsFacts } from '../../../lib/core/validation/surroundings.ts';
import { examplePolicy, exampleProfile } from './example-policy.ts';

const definitionOf = (input: Partial<DefinitionInput> = {}): Definition => {
  const { definition } = checkDefinition(
    { hostname: 'gitlab.mail.corp.internal', targets: ['10.0.4.12'], ...input },
    examplePolicy(),
    exampleProfile(),
  );
  if (definition === undefined) throw new Error('the test wants a valid definition');
  return definition;
};

const vpc = { id: 'vpc-1', region: 'eu-central-1' };
const zone: ZoneFacts = { id: 'Z0CORP', name: 'corp.internal', isPrivate: true, vpcs: [vpc] };
const policyZone = { id: 'Z0CORP', name: 'corp.internal', vpcs: [vpc] };
const inspected = (facts: Partial<ZoneFacts> = {}, rivals: readonly ZoneFacts[] = []): SurroundingsFacts['zone'] => ({
  ok: true,
  value: { zone: { ...zone, ...facts }, rivals: { ok: true, value: rivals } },
});
const failed = (kind: Exclude<ZoneFailure['kind'], 'busy'>): { readonly ok: false; readonly failure: ZoneFailure } => ({
  ok: false,
  failure: { kind, message: `${kind}, says Route 53` },
});
const good: SurroundingsFacts = { zone: inspected(), policyZone };
const a = (name: string, value = '10.0.9.9'): RecordSet => ({ name, type: 'A', ttlSeconds: 300, values: [value] });
const cname = (name: string, to: string): RecordSet => ({ name, type: 'CNAME', ttlSeconds: 300, values: [to] });
const rival = (name: string): ZoneFacts => ({
  id: `Z0${name.toUpperCase().replaceAll('.', '')}`,
  name,
  isPrivate: true,
  vpcs: [vpc],
});

const told = (facts: Partial<SurroundingsFacts>, input: Partial<DefinitionInput> = {}): readonly string[] =>
  checkSurroundings(definitionOf(input), { ...good, ...facts }, examplePolicy()).map(
    ({ id, severity, argument }) => `${severity} ${id} ${argument}`,
  );

const block = (id: RuleId, argument = 'hostname'): string => `block ${id} ${argument}`;
const warn = (id: RuleId, argument = 'hostname'): string => `warn ${id} ${argument}`;

describe('the zone', () => {
  test('as it should be', () => expect(told({})).toEqual([]));
  test('gone', () => expect(told({ zone: failed('no-such-zone') })).toEqual([block('zone-missing')]));
  test('not to be read', () => expect(told({ zone: failed('denied') })).toEqual([warn('could-not-check')]));
  test('unreachable', () => expect(told({ zone: failed('unreachable') })).toEqual([warn('could-not-check')]));
  test('public', () => expect(told({ zone: inspected({ isPrivate: false }) })).toEqual([block('zone-public')]));
  test('of another name', () =>
    expect(told({ zone: inspected({ name: 'lab.internal' }) })).toEqual([block('zone-name')]));
  test('not seen by a VPC that should', () =>
    expect(told({ zone: inspected({ vpcs: [] }) })).toEqual([block('zone-vpcs')]));
  test('seen by one VPC more', () =>
    expect(told({ zone: inspected({ vpcs: [vpc, { ...vpc, id: 'vpc-2' }] }) })).toEqual([warn('zone-vpcs')]));
  test('seen from another region', () => {
    expect(told({ zone: inspected({ vpcs: [{ ...vpc, region: 'us-east-1' }] }) })).toEqual([
      block('zone-vpcs'),
      warn('zone-vpcs'),
    ]);
  });
  test('with no VPC in policy, any will do', () => {
    expect(told({ zone: inspected({ vpcs: [] }), policyZone: { ...policyZone, vpcs: [] } })).toEqual([]);
    expect(told({ policyZone: { ...policyZone, vpcs: [] } })).toEqual([]);
  });
  test('wrong in several ways at once', () => {
    expect(told({ zone: inspected({ isPrivate: false, name: 'x.internal', vpcs: [] }) })).toEqual([
      block('zone-public'),
      block('zone-name'),
      block('zone-vpcs'),
    ]);
  });
});

describe('rivals', () => {
  test.each(['mail.corp.internal', 'gitlab.mail.corp.internal', 'corp.internal'])('%s shadows', (name) => {
    expect(told({ zone: inspected({}, [rival(name)]) })).toEqual([block('shadowed')]);
  });
  test.each(['lab.corp.internal', 'ab.mail.corp.internal', 'a.gitlab.mail.corp.internal', 'internal'])(
    '%s does not',
    (name) => {
      expect(told({ zone: inspected({}, [rival(name)]) })).toEqual([]);
    },
  );
  test('the zone itself is none', () => expect(told({ zone: inspected({}, [zone]) })).toEqual([]));
  test('not to be read', () => {
    expect(told({ zone: { ok: true, value: { zone, rivals: failed('denied') } } })).toEqual([warn('could-not-check')]);
  });
});

describe('records at the name', () => {
  const hostname = 'gitlab.mail.corp.internal';
  test('of someone else, of any type', () => {
    for (const recordSet of [
      a(hostname),
      cname(hostname, 'x.corp.internal'),
      { name: hostname, type: 'MX', ttlSeconds: 60, values: ['10 x.'], foreign: 'type' } as const,
      { name: markerName(hostname), type: 'TXT', ttlSeconds: 60, values: ['"someone else"'] },
    ]) {
      expect(checkExisting(hostname, [recordSet])).toMatchObject([
        { id: 'conflicting-record', severity: 'block', argument: 'hostname' },
      ]);
    }
  });

  test('are told one by one, with what they hold', () => {
    const [first, second, ...others] = checkExisting(hostname, [a(hostname), a(markerName(hostname), '10.0.9.10')]);
    expect(others).toEqual([]);
    expect(first?.wrong).toBe(
      'gitlab.mail.corp.internal already has A 10.0.9.9, TTL 300, which this bot does not own and will not touch.',
    );
    expect(second?.wrong).toContain('_postal-endpoint.gitlab.mail.corp.internal already has A 10.0.9.10');
  });
});

describe('a CNAME target', () => {
  const input = { targets: ['lb.corp.internal'] };
  const other = { id: 'Z0OTHER', name: 'other.internal' };

  /** What the zone corp.internal, and perhaps other.internal, answer for the target. */
  const answer = (
    recordSets: readonly RecordSet[],
    over: Partial<NameAnswer> & { readonly others?: readonly RecordSet[] | 'unreadable' } = {},
  ): NameAnswer => {
    const { others = [], ...rest } = over;
    const zones = [
      { ...zone, recordSets },
      { ...other, recordSets: others === 'unreadable' ? undefined : others },
    ];
    const failures = new Map(others === 'unreadable' ? [[other.name, failed('denied').failure] as const] : []);
    return {
      a: lookUp(zones, 'lb.corp.internal', 'A'),
      aaaa: lookUp(zones, 'lb.corp.internal', 'AAAA'),
      failures,
      ...rest,
    };
  };
  const at = (...recordSets: readonly RecordSet[]): Partial<SurroundingsFacts> => ({ cnameTarget: answer(recordSets) });
  const outward = cname('lb.corp.internal', 'x.example.com.');
  const sideways = cname('lb.corp.internal', 'x.other.internal');
  const alias: RecordSet = { name: 'lb.corp.internal', type: 'A', ttlSeconds: 0, values: [], foreign: 'alias' };

  test.each<[string, Partial<SurroundingsFacts>, readonly string[]]>([
    ['with an address', at(a('lb.corp.internal')), []],
    ['with an address by a wildcard', at(a('\\052.corp.internal')), []],
    [
      'with an address outside the ranges',
      at(a('lb.corp.internal', '8.8.8.8')),
      [block('target-outside-cidrs', 'target')],
    ],
    [
      'with the address of the metadata service',
      at(a('lb.corp.internal', '169.254.169.254')),
      [block('target-not-routable', 'target')],
    ],
    [
      'whose wildcard has an address outside the ranges',
      at(a('\\052.corp.internal', '8.8.8.8')),
      [block('target-outside-cidrs', 'target')],
    ],
    ['of which nothing is known', at(), [block('cname-target', 'target')]],
    [
      'that a name below it makes an empty one',
      at(a('x.lb.corp.internal'), a('\\052.corp.internal')),
      [block('cname-target', 'target')],
    ],
    [
      'that has only text',
      at({ name: 'lb.corp.internal', type: 'TXT', ttlSeconds: 60, values: ['"x"'] }),
      [block('cname-target', 'target')],
    ],
    ['that leads on to an address', at(cname('lb.corp.internal', 'X.corp.internal.'), a('x.corp.internal')), []],
    [
      'that leads on to an address outside the ranges',
      at(cname('lb.corp.internal', 'x.corp.internal'), a('x.corp.internal', '8.8.8.8')),
      [block('target-outside-cidrs', 'target')],
    ],
    [
      'that leads on to a name that does not exist',
      at(cname('lb.corp.internal', 'x.corp.internal')),
      [block('cname-target', 'target')],
    ],
    ['that leads back', at(cname('lb.corp.internal', 'gitlab.mail.corp.internal')), [block('cname-target', 'target')]],
    [
      'that leads back further on',
      at(cname('lb.corp.internal', 'x.corp.internal'), cname('x.corp.internal', 'lb.corp.internal')),
      [block('cname-target', 'target')],
    ],
    ['that leads out of the zones', at(outward), [block('cname-outside', 'target')]],
    [
      'that leads out of the zones, though inside the ranges',
      { cnameTarget: answer([outward], { resolved: ['10.0.9.9'] }) },
      [block('cname-outside', 'target')],
    ],
    ['that is an alias', at(alias), [warn('could-not-check', 'target')]],
    [
      'that is an alias to an address inside the ranges',
      { cnameTarget: answer([alias], { resolved: ['10.0.9.9'] }) },
      [],
    ],
    [
      'that is an alias to an address outside the ranges',
      { cnameTarget: answer([alias], { resolved: ['8.8.8.8'] }) },
      [block('target-outside-cidrs', 'target')],
    ],
    [
      'that leads into another zone of the VPC',
      { cnameTarget: answer([sideways], { others: [a('x.other.internal')] }) },
      [],
    ],
    [
      'that leads into another zone of the VPC, and there outside the ranges',
      { cnameTarget: answer([sideways], { others: [a('x.other.internal', '8.8.8.8')] }) },
      [block('target-outside-cidrs', 'target')],
    ],
    [
      'that leads into a zone that may not be read',
      { cnameTarget: answer([sideways], { others: 'unreadable' }) },
      [warn('could-not-check', 'target')],
    ],
    [
      'that leads into a zone that may not be read, inside the ranges',
      { cnameTarget: answer([sideways], { others: 'unreadable', resolved: ['10.0.9.9'] }) },
      [warn('could-not-check', 'target')],
    ],
    [
      'that leads into a zone that may not be read, outside the ranges',
      { cnameTarget: answer([sideways], { others: 'unreadable', resolved: ['8.8.8.8'] }) },
      [block('target-outside-cidrs', 'target')],
    ],
  ])('%s', (_, facts, expected) => expect(told(facts, input)).toEqual(expected));

  test('that leads out of the zones below a suffix that policy lists is judged by what the resolver finds', () => {
    const judged = (resolved: readonly string[] | undefined) =>
      checkSurroundings(
        definitionOf(input),
        { ...good, cnameTarget: answer([outward], { resolved }) },
        { ...examplePolicy(), cnameSuffixes: ['example.com'] },
      ).map(({ id, severity }) => `${severity} ${id}`);
    expect(judged(['10.0.9.9'])).toEqual([]);
    expect(judged(['8.8.8.8'])).toEqual(['block target-outside-cidrs']);
    expect(judged([])).toEqual(['warn could-not-check']);
    expect(judged(undefined)).toEqual(['warn could-not-check']);
  });

  test('the missing link of a chain is named', () => {
    const [found] = checkSurroundings(
      definitionOf(input),
      { ...good, ...at(cname('lb.corp.internal', 'x.corp.internal')) },
      examplePolicy(),
    );
    expect(found?.wrong).toBe(
      'lb.corp.internal leads to no address: x.corp.internal does not exist (lb.corp.internal → x.corp.internal).',
    );
  });

  test('of the standby', () => {
    expect(told({ standbyCnameTarget: answer([]) }, { standby: ['lb.corp.internal'] })).toEqual([
      block('cname-target', 'standby'),
    ]);
    expect(
      told({ standbyCnameTarget: answer([a('lb.corp.internal', '8.8.8.8')]) }, { standby: ['lb.corp.internal'] }),
    ).toEqual([block('target-outside-cidrs', 'standby')]);
  });
});
