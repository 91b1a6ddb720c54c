import { expect, it } from 'vitest';
import { undoSince } from '../../../lib/core/bulk/undo-since.ts';
import { markerName } from '../../../lib/core/dns/marker.ts';
import { makePlan } from '../../../lib/core/dns/plan.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import type { Definition } from '../../../lib/core/endpoint/definition.ts';
import type { EntryBody } from '../../../lib/core/ledger/entry.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { chainOf, sampleStream } from '../../support/chains.ts';
import { sampleActor, sampleRequest } from '../../support/sample-entries.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';

const at = Date.parse('2026-03-02T14:02:00.000Z');
const definition = (address: string): Definition => ({
  hostname: hostnameOf(sampleStream),
  targets: { kind: 'addresses', addresses: [address] },
  port: 25,
  sslMode: 'Auto',
  ttlSeconds: 60,
});

type Step = readonly [id: string, user: string, address: string | undefined];

/** Changes, three entries and so three seconds each, every one from where the one before it left the name. */
const streamOf = (steps: readonly Step[], found: readonly RecordSet[] = []) => {
  let [before, existing]: [Definition | undefined, readonly RecordSet[]] = [undefined, found];
  const bodies = steps.flatMap(([id, userId, address], index): EntryBody[] => {
    const definitionAfter = address === undefined ? undefined : definition(address);
    const plan = makePlan({
      verb: 'update',
      hostname: hostnameOf(sampleStream),
      zoneId: 'Z0CORP',
      existing,
      definitionBefore: before,
      definitionAfter,
      changeId: id,
      generation: index + 1,
      policyVersion: '0123456789ab',
      now: at,
    });
    [before, existing] = [definitionAfter, plan.after];
    return [
      { ...sampleRequest(sampleStream, id), actor: { ...sampleActor, userId }, plan },
      { kind: 'applying', changeId: id, attempt: 1, deadline: '2026-03-02T14:02:10.000Z' },
      { kind: 'applied', changeId: id, changeInfoId: null },
    ];
  });
  return fold(chainOf(bodies));
};

const by = (userId: string) => (change: { readonly actor: { readonly userId: string } }) =>
  change.actor.userId === userId;
const since = (seconds: number, ...steps: readonly Step[]) => undoSince(streamOf(steps), at + seconds * 1000, by('me'));
const range = (found: ReturnType<typeof undoSince>) =>
  found.kind === 'undo'
    ? [found.oldest.changeId, found.last.changeId]
    : found.kind === 'changed-since'
      ? found.by.changeId
      : found.kind;

it('takes all of somebody’s changes of a name as one, back to what was before the first', () => {
  expect(range(since(0, ['A', 'me', '10.0.0.1'], ['B', 'me', '10.0.0.2'], ['C', 'me', '10.0.0.3']))).toEqual([
    'A',
    'C',
  ]);
});

it('begins at the moment that is asked for', () => {
  expect(range(since(3, ['A', 'me', '10.0.0.1'], ['B', 'me', '10.0.0.2']))).toEqual(['B', 'B']);
  expect(range(since(6, ['A', 'me', '10.0.0.1'], ['B', 'me', '10.0.0.2']))).toBe('nothing');
});

it('leaves what others changed before', () => {
  expect(range(since(0, ['A', 'other', '10.0.0.1'], ['B', 'me', '10.0.0.2']))).toEqual(['B', 'B']);
  expect(range(since(0, ['A', 'other', '10.0.0.1']))).toBe('nothing');
});

it('names who changed the name after it', () => {
  const mine: Step = ['A', 'me', '10.0.0.1'];
  expect(range(since(0, mine, ['B', 'other', '10.0.0.2']))).toBe('B');
  expect(range(since(0, mine, ['B', 'other', '10.0.0.2'], ['C', 'me', '10.0.0.3']))).toBe('B');
});

it('has nothing to do where the name is again as it was', () => {
  const first: Step = ['A', 'other', '10.0.0.1'];
  expect(range(since(3, first, ['B', 'me', '10.0.0.2'], ['C', 'me', '10.0.0.1']))).toBe('nothing');
  expect(range(since(3, first, ['B', 'me', '10.0.0.2'], ['C', 'other', '10.0.0.1']))).toBe('nothing');
  expect(range(since(0, ['A', 'me', '10.0.0.1'], ['B', 'me', undefined]))).toBe('nothing');
});

it('does not count a marker that was left behind before as something to restore', () => {
  const leftBehind: RecordSet = { name: markerName(sampleStream), type: 'TXT', ttlSeconds: 60, values: ['"v=0"'] };
  const stream = streamOf(
    [
      ['A', 'me', '10.0.0.1'],
      ['B', 'me', undefined],
    ],
    [leftBehind],
  );
  expect(undoSince(stream, at, by('me'))).toEqual({ kind: 'nothing' });
});
