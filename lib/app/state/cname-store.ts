import * as z from 'zod';
import type { Cname } from '../../core/dns/pointers.ts';
import type { StateStore } from '../ports/state-store.ts';

const collection = 'cnames';
/** Octets of the CNAMEs of one zone that are kept: an item of the table holds 400 KB. */
const longestOctets = 300_000;

const listedSchema = z.strictObject({
  at: z.int(),
  cnames: z.array(z.strictObject({ name: z.string(), target: z.string() })),
  leftOut: z.int(),
});

/** The CNAMEs of a zone as of its last listing: `at` in milliseconds since the epoch, `leftOut` those for which there was no room. */
export type ListedCnames = z.infer<typeof listedSchema>;

export const saveCnames = async (
  state: StateStore,
  zoneId: string,
  at: number,
  cnames: readonly Cname[],
  signal: AbortSignal,
): Promise<void> => {
  const kept: Cname[] = [];
  let octets = 0;
  for (const { name, target } of cnames) {
    octets += Buffer.byteLength(JSON.stringify({ name, target })) + 1;
    if (octets > longestOctets) break;
    kept.push({ name, target });
  }
  const value = { at, cnames: kept, leftOut: cnames.length - kept.length };
  await state.put({ collection, key: zoneId, value }, false, signal);
};

/** By zone id; a zone that was never listed is absent. */
export const listCnames = async (state: StateStore, signal: AbortSignal): Promise<ReadonlyMap<string, ListedCnames>> =>
  new Map(
    (await state.list(collection, signal)).flatMap(({ key, value }) => {
      const parsed = listedSchema.safeParse(value);
      return parsed.success ? [[key, parsed.data] as const] : [];
    }),
  );
