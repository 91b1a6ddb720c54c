import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Json, type StateItem, type StateStore, StateUnavailable } from '../../lib/app/ports/state-store.ts';
import type { Clock } from '../../lib/core/base/clock.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

/** A state store, to be closed. */
export interface StateStoreUnderTest extends AsyncDisposable {
  readonly store: StateStore;
}

/** What every state store does. */
export const stateStoreContract = (name: string, open: (clock: Clock) => Promise<StateStoreUnderTest>): void => {
  describe(`${name} as a state store`, () => {
    let opened: StateStoreUnderTest;
    let clock: ManualClock;
    let collection: string;
    let collections = 0;
    const inTime = () => AbortSignal.timeout(25_000);
    const nowSeconds = () => Math.floor(clock.now() / 1000);

    beforeAll(async () => {
      clock = createManualClock();
      opened = await open(clock);
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });
    beforeEach(() => {
      collections += 1;
      collection = `collection-${collections}`;
    });

    const put = (item: Omit<StateItem, 'collection'>, onlyIfAbsent = false) =>
      opened.store.put({ collection, ...item }, onlyIfAbsent, inTime());
    const get = (key: string) => opened.store.get(collection, key, inTime());
    const list = () => opened.store.list(collection, inTime());

    test('what was never stored is not there, and removing it is no mistake', async () => {
      await opened.store.remove(collection, 'nothing', inTime());
      expect(await get('nothing')).toBeUndefined();
      expect(await list()).toEqual([]);
    });

    test.each<[string, Json]>([
      ['null', null],
      ['text', 'é 💌 "'],
      ['a number', -1.5],
      ['false', false],
      ['a list', [1, [null], {}]],
      ['an object', { hostname: 'gitlab.mail.corp.internal', stages: [{ stage: 'connect', durationMs: 3 }] }],
    ])('gives %s back', async (_, value) => {
      expect(await put({ key: 'k', value })).toBe('stored');
      expect(await get('k')).toEqual({ collection, key: 'k', value });
    });

    test('the later value replaces the earlier one, and its expiry', async () => {
      await put({ key: 'k', value: 1, expiresAt: nowSeconds() + 60 });
      await put({ key: 'k', value: 2 });
      expect(await get('k')).toEqual({ collection, key: 'k', value: 2 });
    });

    test('removes one key of one collection', async () => {
      await put({ key: 'a', value: 1 });
      await put({ key: 'b', value: 2 });
      await opened.store.remove(collection, 'a', inTime());
      expect(await list()).toEqual([{ collection, key: 'b', value: 2 }]);
    });

    test('lists all of a collection and nothing else, ascending by key', async () => {
      for (const key of ['b', 'é', 'a', 'B', '💌', 'a.b', '\uffee']) await put({ key, value: key });
      await opened.store.put({ collection: `${collection}-other`, key: 'a', value: 0 }, false, inTime());
      expect((await list()).map(({ key }) => key)).toEqual(['B', 'a', 'a.b', 'b', 'é', '\uffee', '💌']);
    });

    test('lists more than 1 MB', async () => {
      const value = 'x'.repeat(110_000);
      for (let index = 0; index < 12; index += 1) await put({ key: `key-${10 + index}`, value });
      expect(await list()).toEqual(
        Array.from({ length: 12 }, (_, index) => ({ collection, key: `key-${10 + index}`, value })),
      );
    });

    test('an item is gone once its time has come', async () => {
      const expiresAt = nowSeconds() + 60;
      await put({ key: 'k', value: 1, expiresAt });
      await clock.advance(59_000);
      expect(await get('k')).toEqual({ collection, key: 'k', value: 1, expiresAt });
      expect(await list()).toHaveLength(1);
      await clock.advance(1000);
      expect(await get('k')).toBeUndefined();
      expect(await list()).toEqual([]);
    });

    test('stored only if absent: the first one stays, until it expires or is removed', async () => {
      expect(await put({ key: 'k', value: 'first', expiresAt: nowSeconds() + 60 }, true)).toBe('stored');
      expect(await put({ key: 'k', value: 'second' }, true)).toBe('exists');
      expect((await get('k'))?.value).toBe('first');
      await clock.advance(60_000);
      expect(await put({ key: 'k', value: 'third' }, true)).toBe('stored');
      expect(await put({ key: 'k', value: 'fourth' }, true)).toBe('exists');
      await opened.store.remove(collection, 'k', inTime());
      expect(await put({ key: 'k', value: 'fifth' }, true)).toBe('stored');
      expect((await get('k'))?.value).toBe('fifth');
    });

    test('of 20 at once that store only if absent exactly one does', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) => put({ key: 'k', value: index }, true)),
      );
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      expect((await get('k'))?.value).toBe(outcomes.indexOf('stored'));
    });

    test('refuses an expiry that is not in whole seconds', async () => {
      await expect(put({ key: 'k', value: 1, expiresAt: 1.5 })).rejects.toThrow(
        `expiresAt of ${collection}/k is 1.5; it must be whole seconds since the epoch`,
      );
    });

    test('is unavailable once time is up', async () => {
      const over = AbortSignal.abort(new Error('time is up'));
      const attempts = [
        opened.store.get(collection, 'k', over),
        opened.store.list(collection, over),
        opened.store.put({ collection, key: 'k', value: 1 }, false, over),
        opened.store.remove(collection, 'k', over),
      ];
      for (const attempt of await Promise.allSettled(attempts)) {
        expect(attempt).toMatchObject({ status: 'rejected', reason: expect.any(StateUnavailable) });
      }
    });
  });
};
