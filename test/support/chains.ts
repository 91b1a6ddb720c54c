import * as fc from 'fast-check';
import { link } from '../../lib/core/ledger/chain.ts';
import type { Entry, EntryBody } from '../../lib/core/ledger/entry.ts';
import { sampleActor, sampleRequest } from './sample-entries.ts';

/** Hostname of the streams that are made here, unless one is given. */
export const sampleStream = 'gitlab.mail.corp.internal';

/** Links bodies into a stream, one second apart. */
export const chainOf = (
  bodies: readonly EntryBody[],
  stream = sampleStream,
  firstAt = '2026-03-02T14:02:00.000Z',
): readonly Entry[] => {
  const entries: Entry[] = [];
  for (const [index, body] of bodies.entries()) {
    entries.push(link(entries.at(-1), stream, new Date(Date.parse(firstAt) + index * 1000).toISOString(), body));
  }
  return entries;
};

const changeId = fc.constantFrom(
  '01JD000000000000000000000A',
  '01JD000000000000000000000B',
  '01JD000000000000000000000C',
);
const requestId = fc.constantFrom('request-1', 'request-2', 'request-3');
const words = fc.string({ unit: 'binary', maxLength: 40 });
const instant = fc
  .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Any body that a hostname's stream could hold, sensible in its place or not. */
export const anyBody: fc.Arbitrary<EntryBody> = fc.oneof(
  fc.record({
    kind: fc.constant('refused' as const),
    requestId,
    verb: words,
    actor: fc.constant(sampleActor),
    text: words,
    reasons: fc.array(words, { maxLength: 3 }),
  }),
  fc
    .tuple(changeId, requestId, words)
    .map(([change, request, text]) => ({ ...sampleRequest(sampleStream, change, request), text })),
  fc.tuple(changeId, fc.constantFrom('approval', 'confirmation')).map(([change, kind]) => {
    const request = sampleRequest(sampleStream, change);
    const release =
      kind === 'approval'
        ? ({ kind, channelId: 'C0', because: 'production' } as const)
        : ({ kind: 'confirmation' } as const);
    return { ...request, plan: { ...request.plan, release } };
  }),
  fc.record({
    kind: fc.constant('approved' as const),
    changeId,
    requestId,
    by: fc.constantFrom(sampleActor, { ...sampleActor, userId: 'U0002' }),
    planDigest: fc.constantFrom(sampleRequest(sampleStream, 'A').plan.digest, 'f'.repeat(64)),
  }),
  fc.record({
    kind: fc.constant('rejected' as const),
    changeId,
    requestId,
    by: fc.constant(sampleActor),
    reason: words,
  }),
  fc.record({ kind: fc.constant('cancelled' as const), changeId, requestId, by: fc.constant(sampleActor) }),
  fc.record({ kind: fc.constant('expired' as const), changeId }),
  fc.record({
    kind: fc.constant('applying' as const),
    changeId,
    attempt: fc.integer({ min: 1, max: 4 }),
    deadline: instant,
  }),
  fc.record({ kind: fc.constant('applied' as const), changeId, changeInfoId: fc.option(fc.constant('C0123456789')) }),
  fc.record({ kind: fc.constant('failed' as const), changeId, reason: words, mayLandLate: fc.boolean() }),
  fc.record({ kind: fc.constant('conflict' as const), changeId, reason: words, found: fc.constant([]) }),
);

/** Any stream of at least so many entries. */
export const anyChain = (minLength: number): fc.Arbitrary<readonly Entry[]> =>
  fc.array(anyBody, { minLength, maxLength: 12 }).map((bodies) => chainOf(bodies));
