import { expect, it } from 'vitest';
import { acceptedWhere, readAcceptedWhere } from '../../../../lib/core/postal/database/accepted-where.ts';

it.each([
  [
    'Message for (address) accepted by 10.0.4.12:25 (gitlab.mail.corp.internal)',
    { hostname: 'gitlab.mail.corp.internal', port: 25 },
  ],
  [
    'Message for (address) accepted by fd00::2:2525 (gitlab.mail.corp.internal)',
    { hostname: 'gitlab.mail.corp.internal', port: 2525 },
  ],
  [
    'Message for (address) accepted by gitlab.mail.corp.internal (10.0.4.12)',
    { hostname: 'gitlab.mail.corp.internal' },
  ],
])('keeps of %s where it went, and no recipient', (details, where) => {
  const kept = acceptedWhere(details) ?? '';
  expect(kept).toMatch(/^accepted by /);
  expect(readAcceptedWhere(kept)).toEqual(where);
});

it.each([
  '',
  'accepted',
  'Received a 200 from https://app.acme.example/inbound',
  'Message for (address) accepted by 10.0.4.12:25 (gitl…',
])('keeps nothing of %j', (details) => {
  expect(acceptedWhere(details)).toBeNull();
  expect(readAcceptedWhere(details)).toEqual({});
});
