import { describe, expect, test } from 'vitest';
import { markerName } from '../../../lib/core/dns/marker.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
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
  checkSurroundings(definitionOf(input), { ...good, ...facts }).map(
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
      expect(checkExisting([recordSet])).toMatchObject([
        { id: 'conflicting-record', severity: 'block', argument: 'hostname' },
      ]);
    }
  });

  test('are told one by one, with what they hold', () => {
    const [first, second, ...others] = checkExisting([a(hostname), a(markerName(hostname), '10.0.9.10')]);
    expect(others).toEqual([]);
    expect(first?.wrong).toBe(
      'gitlab.mail.corp.internal already has A 10.0.9.9, TTL 300, which this bot does not own and will not touch.',
    );
    expect(second?.wrong).toContain('_postal-endpoint.gitlab.mail.corp.internal already has A 10.0.9.10');
  });
});

describe('a CNAME target', () => {
  const input = { targets: ['lb.corp.internal'] };
  const at = (...recordSets: readonly RecordSet[]): Partial<SurroundingsFacts> => ({
    cnameTarget: { ok: true, value: recordSets },
  });

  test('with an address', () => expect(told(at(a('lb.corp.internal')), input)).toEqual([]));
  test('that is an alias to a load balancer', () => {
    expect(
      told(at({ name: 'lb.corp.internal', type: 'A', ttlSeconds: 0, values: [], foreign: 'alias' }), input),
    ).toEqual([]);
  });
  test('outside our zones was not read', () => expect(told({}, input)).toEqual([]));
  test('of which nothing is known', () => expect(told(at(), input)).toEqual([block('cname-target', 'target')]));
  test('that has only text', () => {
    expect(told(at({ name: 'lb.corp.internal', type: 'TXT', ttlSeconds: 60, values: ['"x"'] }), input)).toEqual([
      block('cname-target', 'target'),
    ]);
  });
  test('that leads on, to where was not read', () =>
    expect(told(at(cname('lb.corp.internal', 'x.example.com.')), input)).toEqual([]));
  test('that leads on to an address', () =>
    expect(told(at(cname('lb.corp.internal', 'X.corp.internal.'), a('x.corp.internal')), input)).toEqual([]));
  test('that leads back', () => {
    expect(told(at(cname('lb.corp.internal', 'gitlab.mail.corp.internal')), input)).toEqual([
      block('cname-target', 'target'),
    ]);
  });
  test('that leads back further on', () => {
    const loop = [cname('lb.corp.internal', 'x.corp.internal'), cname('x.corp.internal', 'lb.corp.internal')];
    expect(told(at(...loop), input)).toEqual([block('cname-target', 'target')]);
  });
  test('that could not be read', () =>
    expect(told({ cnameTarget: failed('denied') }, input)).toEqual([warn('could-not-check', 'target')]));
  test('of the standby', () => {
    const standbyCnameTarget = { ok: true, value: [] } as const;
    expect(told({ standbyCnameTarget }, { standby: ['lb.corp.internal'] })).toEqual([block('cname-target', 'standby')]);
  });
});
