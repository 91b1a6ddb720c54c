import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Release } from '../../../lib/core/dns/plan.ts';
import type { EntryBody } from '../../../lib/core/ledger/entry.ts';
import { fold, mayStillLand } from '../../../lib/core/ledger/fold.ts';
import { anyBody, anyChain, chainOf, sampleStream } from '../../support/chains.ts';
import { sampleActor, samplePlan, sampleRequest } from '../../support/sample-entries.ts';

const deadline = '2026-03-02T14:02:10.000Z';
const requested = sampleRequest(sampleStream, 'A');
const applying = (attempt: number): EntryBody => ({ kind: 'applying', changeId: 'A', attempt, deadline });
const applied: EntryBody = { kind: 'applied', changeId: 'A', changeInfoId: 'C1' };
const failed: EntryBody = { kind: 'failed', changeId: 'A', reason: 'denied', mayLandLate: false };
const failedMayLand: EntryBody = { kind: 'failed', changeId: 'A', reason: 'no answer', mayLandLate: true };
const conflict: EntryBody = { kind: 'conflict', changeId: 'A', reason: 'edited meanwhile', found: [] };
const announced: EntryBody = {
  kind: 'announced',
  changes: [],
  channelId: 'C',
  ts: '1.0',
  permalink: null,
  textDigest: 'd'.repeat(64),
};

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
    else
      expect(after).toMatchObject({
        state: outcome,
        hashes: expect.objectContaining({ length: (standing?.hashes.length ?? 0) + 1 }),
      });
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
    const refused: EntryBody = {
      kind: 'refused',
      requestId: 'R',
      verb: 'add',
      actor: sampleActor,
      text: 'add',
      reasons: ['port'],
    };
    const entries = chainOf([
      refused,
      requested,
      sampleRequest(sampleStream, 'B', 'R'),
      { ...refused, requestId: 'request-A' },
    ]);
    const { byRequestId } = fold(entries);
    expect(byRequestId.get('R')).toEqual({ refused: entries[0] });
    expect(byRequestId.get('request-A')).toEqual({ changeId: 'A' });
    expect(byRequestId.get('nobody')).toBeUndefined();
  });
});

describe('a stream', () => {
  test('without entries has nothing but a first sequence number', () => {
    expect(fold([])).toEqual({
      nextSequence: 1,
      changes: new Map(),
      byRequestId: new Map(),
      pending: [],
      applied: [],
      generation: 0,
    });
  });

  test('has the definition of the change that was applied last, and that change', () => {
    const second: EntryBody = { ...sampleRequest(sampleStream, 'B'), plan: samplePlan(sampleStream, '10.0.4.13') };
    const appliedB: EntryBody = { kind: 'applied', changeId: 'B', changeInfoId: null };
    const before = fold(
      chainOf([requested, applying(1), applied, second, { kind: 'applying', changeId: 'B', attempt: 1, deadline }]),
    );
    expect(before.definition).toEqual(requested.plan.definitionAfter);
    expect(before.registeredBy?.changeId).toBe('A');
    const after = fold(
      chainOf([
        requested,
        applying(1),
        applied,
        second,
        { kind: 'applying', changeId: 'B', attempt: 1, deadline },
        appliedB,
      ]),
    );
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

describe('a change that waits for a person', () => {
  const actor = (userId: string) => ({ ...sampleActor, userId });
  const request = sampleRequest(sampleStream, 'W', 'wait');
  const waiting = (release: Release): EntryBody => ({ ...request, plan: { ...request.plan, release } });
  const approval = waiting({ kind: 'approval', channelId: 'C0APPROVERS', because: 'production' });
  const confirmation = waiting({ kind: 'confirmation' });
  const approved = (userId: string, planDigest = request.plan.digest): EntryBody => ({
    kind: 'approved',
    changeId: 'W',
    requestId: `by-${userId}`,
    by: actor(userId),
    planDigest,
  });
  const start: EntryBody = { kind: 'applying', changeId: 'W', attempt: 1, deadline: '2026-03-02T14:03:00.000Z' };
  const rejected: EntryBody = {
    kind: 'rejected',
    changeId: 'W',
    requestId: 'no',
    by: actor('U0OTHER'),
    reason: 'not today',
  };
  const cancelled: EntryBody = { kind: 'cancelled', changeId: 'W', requestId: 'stop', by: sampleActor };
  const expired: EntryBody = { kind: 'expired', changeId: 'W' };
  const state = (...bodies: readonly EntryBody[]) => fold(chainOf(bodies)).changes.get('W')?.state;

  test.each<[string, readonly EntryBody[], string]>([
    ['a second person approves', [approval, approved('U0OTHER')], 'approved'],
    ['the requester approves an approval', [approval, approved(sampleActor.userId)], 'requested'],
    ['the requester confirms', [confirmation, approved(sampleActor.userId)], 'approved'],
    ['someone else confirms', [confirmation, approved('U0OTHER')], 'requested'],
    ['another plan is approved', [approval, approved('U0OTHER', 'f'.repeat(64))], 'requested'],
    ['it is applied unreleased', [approval, start], 'requested'],
    ['it is applied once released', [approval, approved('U0OTHER'), start], 'applying'],
    ['it is rejected', [approval, rejected], 'rejected'],
    ['it is approved after a rejection', [approval, rejected, approved('U0OTHER')], 'rejected'],
    ['it is cancelled', [approval, cancelled], 'cancelled'],
    ['it expires', [approval, expired], 'expired'],
    ['it expires once approved', [approval, approved('U0OTHER'), expired], 'expired'],
    ['a plan that goes at once expires before it is begun', [waiting({ kind: 'at-once' }), expired], 'expired'],
    ['it is cancelled once approved', [approval, approved('U0OTHER'), cancelled], 'approved'],
    ['a plan that goes at once is approved', [waiting({ kind: 'at-once' }), approved('U0OTHER')], 'requested'],
    [
      'glass was broken',
      [waiting({ kind: 'break-glass', because: 'production', reason: 'mail is down' }), start],
      'applying',
    ],
  ])('%s', (_, bodies, outcome) => {
    expect(state(...bodies)).toBe(outcome);
  });

  test('waits without keeping others from the name, until it is released', () => {
    expect(fold(chainOf([approval]))).toMatchObject({ pending: [{ changeId: 'W' }] });
    expect(fold(chainOf([approval])).active).toBeUndefined();
    expect(fold(chainOf([approval, approved('U0OTHER')])).active?.changeId).toBe('W');
  });

  test('remembers by which request it was decided', () => {
    expect(fold(chainOf([approval, approved('U0OTHER')])).byRequestId.get('by-U0OTHER')).toMatchObject({
      changeId: 'W',
      decided: { body: { kind: 'approved' } },
    });
  });
});

describe('a batch whose answer was never seen', () => {
  const begun: readonly EntryBody[] = [
    requested,
    { kind: 'applying', changeId: 'A', attempt: 1, deadline: '2026-03-02T14:03:00.000Z' },
  ];
  const at = (time: string): number => Date.parse(`2026-03-02T${time}Z`);

  test('may land until a quarter of an hour after its deadline', () => {
    const state = fold(chainOf([...begun, { kind: 'failed', changeId: 'A', reason: 'no answer', mayLandLate: true }]));
    expect(mayStillLand(state, at('14:17:59'))?.change.changeId).toBe('A');
    expect(mayStillLand(state, at('14:18:00'))).toBeUndefined();
  });

  test('is none where Route 53 said no, or where it landed', () => {
    expect(
      mayStillLand(
        fold(chainOf([...begun, { kind: 'failed', changeId: 'A', reason: 'no', mayLandLate: false }])),
        at('14:04:00'),
      ),
    ).toBeUndefined();
    expect(mayStillLand(fold(chainOf([...begun, applied])), at('14:04:00'))).toBeUndefined();
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

  test('one entry more moves one change at most, never back, and never out of an end but to applied where the batch may land late', () => {
    const rank = {
      requested: 0,
      approved: 1,
      applying: 2,
      rejected: 3,
      cancelled: 3,
      expired: 3,
      failed: 3,
      conflict: 3,
      applied: 4,
    };
    const ends = new Set(['rejected', 'cancelled', 'expired', 'failed', 'conflict', 'applied']);
    return fc.assert(
      fc.property(fc.array(anyBody, { minLength: 1, maxLength: 12 }), (bodies) => {
        const entries = chainOf(bodies);
        const before = fold(entries.slice(0, -1));
        const after = fold(entries);
        const moved = [...after.changes.values()].filter(
          (change) => change.lastHash !== before.changes.get(change.changeId)?.lastHash,
        );
        expect(moved.length).toBeLessThanOrEqual(1);
        for (const change of moved) {
          const earlier = before.changes.get(change.changeId);
          expect(change.lastHash).toBe(entries.at(-1)?.hash);
          expect(rank[change.state]).toBeGreaterThanOrEqual(earlier ? rank[earlier.state] : 0);
          if (earlier === undefined || !ends.has(earlier.state)) continue;
          expect(earlier.mayLandLate).toBe(true);
          expect(change.state).toBe('applied');
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
