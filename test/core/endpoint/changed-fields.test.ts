import { expect, it } from 'vitest';
import { changedFields } from '../../../lib/core/endpoint/changed-fields.ts';
import type { Definition } from '../../../lib/core/endpoint/definition.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';

const before: Definition = {
  hostname: hostnameOf('gitlab.mail.corp.internal'),
  targets: { kind: 'addresses', addresses: ['10.0.4.12'] },
  standby: { kind: 'addresses', addresses: ['10.0.4.13'] },
  port: 25,
  sslMode: 'Auto',
  ttlSeconds: 60,
  name: 'GitLab',
  owner: 'U0LI',
  note: 'by hand',
};
const other: Required<Omit<Definition, 'hostname'>> = {
  targets: { kind: 'cname', cname: hostnameOf('lb.corp.internal') },
  standby: { kind: 'addresses', addresses: ['10.0.4.14', 'fd00::1'] },
  port: 2525,
  sslMode: 'TLS',
  ttlSeconds: 300,
  name: 'Tickets',
  owner: 'C0ONCALL',
  note: 'by nobody',
};
const fields = ['targets', 'standby', 'port', 'sslMode', 'ttlSeconds', 'name', 'owner', 'note'] as const;

it('knows every field of a definition', () =>
  expect(new Set<string>(fields)).toEqual(new Set(Object.keys(before).filter((key) => key !== 'hostname'))));

it.each(fields)('tells that %s changes, and nothing else', (field) => {
  expect(changedFields(before, { ...before, [field]: other[field] })).toMatchObject([
    { field, before: expect.any(String), after: expect.any(String) },
  ]);
});

it.each(['standby', 'name', 'owner', 'note'] as const)('tells that %s is taken away, or newly given', (field) => {
  const { [field]: _, ...without } = before;
  expect(changedFields(before, without)).toEqual([{ field, before: expect.any(String) }]);
  expect(changedFields(without, before)).toEqual([{ field, after: expect.any(String) }]);
});

it('tells nothing of what stays', () => expect(changedFields(before, { ...before })).toEqual([]));
