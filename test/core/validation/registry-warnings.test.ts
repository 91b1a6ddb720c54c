import { describe, expect, it } from 'vitest';
import type { RegistryRow } from '../../../lib/core/endpoint/registry-row.ts';
import type { PolicyDocument } from '../../../lib/core/policy/policy.ts';
import { registryWarnings } from '../../../lib/core/validation/registry-warnings.ts';
import { examplePolicy } from './example-policy.ts';

const row = (hostname: string, more: Partial<RegistryRow> = {}): RegistryRow => ({
  hostname: `${hostname}.corp.internal`,
  targets: ['10.0.4.12'],
  standby: [],
  port: 25,
  sslMode: 'Auto',
  ttl: 60,
  name: null,
  owner: null,
  note: null,
  ...more,
});

const pathsOf = (rows: readonly RegistryRow[], policy: Partial<PolicyDocument> = {}): readonly string[] =>
  registryWarnings(rows, examplePolicy(policy)).map(({ path }) => path);

describe('registryWarnings', () => {
  it('has nothing to say where all that is registered is allowed', () => {
    expect(pathsOf([row('a'), row('b', { targets: ['fd00::1'], standby: ['a.corp.internal'], port: 465 })])).toEqual(
      [],
    );
  });

  it.each<[string, Partial<RegistryRow>, Partial<PolicyDocument>]>([
    ['ports', { port: 587 }, { ports: [25] }],
    ['cidrs', { targets: ['192.168.0.1'] }, {}],
    ['cidrs', { standby: ['192.168.0.1'] }, {}],
    ['cnameSuffixes', { targets: ['mx.example.com'] }, {}],
    ['ttl', { ttl: 7200 }, {}],
    ['zones', { hostname: 'a.other.internal' }, {}],
    ['naming', {}, { naming: { pattern: '[0-9]+\\.corp\\.internal', severity: 'block', example: '1.corp.internal' } }],
  ])('names %s for %j', (path, more, policy) => {
    expect(pathsOf([row('a', more)], policy)).toEqual([path]);
  });

  it('counts the hostnames of a setting, and names some of them', () => {
    const rows = Array.from({ length: 209 }, (_, index) => row(`h${index}`, { port: index < 2 ? 25 : 2525 }));
    const [warning, ...others] = registryWarnings(rows, examplePolicy({ ports: [25] }));
    expect(others).toEqual([]);
    expect(warning?.message).toContain(
      '207 of 209 registered hostnames would be left out (h2.corp.internal, h3.corp.internal, h4.corp.internal and 204 more): nothing probes them',
    );
  });
});
