import { describe, expect, it } from 'vitest';
import { databaseAnswerLimits, lambdaPayloadOctets } from '../../../../lib/core/limits/limits.ts';
import { jsonOctets } from '../../../../lib/core/limits/octets.ts';
import {
  databaseAnswerDocument,
  databaseRequestDocument,
  readDatabaseAnswer,
  readDatabaseRequest,
} from '../../../../lib/core/postal/database/database-answer.ts';
import { blockJson, blockOf, idsPerBlock } from '../../../../lib/core/postal/database/delivery-block.ts';
import type { DeliveryFact, DeliveryPage } from '../../../../lib/core/postal/database/delivery-page.ts';
import { sampleSnapshot } from '../../../support/sample-snapshot.ts';

const snapshot = { ...sampleSnapshot(1_800_000_000_000), deliveries: new Map() };

const fact = (id: number, text = 'Message for (address) accepted'): DeliveryFact => ({
  id,
  messageId: id * 2,
  endpointId: 4,
  routeId: null,
  status: 'Sent',
  details: text,
  output: null,
  isEncrypted: true,
  atMs: 1000 + id,
});

const page = (serverId: number, count: number, text?: string): DeliveryPage => ({
  serverId,
  isFirst: false,
  after: 100,
  upTo: 100 + count,
  idsLeft: 7,
  deliveries: Array.from({ length: count }, (_, index) => fact(101 + index, text)),
});

const read = (document: unknown) => {
  const answer = readDatabaseAnswer(JSON.parse(JSON.stringify(document)));
  if (typeof answer === 'string' || !answer.ok) throw new Error(JSON.stringify(answer));
  return answer;
};

describe('the answer of the database function', () => {
  it('comes back as it was sent', () => {
    const pages = [page(1, 3), page(2, 0)];
    expect(read(databaseAnswerDocument({ snapshot, pages }))).toEqual({ ok: true, snapshot, pages });
  });

  it('keeps Lambda’s limit: what does not fit is left for the next call, and the page says how much', () => {
    const long = 'é'.repeat(500);
    const pages = [page(1, 1000, long), page(2, 2, long), ...[3, 4, 5, 6, 7].map((id) => page(id, 1000, long))];
    const document = databaseAnswerDocument({ snapshot, pages });
    expect(jsonOctets(document)).toBeLessThanOrEqual(databaseAnswerLimits.octets);
    expect(databaseAnswerLimits.octets).toBeLessThan(lambdaPayloadOctets);
    const sent = read(document).pages;
    expect(sent[1]).toEqual(pages[1]);
    const [first] = sent;
    if (first === undefined) throw new Error('no page');
    expect(first.deliveries.length).toBeGreaterThan(500);
    expect(first.deliveries.length).toBeLessThan(1000);
    expect(first.upTo).toBe(first.deliveries.at(-1)?.id);
    expect(first.idsLeft).toBe(7 + 1100 - first.upTo);
  });

  it('cuts no inventory: one that does not fit is refused with its size', () => {
    const answer = databaseAnswerDocument({ snapshot, pages: [page(1, 1)] }, 200);
    expect(answer).toEqual({ ok: false, message: expect.stringMatching(/take \d+ octets; one answer .* holds 200/) });
    expect(readDatabaseAnswer(answer)).toEqual(answer);
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'Sent'],
    ['more rows than allowed', databaseAnswerDocument({ snapshot, pages: [page(1, 1001)] }, 10_000_000)],
    ['another snapshot', { ok: true, report: { version: 2 }, pages: [] }],
  ])('is refused when it is %s', (_, document) => {
    expect(readDatabaseAnswer(document)).toMatch(/does not have the form of an answer$/);
  });
});

describe('what the function is asked', () => {
  it('comes back as it was sent', () => {
    const cursors = new Map([
      [7, 12],
      [9, 0],
    ]);
    expect(readDatabaseRequest(JSON.parse(JSON.stringify(databaseRequestDocument(cursors))))).toEqual(cursors);
  });

  it.each([[{}], [{ cursors: [[1, -1]] }], [{ cursors: [[1, '1 OR 1=1']] }], [{ cursors: [[1, 1.5]] }]])(
    'is refused: %j',
    (event) => {
      expect(readDatabaseRequest(event)).toBeUndefined();
    },
  );
});

it('a block of the longest texts is below what an item of the state table holds, even where nothing of it can be compressed', () => {
  const longest = 'x'.repeat(512);
  const facts = Array.from({ length: idsPerBlock }, (_, id) => ({ ...fact(id, longest), output: longest }));
  expect(new Set(facts.map(({ id }) => blockOf(id)))).toEqual(new Set([0]));
  // Six bits of eight are what is left of printable characters, and base64 puts the two back.
  expect(jsonOctets(blockJson(facts))).toBeLessThan(400_000);
});
