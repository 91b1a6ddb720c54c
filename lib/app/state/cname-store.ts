import * as z from 'zod';
import type { Cname } from '../../core/dns/pointers.ts';
import type { StateStore } from '../ports/state-store.ts';
import { collectionOf } from './collection.ts';

/** Octets of the CNAMEs of one zone that are kept: an item of the table holds 400 KB. */
const longestOctets = 300_000;

/** The CNAMEs of a zone as of its last listing: `at` in milliseconds since the epoch, `leftOut` those for which there was no room. */
const listedSchema = z.strictObject({
  at: z.int(),
  cnames: z.array(z.strictObject({ name: z.string(), target: z.string() })),
  leftOut: z.int(),
});

const cnames = collectionOf('cnames', listedSchema);

export const saveCnames = async (
  state: StateStore,
  zoneId: string,
  at: number,
  listed: readonly Cname[],
  signal: AbortSignal,
): Promise<void> => {
  const kept: Cname[] = [];
  let octets = 0;
  for (const { name, target } of listed) {
    octets += Buffer.byteLength(JSON.stringify({ name, target })) + 1;
    if (octets > longestOctets) break;
    kept.push({ name, target });
  }
  await cnames.save(state, zoneId, { at, cnames: kept, leftOut: listed.length - kept.length }, signal);
};

/** By zone id; a zone that was never listed is absent. */
export const listCnames = cnames.list;
