import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boundedBody } from '../../../lib/core/ledger/bounded-body.ts';
import { link, sealedJson } from '../../../lib/core/ledger/chain.ts';
import type { EntryBody } from '../../../lib/core/ledger/entry.ts';
import { budgets } from '../../../lib/core/limits/limits.ts';
import { hostileText } from '../../support/hostile-report.ts';

const actor = { teamId: 'T1', userId: 'U1', userName: 'maria', channelId: 'C1' };
const text = hostileText(20_000);
const found = fc.array(
  fc.record({
    name: fc.constant('a.corp.internal'),
    type: fc.constant('TXT'),
    ttlSeconds: fc.constant(60),
    values: fc.array(hostileText(4_000), { maxLength: 400 }),
  }),
  { maxLength: 3 },
);
const bodies: fc.Arbitrary<EntryBody> = fc
  .tuple(text, fc.array(text, { maxLength: 60 }), found)
  .chain(([long, many, sets]) =>
    fc.constantFrom<EntryBody>(
      { kind: 'refused', requestId: 'r', verb: 'add', actor, text: long, reasons: many },
      { kind: 'conflict', changeId: 'c', reason: long, found: sets },
      { kind: 'failed', changeId: 'c', reason: long, mayLandLate: false },
      { kind: 'rejected', changeId: 'c', requestId: 'r', by: actor, reason: long },
      { kind: 'tried', requestId: 'r', actor, text: long, recipient: 'a@example.com', delivered: false },
      { kind: 'unmuted', requestId: 'r', actor, text: long },
    ),
  );

it('brings every entry within what an item holds, whatever people, servers and zones say', () => {
  fc.assert(
    fc.property(bodies, (body) => {
      const bounded = link(undefined, 'a.corp.internal', '2026-03-02T14:02:00.000Z', boundedBody(body));
      expect(Buffer.byteLength(sealedJson(bounded))).toBeLessThanOrEqual(budgets.ledgerEntry);
    }),
    { numRuns: 60 },
  );
});

it('leaves an ordinary entry as it is', () => {
  const body = { kind: 'refused', requestId: 'r', verb: 'add', actor, text: 'add a 1.2.3.4', reasons: ['no'] } as const;
  expect(boundedBody(body)).toEqual(body);
});

it('leaves short content as it is, and notes nothing that is not there', () => {
  const found = [{ name: 'a.corp.internal', type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] }];
  const bodies: readonly EntryBody[] = [
    { kind: 'applied', changeId: 'c', changeInfoId: null },
    { kind: 'applied', changeId: 'c', changeInfoId: null, notPermitted: 'No longer permitted.' },
    { kind: 'conflict', changeId: 'c', reason: 'Something else.', found },
    { kind: 'refused', requestId: 'r', verb: 'add', actor, text: 'add', reasons: ['one', 'two'] },
  ];
  for (const body of bodies) expect(boundedBody(body)).toEqual(body);
  const long = boundedBody({ kind: 'applied', changeId: 'c', changeInfoId: null, notPermitted: 'x'.repeat(100_000) });
  expect(JSON.stringify(long).length).toBeLessThan(20_000);
});

it('shortens the reasons of a bulk, and adds none where there is none', () => {
  const applied = { hostname: 'a.corp.internal', changeId: 'c1', hash: '1', state: 'applied' } as const;
  const failed = {
    hostname: 'b.corp.internal',
    changeId: 'c2',
    hash: '2',
    state: 'failed',
    reason: 'x'.repeat(1_000),
  } as const;
  const bounded = boundedBody({ kind: 'bulk-settled', bulkId: 'b', outcomes: [applied, failed] });
  expect(bounded).toMatchObject({
    outcomes: [applied, { ...failed, reason: expect.stringMatching(/^x{200,300}… \(\d+ characters more\)$/) }],
  });
});
