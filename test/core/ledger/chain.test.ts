import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryHash, link, sealedJson, verifyChain } from '../../../lib/core/ledger/chain.ts';
import type { Entry, EntryBody } from '../../../lib/core/ledger/entry.ts';
import { anyBody, anyChain, chainOf, sampleStream } from '../../support/chains.ts';
import { sampleRequest } from '../../support/sample-entries.ts';

const at = '2026-03-02T14:02:00.000Z';
const applied: EntryBody = { kind: 'applied', changeId: 'A', changeInfoId: null };

const rehash = (entry: Entry): Entry => ({ ...entry, hash: entryHash(entry) });

const place = (entries: readonly Entry[], seed: number): { index: number; entry: Entry } => {
  const index = seed % entries.length;
  const entry = entries[index];
  if (entry === undefined) throw new Error('an empty chain has no place');
  return { index, entry };
};

describe('link', () => {
  test('starts a stream at 1, after 64 zeros', () => {
    expect(link(undefined, sampleStream, at, applied)).toMatchObject({
      stream: sampleStream,
      sequence: 1,
      at,
      previousHash: '0'.repeat(64),
    });
  });

  test('goes on by one, after the hash of the entry before', () => {
    const first = link(undefined, sampleStream, at, applied);
    expect(link(first, sampleStream, at, applied)).toMatchObject({ sequence: 2, previousHash: first.hash });
  });

  test('makes what will be read back: without undefined members, and with text that has a canonical JSON', () => {
    const refused = { kind: 'refused', requestId: 'r', verb: 'add', text: 'a\ud800b', reasons: [], note: undefined };
    const actor = { teamId: 'T', userId: 'U', userName: '\udc00', channelId: 'C' };
    const entry = link(undefined, sampleStream, at, { ...refused, actor } as EntryBody);
    expect(entry).toStrictEqual(JSON.parse(JSON.stringify(entry)));
    expect(entry.body).toMatchObject({ text: 'a\ufffdb', actor: { userName: '\ufffd' } });
    expect(verifyChain([entry], sampleStream)).toEqual({ ok: true, head: entry.hash });
  });

  test('says in plain words why an entry has no hash', () => {
    const entry = link(undefined, sampleStream, at, applied);
    const tampered = { ...entry, body: { ...applied, changeId: 'a\ud800b' } };
    const verdict = verifyChain([tampered], sampleStream);
    expect(JSON.stringify(verdict)).toMatch(/none \((?!Error|TypeError)/);
  });

  test('refuses to follow an entry of another stream', () => {
    const first = link(undefined, 'a.mail.corp.internal', at, applied);
    expect(() => link(first, 'b.mail.corp.internal', at, applied)).toThrow(
      'An entry of stream b.mail.corp.internal cannot follow',
    );
  });
});

describe('verifyChain', () => {
  test('finds whatever was linked in order, and its head', () => {
    return fc.assert(
      fc.property(anyChain(0), (entries) => {
        expect(verifyChain(entries, sampleStream)).toEqual({ ok: true, head: entries.at(-1)?.hash ?? null });
      }),
    );
  });

  test('finds an entry that was edited', () => {
    return fc.assert(
      fc.property(anyChain(1), anyBody, fc.nat(), (entries, body, seed) => {
        const { index, entry } = place(entries, seed);
        const edited = { ...entry, body };
        fc.pre(entryHash(edited) !== entry.hash);
        expect(verifyChain(entries.with(index, edited), sampleStream)).toMatchObject({
          ok: false,
          sequence: index + 1,
          reason: 'hash-mismatch',
        });
      }),
    );
  });

  test('finds an entry that was edited and hashed anew, by the next one or by the head', () => {
    return fc.assert(
      fc.property(anyChain(1), anyBody, fc.nat(), (entries, body, seed) => {
        const { index, entry } = place(entries, seed);
        const forged = rehash({ ...entry, body });
        fc.pre(forged.hash !== entry.hash);
        const verdict = verifyChain(entries.with(index, forged), sampleStream);
        if (index === entries.length - 1) expect(verdict).toEqual({ ok: true, head: forged.hash });
        else expect(verdict).toMatchObject({ ok: false, sequence: index + 2, reason: 'broken-link' });
      }),
    );
  });

  test('finds an entry that was removed, but at the end, where only the head tells', () => {
    return fc.assert(
      fc.property(anyChain(1), fc.nat(), (entries, seed) => {
        const { index } = place(entries, seed);
        const verdict = verifyChain(entries.toSpliced(index, 1), sampleStream);
        if (index === entries.length - 1) expect(verdict).toEqual({ ok: true, head: entries.at(-2)?.hash ?? null });
        else expect(verdict).toMatchObject({ ok: false, sequence: index + 1, reason: 'gap' });
      }),
    );
  });

  test('finds two entries that changed places', () => {
    return fc.assert(
      fc.property(anyChain(2), fc.nat(), (entries, seed) => {
        const { index, entry } = place(entries.slice(0, -1), seed);
        const next = place(entries, index + 1).entry;
        const swapped = entries.with(index, next).with(index + 1, entry);
        expect(verifyChain(swapped, sampleStream)).toMatchObject({ ok: false, sequence: index + 1, reason: 'gap' });
        const renumbered = entries
          .with(index, rehash({ ...next, sequence: index + 1 }))
          .with(index + 1, rehash({ ...entry, sequence: index + 2 }));
        expect(verifyChain(renumbered, sampleStream)).toMatchObject({
          ok: false,
          sequence: index + 1,
          reason: 'broken-link',
        });
      }),
    );
  });

  test('finds an entry that was slipped in, even when all after it were renumbered', () => {
    return fc.assert(
      fc.property(anyChain(1), anyBody, fc.nat(), (entries, body, seed) => {
        const { index, entry } = place(entries, seed);
        const slipped = link(entries[index - 1], sampleStream, at, body);
        fc.pre(slipped.hash !== entry.hash);
        const renumbered = entries.slice(index).map((later) => rehash({ ...later, sequence: later.sequence + 1 }));
        const forged = [...entries.slice(0, index), slipped, ...renumbered];
        expect(verifyChain(forged, sampleStream)).toMatchObject({
          ok: false,
          sequence: index + 2,
          reason: 'broken-link',
        });
        expect(verifyChain(entries.toSpliced(index, 0, slipped), sampleStream)).toMatchObject({
          ok: false,
          sequence: index + 2,
          reason: 'gap',
        });
      }),
    );
  });

  test('finds entries of another stream', () => {
    expect(verifyChain(chainOf([applied], 'other.mail.corp.internal'), sampleStream)).toEqual({
      ok: false,
      sequence: 1,
      reason: 'wrong-stream',
      message: `Entry 1 of ${sampleStream} was written for other.mail.corp.internal`,
    });
  });

  test.each([
    ['a member too many', { ...place(chainOf([applied]), 0).entry, extra: true }],
    ['a member too few', { sequence: 1 }],
    ['a kind that is none', { ...place(chainOf([applied]), 0).entry, body: { kind: 'praised' } }],
    ['text', 'entry'],
    ['nothing', undefined],
  ])('finds %s unreadable', (_, entry) => {
    expect(verifyChain([entry], sampleStream)).toMatchObject({ ok: false, sequence: 1, reason: 'unreadable' });
  });

  test('finds text that has no canonical JSON edited', () => {
    const { entry } = place(chainOf([sampleRequest(sampleStream, 'A')]), 0);
    const edited = { ...entry, body: { ...entry.body, text: '\ud800' } };
    expect(verifyChain([edited], sampleStream)).toMatchObject({ ok: false, sequence: 1, reason: 'hash-mismatch' });
  });

  test('throws at nothing', () => {
    return fc.assert(
      fc.property(fc.array(fc.anything(), { minLength: 1 }), (entries) => !verifyChain(entries, sampleStream).ok),
    );
  });
});

describe('sealedJson', () => {
  test('is the entry itself, to be read back', () => {
    return fc.assert(
      fc.property(anyChain(1), (entries) => {
        expect(entries.map((entry) => JSON.parse(sealedJson(entry)))).toStrictEqual(entries);
      }),
    );
  });

  test('refuses what could never be mended: a hash that is not its own, a member that is wrong', () => {
    const { entry } = place(chainOf([applied]), 0);
    expect(() => sealedJson({ ...entry, hash: 'f'.repeat(64) })).toThrow(
      'Entry 1 of gitlab.mail.corp.internal has a hash that is not its own',
    );
    expect(() => sealedJson(rehash({ ...entry, at: 'today' }))).toThrow(
      'Entry 1 of gitlab.mail.corp.internal is malformed: at: ',
    );
  });
});
