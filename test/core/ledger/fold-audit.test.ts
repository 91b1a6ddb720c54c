import { expect, test } from 'vitest';
import { auditStream, type EntryBody } from '../../../lib/core/ledger/entry.ts';
import { foldAudit } from '../../../lib/core/ledger/fold-audit.ts';
import { chainOf } from '../../support/chains.ts';

const announcement = (ts: string, ...changeIds: string[]): EntryBody => ({
  kind: 'announced',
  changes: changeIds.map((changeId) => ({
    hostname: `${changeId.toLowerCase()}.mail.corp.internal`,
    changeId,
    hashes: ['a'.repeat(64)],
  })),
  channelId: 'CAUDIT',
  ts,
  permalink: `https://example.slack.com/archives/CAUDIT/p${ts}`,
  textDigest: 'd'.repeat(64),
});

test('nothing announced: no head, and no hash to carry on', () => {
  expect(foldAudit([])).toEqual({ nextSequence: 1, lastHash: null, announced: new Map() });
});

test('tells where each change was announced, and the hash that the next message carries', () => {
  const entries = chainOf([announcement('1.1', 'A', 'B'), announcement('2.2', 'C')], auditStream);
  const state = foldAudit(entries);
  expect(state).toMatchObject({ head: entries[1], nextSequence: 3, lastHash: entries[1]?.hash });
  expect([...state.announced.keys()]).toEqual(['A', 'B', 'C']);
  expect(state.announced.get('B')).toEqual({
    hostname: 'b.mail.corp.internal',
    changeId: 'B',
    hashes: ['a'.repeat(64)],
    channelId: 'CAUDIT',
    ts: '1.1',
    permalink: 'https://example.slack.com/archives/CAUDIT/p1.1',
    textDigest: 'd'.repeat(64),
    at: '2026-03-02T14:02:00.000Z',
  });
});

test('a change announced again counts at its last announcement', () => {
  expect(
    foldAudit(chainOf([announcement('1.1', 'A'), announcement('2.2', 'A')], auditStream)).announced.get('A')?.ts,
  ).toBe('2.2');
});

test('an entry of another kind is none of its own', () => {
  expect(foldAudit(chainOf([{ kind: 'applied', changeId: 'A', changeInfoId: null }], auditStream))).toMatchObject({
    nextSequence: 2,
    announced: new Map(),
  });
});
