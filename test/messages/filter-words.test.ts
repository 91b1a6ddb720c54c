import { expect, it } from 'vitest';
import { filterText } from '../../lib/messages/filter-words.ts';

it.each([
  [{}, 'is', ''],
  [{ inPostal: false }, 'is', ' is missing in Postal'],
  [{ inPostal: true }, 'that are', ' that are entered in Postal'],
  [{ server: 'acme/production' }, 'that is', ' that is entered in Postal’s acme/production'],
  [{ state: 'down', inPostal: false }, 'that are', ' that are down and missing in Postal'],
  [{ state: 'down', target: '10.0.4.12', owner: 'GitLab' }, 'is', ' is down with target 10.0.4.12 owned by GitLab'],
  [{ scope: { kind: 'pattern', pattern: '*.corp.internal' } }, 'is', ' of *.corp.internal'],
  [{ inPostal: false }, '', ' missing in Postal'],
] as const)('%j after "%s" reads%s', (filter, are, expected) => {
  expect(filterText(filter, are, (text) => text)).toBe(expected.replace('’', "'"));
});
