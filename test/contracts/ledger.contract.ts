import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entriesOfDay } from '../../lib/app/ledger/entries-of-day.ts';
import { type Ledger, LedgerUnavailable } from '../../lib/app/ports/ledger.ts';
import { link, verifyChain } from '../../lib/core/ledger/chain.ts';
import type { Entry, EntryBody } from '../../lib/core/ledger/entry.ts';
import { chainOf } from '../support/chains.ts';
import { sampleActor } from '../support/sample-entries.ts';

/** A ledger, and the hands of an intruder who gets past it. */
export interface LedgerUnderTest extends AsyncDisposable {
  readonly ledger: Ledger;
  overwrite(stream: string, sequence: number, entry: Entry): Promise<void>;
  remove(stream: string, sequence: number): Promise<void>;
}

const applied = (changeId: string): EntryBody => ({ kind: 'applied', changeId, changeInfoId: null });

const refused = (text: string): EntryBody => ({
  kind: 'refused',
  requestId: 'R',
  verb: 'add',
  actor: sampleActor,
  text,
  reasons: [],
});

const four = (stream: string): readonly Entry[] => chainOf(['A', 'B', 'C', 'D'].map(applied), stream);

let streams = 0;
const freshStream = (): string => {
  streams += 1;
  return `stream-${streams}.mail.corp.internal`;
};

const atPlace = (entries: readonly Entry[], sequence: number): Entry => {
  const entry = entries[sequence - 1];
  if (entry === undefined) throw new Error(`no entry ${sequence}`);
  return entry;
};

/** What every ledger does. */
export const ledgerContract = (name: string, open: () => Promise<LedgerUnderTest>): void => {
  describe(`${name} as a ledger`, () => {
    let opened: LedgerUnderTest;
    const inTime = () => AbortSignal.timeout(25_000);

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const write = async (entries: readonly Entry[]): Promise<void> => {
      for (const entry of entries) expect(await opened.ledger.append(entry, inTime())).toBe('appended');
    };

    test('a stream that nothing was written to is empty', async () => {
      const stream = freshStream();
      expect(await opened.ledger.read(stream, inTime())).toEqual([]);
      expect(await opened.ledger.head(stream, inTime())).toBeUndefined();
    });

    test('gives back what was appended, in order, and the newest as head', async () => {
      const stream = freshStream();
      const entries = chainOf(
        Array.from({ length: 12 }, (_, index) => refused(`"é" 💌 ${index}`)),
        stream,
      );
      await write(entries);
      expect(await opened.ledger.read(stream, inTime())).toStrictEqual(entries);
      expect(await opened.ledger.head(stream, inTime())).toStrictEqual(entries.at(-1));
    });

    test('takes the same entry again, and refuses another one at its sequence number', async () => {
      const stream = freshStream();
      const [first] = four(stream);
      await write(four(stream).slice(0, 1));
      await write(four(stream).slice(0, 1));
      expect(
        await opened.ledger.append(link(undefined, stream, '2026-03-02T14:02:00.000Z', applied('other')), inTime()),
      ).toBe('taken');
      expect(await opened.ledger.read(stream, inTime())).toStrictEqual([first]);
    });

    test('of 20 entries at once for one sequence number exactly one is appended', async () => {
      const stream = freshStream();
      const rivals = Array.from({ length: 20 }, (_, index) =>
        link(undefined, stream, '2026-03-02T14:02:00.000Z', applied(`rival-${index}`)),
      );
      const outcomes = await Promise.all(rivals.map((entry) => opened.ledger.append(entry, inTime())));
      expect(outcomes.filter((outcome) => outcome === 'appended')).toHaveLength(1);
      expect(await opened.ledger.read(stream, inTime())).toStrictEqual([rivals[outcomes.indexOf('appended')]]);
    });

    test('gives back more than 1 MB of entries whole', async () => {
      const stream = freshStream();
      const entries = chainOf(
        Array.from({ length: 12 }, (_, index) => refused(String(index % 10).repeat(110_000))),
        stream,
      );
      await write(entries);
      expect(await opened.ledger.read(stream, inTime())).toStrictEqual(entries);
    });

    test('gives back the entries of one day over all streams, by time', async () => {
      const [one, other] = [freshStream(), freshStream()];
      const at = (stream: string, time: string) => link(undefined, stream, time, applied('A'));
      const late = at(one, '2031-05-06T23:59:59.999Z');
      const early = at(other, '2031-05-06T00:00:00.000Z');
      const next = link(late, one, '2031-05-07T00:00:00.000Z', applied('B'));
      await write([late, early, next]);
      expect(await Array.fromAsync(entriesOfDay(opened.ledger, '2031-05-06', inTime()))).toStrictEqual([early, late]);
      const newestFirst = entriesOfDay(opened.ledger, '2031-05-06', inTime(), 'newest first');
      expect(await Array.fromAsync(newestFirst)).toStrictEqual([late, early]);
      expect(await Array.fromAsync(entriesOfDay(opened.ledger, '2031-05-07', inTime()))).toStrictEqual([next]);
      expect(await Array.fromAsync(entriesOfDay(opened.ledger, '2031-05-08', inTime()))).toEqual([]);
    });

    test('gives back the entries of one day from the newest on, in pages', async () => {
      const bodies = Array.from({ length: 250 }, (_, index) => refused(String(index)));
      const entries = chainOf(bodies, freshStream(), '2033-05-06T10:00:00.000Z');
      await write(entries);
      const newest = await opened.ledger.byDay('2033-05-06', undefined, inTime(), 'newest first');
      expect(newest.entries.length).toBeLessThanOrEqual(100);
      expect(newest.next).toBeDefined();
      expect(newest.entries[0]?.at).toBe(entries.at(-1)?.at);
      const found = await Array.fromAsync(entriesOfDay(opened.ledger, '2033-05-06', inTime(), 'newest first'));
      expect(found.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toReversed());
      expect(found.toSorted((one, other) => one.sequence - other.sequence)).toStrictEqual(entries);
    });

    test('gives back more than 1 MB of entries of one day whole', async () => {
      const stream = freshStream();
      const bodies = Array.from({ length: 12 }, (_, index) => refused(String(index % 10).repeat(110_000)));
      const entries = chainOf(bodies, stream, '2032-05-06T10:00:00.000Z');
      await write(entries);
      const found = await Array.fromAsync(entriesOfDay(opened.ledger, '2032-05-06', inTime()));
      expect(found.toSorted((one, other) => one.sequence - other.sequence)).toStrictEqual(entries);
    });

    test('refuses to append what is no entry of the chain', async () => {
      const stream = freshStream();
      const [entry] = four(stream);
      if (entry === undefined) throw new Error('no entry');
      await expect(opened.ledger.append({ ...entry, hash: '0'.repeat(64) }, inTime())).rejects.toThrow(TypeError);
      expect(await opened.ledger.read(stream, inTime())).toEqual([]);
    });

    test('is unavailable once time is up', async () => {
      const stream = freshStream();
      const over = AbortSignal.abort(new Error('time is up'));
      const attempts = [
        opened.ledger.read(stream, over),
        opened.ledger.head(stream, over),
        opened.ledger.append(atPlace(four(stream), 1), over),
        Array.fromAsync(entriesOfDay(opened.ledger, '2026-03-02', over)),
      ];
      for (const attempt of await Promise.allSettled(attempts)) {
        expect(attempt).toMatchObject({ status: 'rejected', reason: expect.any(LedgerUnavailable) });
      }
    });

    describe('after an intruder', () => {
      const tampered = async (tamper: (entries: readonly Entry[], stream: string) => Promise<void>) => {
        const stream = freshStream();
        const entries = four(stream);
        await write(entries);
        expect(verifyChain(await opened.ledger.read(stream, inTime()), stream)).toEqual({
          ok: true,
          head: entries.at(-1)?.hash,
        });
        await tamper(entries, stream);
        return verifyChain(await opened.ledger.read(stream, inTime()), stream);
      };

      test('edited an entry, the chain does not hold', async () => {
        const verdict = await tampered((entries, stream) =>
          opened.overwrite(stream, 2, { ...atPlace(entries, 2), body: applied('Z') }),
        );
        expect(verdict).toMatchObject({ ok: false, sequence: 2, reason: 'hash-mismatch' });
      });

      test('wrote an entry anew with a hash that is right, the chain does not hold', async () => {
        const verdict = await tampered((entries, stream) =>
          opened.overwrite(stream, 2, link(atPlace(entries, 1), stream, '2026-03-02T14:02:01.000Z', applied('Z'))),
        );
        expect(verdict).toMatchObject({ ok: false, sequence: 3, reason: 'broken-link' });
      });

      test('removed an entry, the chain does not hold', async () => {
        expect(await tampered((_, stream) => opened.remove(stream, 2))).toMatchObject({
          ok: false,
          sequence: 2,
          reason: 'gap',
        });
      });

      test('made two entries change places, the chain does not hold', async () => {
        const verdict = await tampered(async (entries, stream) => {
          await opened.overwrite(stream, 2, atPlace(entries, 3));
          await opened.overwrite(stream, 3, atPlace(entries, 2));
        });
        expect(verdict).toMatchObject({ ok: false, sequence: 2, reason: 'gap' });
      });

      test('slipped an entry in, the chain does not hold', async () => {
        const verdict = await tampered(async (entries, stream) => {
          await opened.overwrite(
            stream,
            2,
            link(atPlace(entries, 1), stream, '2026-03-02T14:02:00.500Z', applied('Z')),
          );
          for (const sequence of [2, 3, 4]) await opened.overwrite(stream, sequence + 1, atPlace(entries, sequence));
        });
        expect(verdict).toMatchObject({ ok: false, sequence: 3, reason: 'gap' });
      });

      test('brought an entry over from another stream, the chain does not hold', async () => {
        const verdict = await tampered((_, stream) =>
          opened.overwrite(stream, 4, atPlace(four('other.mail.corp.internal'), 4)),
        );
        expect(verdict).toMatchObject({ ok: false, sequence: 4, reason: 'wrong-stream' });
      });
    });
  });
};
