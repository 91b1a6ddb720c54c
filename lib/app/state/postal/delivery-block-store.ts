import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { blockJson, blockOf, keptOf, readBlock, withDeliveries } from '../../../core/postal/database/delivery-block.ts';
import type { DeliveryFact, DeliveryPage } from '../../../core/postal/database/delivery-page.ts';
import type { StateStore } from '../../ports/state-store.ts';

/** Collection of how far each mail server's deliveries were read. */
const cursors = 'postal-cursors';

/** The window of an audit, and the hour in which a block is filled. */
const keptSeconds = 73 * 3600;
/** Of a block, unpacked. */
const blockOctets = 1_000_000;

const cursorSchema = z.object({
  /** The highest id that was read and kept. */
  upTo: z.number().int(),
  /** When its reading began at the beginning of the window; milliseconds since the epoch. Ids of an earlier reading may be of another database. */
  readingSinceMs: z.number(),
  /** Ids that remained to be read. */
  idsLeft: z.number().int(),
});
/** How far one mail server's deliveries were read. */
export type DeliveryCursor = z.infer<typeof cursorSchema>;

/** By mail server. One that was not moved for three days is gone: what it passed is too old by then, and reading begins anew. */
export const listCursors = async (
  state: StateStore,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, DeliveryCursor>> =>
  new Map(
    (await state.list(cursors, signal)).flatMap(({ key, value }) => {
      const parsed = cursorSchema.safeParse(value);
      return parsed.success ? [[Number(key), parsed.data] as const] : [];
    }),
  );

const collectionOf = (serverId: number, { readingSinceMs }: Pick<DeliveryCursor, 'readingSinceMs'>): string =>
  `postal-deliveries/${serverId}/${readingSinceMs}`;

const unpacked = (value: unknown): readonly DeliveryFact[] =>
  typeof value === 'string'
    ? (readBlock(gunzipSync(Buffer.from(value, 'base64'), { maxOutputLength: blockOctets }).toString('utf8')) ?? [])
    : [];

/**
 * Keeps a page's deliveries, and then moves the cursor past them. A run that ends in between keeps the same deliveries once more, each in its place by its id:
 * none is lost, and none is there twice.
 */
export const keepPage = async (
  state: StateStore,
  page: DeliveryPage,
  before: DeliveryCursor | undefined,
  nowMs: number,
  signal: AbortSignal,
): Promise<DeliveryCursor> => {
  const { serverId, isFirst, upTo, idsLeft, deliveries } = page;
  const readingSinceMs = isFirst || before === undefined ? nowMs : before.readingSinceMs;
  const cursor: DeliveryCursor = { upTo, idsLeft, readingSinceMs };
  const expiresAt = Math.ceil(nowMs / 1000) + keptSeconds;
  const collection = collectionOf(serverId, cursor);
  for (const [block, facts] of Map.groupBy(deliveries, ({ id }) => blockOf(id))) {
    const key = String(block).padStart(12, '0');
    const kept = unpacked((await state.get(collection, key, signal))?.value);
    const value = gzipSync(blockJson(withDeliveries(kept, facts.map(keptOf))), { level: 9 }).toString('base64');
    await state.put({ collection, key, value, expiresAt }, false, signal);
  }
  const isSame = !isFirst && before?.upTo === upTo && before.idsLeft === idsLeft;
  if (!isSame) await state.put({ collection: cursors, key: String(serverId), value: cursor, expiresAt }, false, signal);
  return cursor;
};

/** The kept deliveries of a mail server, by id; some may be older than the window of an audit. */
export const readDeliveryFacts = async (
  state: StateStore,
  serverId: number,
  cursor: DeliveryCursor,
  signal: AbortSignal,
): Promise<readonly DeliveryFact[]> =>
  (await state.list(collectionOf(serverId, cursor), signal)).flatMap(({ value }) => unpacked(value));
