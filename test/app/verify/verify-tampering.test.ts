import { beforeAll, describe, expect, it } from 'vitest';
import type { WitnessPost } from '../../../lib/app/ports/witness.ts';
import { type Evidence, verify } from '../../../lib/app/verify/verify.ts';
import { auditStream, type Entry } from '../../../lib/core/ledger/entry.ts';
import { announcedHistory, entriesIn, evidenceOf, rechained, withEntries } from '../../support/announced-history.ts';

const leastEntries = 500;

let evidence: Evidence;
/** Every entry that is announced, and the audit entries. */
let announced: readonly { readonly stream: string; readonly index: number }[];

beforeAll(async () => {
  const worker = await announcedHistory(leastEntries);
  // By then no message can be on its way any more.
  await worker.clock.advance(3_600_000);
  evidence = await evidenceOf(worker);
  announced = [[auditStream, evidence.audit] as const, ...evidence.streams].flatMap(([stream, reading]) =>
    entriesIn(reading).map((_, index) => ({ stream, index })),
  );
}, 60_000);

const at = (entries: readonly Entry[], index: number): Entry => {
  const entry = entries[index];
  if (entry === undefined) throw new RangeError(`there is no entry ${index}`);
  return entry;
};

/** Another entry in its place, as little different as can be; what the last audit entry says beyond its message nobody vouches for yet. */
const edited = (entry: Entry): Entry =>
  entry.body.kind === 'announced'
    ? {
        ...entry,
        body: {
          ...entry.body,
          textDigest: entry.body.textDigest.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
        },
      }
    : { ...entry, at: new Date(Date.parse(entry.at) + 1).toISOString() };

const tamperings: Readonly<Record<string, (entries: readonly Entry[], index: number) => readonly Entry[]>> = {
  edited: (entries, index) => entries.with(index, edited(at(entries, index))),
  removed: (entries, index) => entries.toSpliced(index, 1),
  'swapped with its neighbour': (entries, index) => {
    const other = index === 0 ? 1 : index - 1;
    return entries.with(index, at(entries, other)).with(other, at(entries, index));
  },
  'followed by a copy of itself': (entries, index) => entries.toSpliced(index + 1, 0, at(entries, index)),
};

const asStored = { 'as it stands': (entries: readonly Entry[]) => entries, 'with the chain recomputed': rechained };

/** What `history --verify <hostname>` looks at: one stream, and the audit stream with its channel. */
const scopedTo = (stream: string, entries: readonly Entry[]): Evidence => {
  const hostname = stream === auditStream ? 'h0.mail.corp.internal' : stream;
  return withEntries(
    { ...evidence, streams: new Map([...evidence.streams].filter(([name]) => name === hostname)) },
    stream,
    entries,
  );
};

/** Evidence in which one entry is tampered with; undefined where nothing up to the last announced one differs. */
const tampered = (
  tampering: string,
  stored: keyof typeof asStored,
  stream: string,
  index: number,
): Evidence | undefined => {
  const entries = entriesIn(
    stream === auditStream ? evidence.audit : (evidence.streams.get(stream) ?? { entries: [] }),
  );
  if (tampering.startsWith('swapped') && entries.length < 2) return undefined;
  const after = asStored[stored](tamperings[tampering]?.(entries, index) ?? entries);
  // What comes after the last announced entry, no message vouches for.
  const isBeyond =
    stream !== auditStream &&
    stored === 'with the chain recomputed' &&
    entries.every(({ hash }, place) => after[place]?.hash === hash);
  return isBeyond ? undefined : scopedTo(stream, after);
};

describe(`a history of ${leastEntries} announced entries`, () => {
  it('is verified while nobody tampers with it', () => {
    const { verdict, faults, streams, audit } = verify(evidence);
    expect(faults).toEqual([]);
    expect(verdict).toBe('verified');
    expect(announced.length).toBeGreaterThanOrEqual(leastEntries);
    expect(streams).toHaveLength(16);
    for (const { stream, entries, verifiedUpTo } of [...streams, audit])
      expect([stream, verifiedUpTo?.sequence]).toEqual([stream, entries]);
  });

  it.each(
    Object.keys(tamperings).flatMap((tampering) =>
      (['as it stands', 'with the chain recomputed'] as const).map((stored) => [tampering, stored] as const),
    ),
  )(
    'any entry %s, %s, is found',
    (tampering, stored) => {
      const missed: unknown[] = [];
      let tried = 0;
      for (const { stream, index } of announced) {
        const forged = tampered(tampering, stored, stream, index);
        if (forged === undefined) continue;
        tried += 1;
        const { verdict, faults } = verify(forged);
        if (verdict !== 'faults' || !faults.some((fault) => fault.stream === stream || fault.stream === auditStream))
          missed.push([stream, index + 1]);
      }
      expect(missed).toEqual([]);
      expect(tried).toBeGreaterThanOrEqual(announced.length - 16);
    },
    60_000,
  );

  it('so is all that comes after any entry, cut off', () => {
    const missed = announced.filter(({ stream, index }) => {
      const entries = entriesIn(
        stream === auditStream ? evidence.audit : (evidence.streams.get(stream) ?? { entries: [] }),
      );
      return verify(scopedTo(stream, entries.slice(0, index))).verdict !== 'faults';
    });
    expect(missed).toEqual([]);
  }, 60_000);

  const onMessage: Readonly<Record<string, (post: WitnessPost) => WitnessPost[]>> = {
    deleted: () => [],
    'edited, as Slack marks it': (post) => [{ ...post, edited: true }],
    'with another text': (post) => [{ ...post, text: post.text.replace(/[0-9a-f]{64}/, 'f'.repeat(64)) }],
    'without its metadata': (post) => [{ ...post, metadata: undefined }],
    'with other hashes in its metadata': (post) => [
      post.metadata === undefined
        ? post
        : { ...post, metadata: { ...post.metadata, payload: { ...post.metadata.payload, changes: [] } } },
    ],
    'posted by somebody else': (post) => [{ ...post, byThisApp: false }],
    'posted once more, about other entries': (post) => [
      post,
      {
        ...post,
        ts: `${post.ts}9`,
        metadata: {
          eventType: 'postal_endpoint_change',
          payload: {
            announcement_id: 'x',
            previous_audit_hash: 'none',
            changes: [{ change_id: 'x', hostname: 'h0.mail.corp.internal', hashes: 'f' }],
          },
        },
      },
    ],
  };

  it.each(Object.entries(onMessage))(
    'any audit message %s is found',
    (_, tamper) => {
      const { posts } = evidence.channel;
      const own = posts.flatMap(({ byThisApp }, index) => (byThisApp ? [index] : []));
      const missed = own.filter((index) => {
        const changed = posts.flatMap((post, place) => (place === index ? tamper(post) : [post]));
        return (
          verify({
            ...scopedTo(auditStream, entriesIn(evidence.audit)),
            channel: { ...evidence.channel, posts: changed },
          }).verdict !== 'faults'
        );
      });
      expect(missed).toEqual([]);
      expect(own).toHaveLength(entriesIn(evidence.audit).length);
    },
    60_000,
  );
});
