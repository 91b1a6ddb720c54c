import { describe, expect, test } from 'vitest';
import type { SubmitResult } from '../../lib/app/ports/zone-store.ts';
import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import { a, type ContractSteps, create, marker, name, remove, set } from './zone-store-fixture.ts';

/** Change batches: all or nothing, compare-and-swap, limits, races. */
export const writingContract = ({ submit, accept, refusal, read }: ContractSteps): void => {
  describe('batches', () => {
    test('a CREATE of several sets is there as a whole', async () => {
      await accept(create(a('10.0.4.12')), create(marker));
      expect(await read(name, marker.name)).toEqual([a('10.0.4.12'), marker]);
    });

    test('a CREATE of an existing set fails, with the same values and with others', async () => {
      await accept(create(a('10.0.4.12')));
      const already = [`Tried to create resource record set [name='${name}.', type='A'] but it already exists`];
      expect(await refusal(create(a('10.0.4.12')))).toEqual(already);
      expect(await refusal(create(a('10.0.4.13')))).toEqual(already);
      expect(await read(name)).toEqual([a('10.0.4.12')]);
    });

    test.each([
      ['another value', a('10.0.4.13')],
      ['another TTL', a('10.0.4.12', { ttlSeconds: 61 })],
      ['one value more', set('A', ['10.0.4.12', '10.0.4.13'])],
    ])('a DELETE with %s fails', async (_, other) => {
      await accept(create(a('10.0.4.12')));
      expect(await refusal(remove(other))).toEqual([
        `Tried to delete resource record set [name='${name}.', type='A'] but the values provided do not match the current values`,
      ]);
      expect(await read(name)).toEqual([a('10.0.4.12')]);
    });

    test('a DELETE of nothing fails', async () => {
      expect(await refusal(remove(a('10.0.4.12')))).toEqual([
        `Tried to delete resource record set [name='${name}.', type='A'] but it was not found`,
      ]);
    });

    test('values in another order, and IPv6 written in another way, are equal', async () => {
      await accept(create(set('A', ['10.0.4.12', '10.0.4.13'])), create(set('AAAA', ['fd00::1'])));
      await accept(remove(set('A', ['10.0.4.13', '10.0.4.12'])), remove(set('AAAA', ['fd00:0:0::1'])));
      expect(await read(name)).toEqual([]);
    });

    test('DELETE then CREATE of one set swaps it; any other pair fails and changes nothing', async () => {
      await accept(create(a('10.0.4.12')));
      await accept(remove(a('10.0.4.12')), create(a('10.0.4.13')));
      expect(await read(name)).toEqual([a('10.0.4.13')]);
      const pair = `The request contains an invalid set of changes for a resource record set 'A ${name}.'`;
      expect(await refusal(remove(a('10.0.4.13')), remove(a('10.0.4.13')))).toContain(pair);
      expect(await refusal(create(a('10.0.4.14')), remove(a('10.0.4.13')))).toContain(pair);
      const fresh = { name: 'fresh.corp.internal' };
      expect(await refusal(create(a('10.0.4.14', fresh)), remove(a('10.0.4.14', fresh)))).toEqual([
        pair.replace(name, fresh.name),
      ]);
      expect(await read(name, fresh.name)).toEqual([a('10.0.4.13')]);
    });

    test('one bad change fails the whole batch, and every message is reported', async () => {
      await accept(create(a('10.0.4.12')));
      const messages = await refusal(
        create(marker),
        create(a('10.0.4.13')),
        remove(a('10.0.4.14', { name: 'gone.corp.internal' })),
      );
      expect(messages).toEqual([
        `Tried to create resource record set [name='${name}.', type='A'] but it already exists`,
        "Tried to delete resource record set [name='gone.corp.internal.', type='A'] but it was not found",
      ]);
      expect(await read(name, marker.name)).toEqual([a('10.0.4.12')]);
    });

    test('an empty batch fails', async () => {
      expect((await refusal()).join()).toContain('empty');
    });
  });

  describe('limits', () => {
    const hosts = (count: number, values: (index: number) => readonly string[], type = 'A') =>
      Array.from({ length: count }, (_, index) =>
        create(set(type, values(index), { name: `host-${index}.corp.internal` })),
      );

    test('1,000 values are accepted, 1,001 are not', async () => {
      const address = (index: number) => [`10.1.${index >> 8}.${index & 255}`];
      expect(await refusal(...hosts(1_001, address))).toEqual([expect.stringMatching(/1,?000/)]);
      await accept(...hosts(1_000, address));
    });

    test('32,000 characters of values are accepted, 32,001 are not', async () => {
      const of = (length: number) => [`"${'x'.repeat(length - 2)}"`];
      expect(await refusal(...hosts(128, (index) => of(index === 127 ? 251 : 250), 'TXT'))).toEqual([
        expect.stringMatching(/32,?000/),
      ]);
      await accept(...hosts(128, () => of(250), 'TXT'));
    });
  });

  describe('races', () => {
    const wins = (results: readonly SubmitResult[]) => results.filter((result) => result.kind === 'accepted').length;

    test('of 20 batches that create one name at once, exactly one wins, with its marker', async () => {
      const batch = (index: number) => [
        create(a(`10.0.5.${index}`)),
        create({ ...marker, values: [`"change=${index}"`] }),
      ];
      const results = await Promise.all(Array.from({ length: 20 }, (_, index) => submit(...batch(index))));
      expect(wins(results)).toBe(1);
      const winner = results.findIndex((result) => result.kind === 'accepted');
      expect(await read(name, marker.name)).toEqual(batch(winner).map(({ recordSet }) => recordSet));
    });

    test('of 20 swaps of one set at once, exactly one wins', async () => {
      await accept(create(a('10.0.4.12')));
      const swaps = Array.from({ length: 20 }, (_, index) =>
        submit(remove(a('10.0.4.12')), create(a(`10.0.5.${index}`))),
      );
      expect(wins(await Promise.all(swaps))).toBe(1);
    });

    test('a record changed away and back is told by its marker', async () => {
      const markerOf = (change: number): RecordSet => ({ ...marker, values: [`"change=${change}"`] });
      const [one, two, three] = [markerOf(1), markerOf(2), markerOf(3)];
      await accept(create(a('10.0.4.12')), create(one));
      await accept(remove(a('10.0.4.12')), remove(one), create(a('10.0.4.13')), create(two));
      await accept(remove(a('10.0.4.13')), remove(two), create(a('10.0.4.12')), create(three));
      expect(await refusal(remove(a('10.0.4.12')), remove(one), create(a('10.0.4.14')), create(two))).not.toEqual([]);
      expect(await read(name, marker.name)).toEqual([a('10.0.4.12'), three]);
    });
  });
};
