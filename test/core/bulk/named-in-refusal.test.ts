import { describe, expect, it } from 'vitest';
import { namedInRefusal } from '../../../lib/core/bulk/named-in-refusal.ts';

const names = new Set(['a.corp.internal', 'b.corp.internal', '_postal-endpoint.a.corp.internal', 'corp.internal']);

describe('names in a refusal', () => {
  it.each([
    [
      "Tried to create resource record set [name='a.corp.internal.', type='A'] but it already exists",
      ['a.corp.internal'],
    ],
    [
      "Tried to delete resource record set [name='_postal-endpoint.a.corp.internal.', type='TXT'] but it was not found",
      ['_postal-endpoint.a.corp.internal'],
    ],
    [
      'RRSet of type CNAME with DNS name b.corp.internal. is not permitted because a conflicting RRSet exists',
      ['b.corp.internal'],
    ],
    [
      "Tried to delete resource record set [name='b.corp.internal.', type='A'] but it is protected: ask a.corp.internal. first",
      ['b.corp.internal'],
    ],
    ['Number of characters limit of 32000 exceeded.', []],
    ["Tried to create resource record set [name='za.corp.internal.', type='A'] but it already exists", []],
  ])('%s', (message, found) => {
    expect([...namedInRefusal([message], names)]).toEqual(found);
  });
});
