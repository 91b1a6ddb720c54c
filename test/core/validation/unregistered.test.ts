import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { type Unregistered, unregisteredNames } from '../../../lib/core/validation/unregistered.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';

const zone = { id: 'Z0CORP', name: 'corp.internal', vpcs: [] };
const record = (name: string, type = 'A', values = ['10.0.4.12']): RecordSet => ({
  name,
  type,
  ttlSeconds: 60,
  values,
});
const registered = (name: string, ...addresses: string[]) => ({
  hostname: hostnameOf(name),
  targets: { kind: 'addresses', addresses } as const,
});

const named = (
  recordSets: readonly RecordSet[],
  known: Parameters<typeof unregisteredNames>[1] = [],
  naming?: { pattern: string; severity: 'warn'; example: string },
): ReadonlyMap<string, Unregistered> =>
  new Map(
    unregisteredNames([{ ...zone, recordSets }], known, { zones: [zone], naming }).names.map((each) => [
      each.hostname,
      each,
    ]),
  );

const signs = (...given: Parameters<typeof named>): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries([...named(...given)].map(([name, { signs: found }]) => [name, found.map(({ kind }) => kind)]));

describe('which names', () => {
  it('are those with an address or a CNAME that nobody registered', () => {
    const sets = [
      record('a.corp.internal'),
      record('b.corp.internal', 'AAAA', ['fd00::1']),
      record('c.corp.internal', 'CNAME', ['a.corp.internal.']),
      record('d.corp.internal', 'TXT', ['"x"']),
      record('ours.corp.internal'),
      record('corp.internal', 'SOA', ['x']),
    ];
    expect([...named(sets, [registered('ours.corp.internal', '10.0.9.9')]).keys()].sort()).toEqual([
      'a.corp.internal',
      'b.corp.internal',
      'c.corp.internal',
    ]);
  });

  it('are none of a wildcard and of names with an underscore, which are counted', () => {
    const sets = [record('\\052.corp.internal'), record('_x.corp.internal', 'CNAME', ['a.'])];
    const read = unregisteredNames([{ ...zone, recordSets: sets }], [], { zones: [zone] });
    expect(read).toEqual({ names: [], notHostnames: 2 });
  });

  it('are none for which another zone of the policy answers', () => {
    const inner = { id: 'Z0PROD', name: 'prod.corp.internal', vpcs: [] };
    const recordSets = [record('mail.prod.corp.internal')];
    expect(unregisteredNames([{ ...zone, recordSets }], [], { zones: [zone, inner] }).names).toEqual([]);
  });
});

describe('what looks like a mail endpoint', () => {
  it('is what other names, MX or SRV records, or a standby lead to', () => {
    const sets = [
      ...['one', 'two', 'three', 'four', 'five'].map((name) => record(`${name}.corp.internal`)),
      record('alias.corp.internal', 'CNAME', ['ONE.corp.internal.']),
      record('corp.internal', 'MX', ['10 two.corp.internal.']),
      record('_submission._tcp.corp.internal', 'SRV', ['0 1 587 three.corp.internal.']),
      record('_ldap._tcp.corp.internal', 'SRV', ['0 1 389 five.corp.internal.']),
    ];
    const standby = { kind: 'cname', cname: hostnameOf('four.corp.internal') } as const;
    const known = [{ ...registered('ours.corp.internal', '10.0.9.9'), standby }];
    const found = named(sets, known);
    const by = (name: string) => found.get(`${name}.corp.internal`)?.signs;
    expect(by('one')).toEqual([{ kind: 'named-by', by: 'alias.corp.internal', as: 'CNAME' }]);
    expect(by('two')).toEqual([{ kind: 'named-by', by: 'corp.internal', as: 'MX' }]);
    expect(by('three')).toEqual([{ kind: 'named-by', by: '_submission._tcp.corp.internal', as: 'SRV' }]);
    expect(by('four')).toEqual([{ kind: 'named-by', by: 'ours.corp.internal', as: 'standby' }]);
    expect(by('five')).toEqual([]);
  });

  it('leads where a registered name leads, however the address is written', () => {
    const sets = [record('a.corp.internal', 'AAAA', ['FD00:0:0::1']), record('b.corp.internal')];
    expect(signs(sets, [registered('ours.corp.internal', 'fd00::1')])).toEqual({
      'a.corp.internal': ['same-target'],
      'b.corp.internal': [],
    });
  });

  it.each([
    ['smtp', true],
    ['mx2', true],
    ['smtp-in', true],
    ['gitlab', true],
    ['x.mail', true],
    ['blackmail', false],
    ['sharp', false],
  ])('by its words: %s %s', (name, isMail) => {
    const found = signs([record(`${name}.corp.internal`)]);
    expect(found[`${name}.corp.internal`]).toEqual(isMail ? ['word'] : []);
  });

  it('is not every name of a zone that has such a word in its own name', () => {
    const mailZone = { id: 'Z0MAIL', name: 'mail.internal', vpcs: [] };
    const recordSets = [record('db.mail.internal'), record('mail.internal')];
    const read = unregisteredNames([{ ...mailZone, recordSets }], [], { zones: [mailZone] });
    expect(read.names.flatMap((each) => each.signs)).toEqual([]);
  });

  it('fits the naming convention of the policy', () => {
    const naming = {
      pattern: '^[a-z]+\\.in\\.corp\\.internal$',
      severity: 'warn',
      example: 'x.in.corp.internal',
    } as const;
    expect(signs([record('x.in.corp.internal'), record('y.corp.internal')], [], naming)).toEqual({
      'x.in.corp.internal': ['naming'],
      'y.corp.internal': [],
    });
  });
});

describe('what can be done with it', () => {
  it('is left alone where external-dns has it, and where adopt would refuse it', () => {
    const sets = [
      record('smtp.corp.internal'),
      record('a-smtp.corp.internal', 'TXT', ['"heritage=external-dns,external-dns/owner=prod"']),
      record('mixed.corp.internal'),
      record('mixed.corp.internal', 'TXT', ['"v=spf1"']),
      record('plain.corp.internal'),
      record('mx.corp.internal'),
    ];
    const found = named(sets);
    expect([...found].map(([name, { fate }]) => [name.split('.')[0], fate.kind])).toEqual([
      ['mx', 'adoptable'],
      ['plain', 'adoptable'],
      ['smtp', 'external-dns'],
      ['mixed', 'unadoptable'],
    ]);
  });
});
