import { expect, it } from 'vitest';
import { chosenEntriesOf } from '../../../lib/core/bulk/bulk-history.ts';
import { bulkDigest } from '../../../lib/core/bulk/bulk-list.ts';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import type { EntryBody } from '../../../lib/core/ledger/entry.ts';
import { chainOf } from '../../support/chains.ts';
import { sampleActor, sampleRequest } from '../../support/sample-entries.ts';

const bulkId = '01JD000000000000000000000B';
const { plan } = sampleRequest('gitlab.mail.corp.internal', '01JD000000000000000000000A');
const bodies: readonly EntryBody[] = [
  { kind: 'bulk-plans', bulkId, draft: 1, parts: [{ changeId: '01JD000000000000000000000A', plan, warnings: [] }] },
  {
    kind: 'bulk-requested',
    bulkId,
    requestId: 'request-1',
    source: 'import',
    actor: sampleActor,
    text: 'import',
    title: 'Import names.csv',
    draft: 1,
    names: 1,
    digest: bulkDigest([plan]),
    expiresAt: '2026-03-02T14:17:00.000Z',
    needs: [],
    leftOut: [],
    leftOutCount: 0,
  },
  { kind: 'expired', changeId: bulkId },
];
const stream = bulkStream(bulkId);
const entries = chainOf(bodies, stream);
const everything = { sinceMs: 0, by: undefined, target: undefined };

it.each([
  ['its requester', { by: sampleActor.userId }, 3],
  ['somebody else', { by: 'U0NOBODY' }, 0],
  ['a target of one of its changes', { target: '10.0.4.12' }, 3],
  ['another target', { target: '10.0.4.99' }, 0],
  ['requester and target', { by: sampleActor.userId, target: '10.0.4.12' }, 3],
  ['requester and another target', { by: sampleActor.userId, target: '10.0.4.99' }, 0],
  ['a moment after its request', { by: sampleActor.userId, sinceMs: Date.parse('2026-03-02T14:02:01.500Z') }, 0],
])('chooses all entries of a bulk or none by %s', (_, filter, count) => {
  expect(chosenEntriesOf(stream, entries, { ...everything, ...filter })).toHaveLength(count);
});

it('chooses single entries by time alone', () => {
  const filter = { ...everything, sinceMs: Date.parse('2026-03-02T14:02:01.500Z') };
  expect(chosenEntriesOf(stream, entries, filter).map(({ body }) => body.kind)).toEqual(['expired']);
});
