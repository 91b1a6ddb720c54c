import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntryBody } from '../../lib/ledger/entry.ts';
import { fold } from '../../lib/ledger/fold.ts';
import { anyBody, anyChain, chainOf, sampleStream } from '../support/chains.ts';
import { sampleActor, samplePlan, sampleRequest } from '../support/sample-entries.ts';

const deadline = '2026-03-02T14:02:10.000Z';
const requested = sampleRequest(sampleStream, 'A');
const applying = (attempt: number): EntryBody => ({ kind: 'applying', changeId: 'A', attempt, deadline });
const applied: EntryBody = { kind: 'applied', changeId: 'A', changeInfoId: 'C1' };
const failed: EntryBody = { kind: 'failed', changeId: 'A', reason: 'denied', mayLandLate: false };
const failedMayLand: EntryBody = { kind: 'failed', changeId: 'A', reason: 'no answer', mayLandLate: true };
const conflict: EntryBody = { kind: 'conflict', changeId: 'A', reason: 'edited meanwhile', found: [] };
const announced: EntryBody = { kind: 'announced', changes: [], channelId: 'C', ts: '1.0', permalink: null, textDigest: 'd'.repeat(64) };

const stateAfter = (...bodies: EntryBody[]) => fold(chainOf([requested, ...bodies])).changes.get('A');

describe('a change', () => {
  test('is what its entries say of it', () => {
    const entries = chainOf([requested, applying(1), applying(2), applied]);
    expect(fold(entries).changes.get('A')).toEqual({
      changeId: 'A',
      requestId: 'request-A',
      verb: 'add',
      actor: sampleActor,
      text: requested.text,
      plan: requested.plan,
      warnings: [],
      requestedAt: '2026-03-02T14:02:00.000Z',
      state: 'applied',
      attempts: 2,
      lastAttemptDeadline: deadline,
      changeInfoId: 'C1',
      finishedAt: '2026-03-02T14:02:03.000Z',
      hashes: entries.map((entry) => entry.hash),
      lastHash: entries[3]?.hash,
    });
  });

  test.each<[string, EntryBody[], EntryBody, string]>([
    ['requested', [], applying(1), 'applying'],
    ['requested', [], applied, 'ignored'],
    ['requested', [], failed, 'failed'],
    ['requested', [], conflict, 'conflict'],
    ['applying', [applying(2)], applying(3), 'applying'],
    ['applying', [applying(2)], applying(2), 'ignored'],
    ['applying', [applying(2)], applying(1), 'ignored'],
    ['applying', [applying(1)], applied, 'applied'],
    ['applying', [applying(1)], failed, 'failed'],
    ['applying', [applying(1)], conflict, 'conflict'],
    ['failed, may land', [applying(1), failedMayLand], applying(2), 'ignored'],
    ['failed, may land', [applying(1), failedMayLand], applied, 'applied'],
    ['failed, may land', [applying(1), failedMayLand], failed, 'ignored'],
    ['failed, may land', [applying(1), failedMayLand], conflict, 'ignored'],
    ['failed', [applying(1), failed], applying(2), 'ignored'],
    ['failed', [applying(1), failed], applied, 'ignored'],
    ['failed', [applying(1), failed], failedMayLand, 'ignored'],
    ['failed', [applying(1), failed], conflict, 'ignored'],
    ['applied', [applying(1), applied], applying(2), 'ignored'],
    ['applied', [applying(1), applied], applied, 'ignored'],
    ['applied', [applying(1), applied], failed, 'ignored'],
    ['applied', [applying(1), applied], conflict, 'ignored'],
    ['conflict', [applying(1), conflict], applying(2), 'ignored'],
    ['conflict', [applying(1), conflict], applied, 'ignored'],
    ['conflict', [applying(1), conflict], failed, 'ignored'],
    ['conflict', [applying(1), conflict], conflict, 'ignored'],
    ['applying', [applying(1)], { ...requested, text: 'again' }, 'ignored'],
    ['applying', [applying(1)], announced, 'ignored'],
  ])('%s %j, then %j: %s', (_, before, next, outcome) => {
    const standing = stateAfter(...before);
    const after = stateAfter(...before, next);
    if (outcome === 'ignored') expect(after).toEqual(standing);
    else expect(after).toMatchObject({ state: outcome, hashes: expect.objectContaining({ length: (standing?.hashes.length ?? 0) + 1 }) });
  });

  test('that failed and landed late has no reason for failure any more', () => {
    const landed = stateAfter(applying(1), failedMayLand, applied);
    expect(landed).not.toHaveProperty('reason');
    expect(landed).not.toHaveProperty('mayLandLate');
  });

  test('that was never requested has no steps', () => {
    expect(fold(chainOf([applying(1), applied]))).toMatchObject({ changes: new Map(), nextSequence: 3 });
  });
});

describe('a request', () => {
  test('is known by the change that it asked for, or by its refusal, whichever came first', () => {
    const refused: EntryBody = { kind: 'refused', requestId: 'R', verb: 'add', actor: sampleActor, text: 'add', reasons: ['port'] };
    const entries = chainOf([refused, requested, sampleRequest(sampleStream, 'B', 'R'), { ...refused, requestId: 'request-A' }]);
    const { byRequestId } = fold(entries);
    expect(byRequestId.get('R')).toEqual({ refused: entries[0] });
    expect(byRequestId.get('request-A')).toEqual({ changeId: 'A' });
    expect(byRequestId.get('nobody')).toBeUndefined();
  });
});

describe('a stream', () => {
  test('without entries has nothing but a first sequence number', () => {
    expect(fold([])).toEqual({ nextSequence: 1, changes: new Map(), byRequestId: new Map() });
  });

  test('has the definition of the change that was applied last, and that change', () => {
    const second: EntryBody = { ...sampleRequest(sampleStream, 'B'), plan: samplePlan(sampleStream, '10.0.4.13') };
    const appliedB: EntryBody = { kind: 'applied', changeId: 'B', changeInfoId: null };
    const before = fold(chainOf([requested, applying(1), applied, second, { kind: 'applying', changeId: 'B', attempt: 1, deadline }]));
    expect(before.definition).toEqual(requested.plan.definitionAfter);
    expect(before.registeredBy?.changeId).toBe('A');
    const after = fold(chainOf([requested, applying(1), applied, second, { kind: 'applying', changeId: 'B', attempt: 1, deadline }, appliedB]));
    expect(after.definition?.targets).toEqual({ kind: 'addresses', addresses: ['10.0.4.13'] });
    expect(after.registeredBy).toBe(after.changes.get('B'));
  });

  test('has no definition when the last change left none', () => {
    const { definitionAfter: _, ...removal } = samplePlan(sampleStream);
    const state = fold(chainOf([{ ...requested, plan: removal }, applying(1), applied]));
    expect(state).not.toHaveProperty('definition');
    expect(state).not.toHaveProperty('registeredBy');
  });

  test('is busy with the oldest change that is not finished', () => {
    const second = sampleRequest(sampleStream, 'B');
    expect(fold(chainOf([requested, second, applying(1)])).active?.changeId).toBe('A');
    expect(fold(chainOf([requested, second, applying(1), applied])).active?.changeId).toBe('B');
    expect(fold(chainOf([requested, applying(1), conflict])).active).toBeUndefined();
  });
});

describe('whatever the entries', () => {
  test('folding is total, repeatable, and leaves its input alone', () => {
    return fc.assert(
      fc.property(anyChain(0), (entries) => {
        const before = structuredClone(entries);
        expect(fold(entries)).toEqual(fold(entries));
        expect(entries).toEqual(before);
      }),
    );
  });

  test('one entry more moves one change at most, never back, and never out of an end but from failed to applied', () => {
    const rank = { requested: 0, applying: 1, failed: 2, conflict: 2, applied: 3 };
    return fc.assert(
      fc.property(fc.array(anyBody, { minLength: 1, maxLength: 12 }), (bodies) => {
        const entries = chainOf(bodies);
        const before = fold(entries.slice(0, -1));
        const after = fold(entries);
        const moved = [...after.changes.values()].filter((change) => change.lastHash !== before.changes.get(change.changeId)?.lastHash);
        expect(moved.length).toBeLessThanOrEqual(1);
        for (const change of moved) {
          const earlier = before.changes.get(change.changeId);
          expect(change.lastHash).toBe(entries.at(-1)?.hash);
          expect(rank[change.state]).toBeGreaterThanOrEqual(earlier ? rank[earlier.state] : 0);
          if (earlier?.state === 'failed') expect(change.state).toBe('applied');
          if (earlier?.state === 'conflict' || earlier?.state === 'applied') expect.unreachable('a finished change moved');
        }
        for (const [requestId, state] of before.byRequestId) expect(after.byRequestId.get(requestId)).toEqual(state);
      }),
    );
  });

  test('the hashes of a change are those of entries of this stream, in order, and the last is the last', () => {
    return fc.assert(
      fc.property(anyChain(1), (entries) => {
        const order = entries.map((entry) => entry.hash);
        for (const { hashes, lastHash } of fold(entries).changes.values()) {
          const places = hashes.map((hash) => order.indexOf(hash));
          expect(places).toEqual(places.toSorted((left, right) => left - right));
          expect(places).not.toContain(-1);
          expect(hashes.at(-1)).toBe(lastHash);
        }
      }),
    );
  });
});
