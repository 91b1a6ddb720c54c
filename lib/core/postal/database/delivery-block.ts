import * as z from 'zod/mini';
import type { Delivery } from '../audit/delivery-tally.ts';
import { acceptedWhere } from './accepted-where.ts';
import type { DeliveryFact } from './delivery-page.ts';

/** Ids of deliveries that are stored together: with the longest texts that Postal writes they fit into one item of the state table. */
export const idsPerBlock = 250;

/** In which block an id is. */
export const blockOf = (id: number): number => Math.floor(id / idsPerBlock);

const row = z.tuple([
  z.int(),
  z.int(),
  z.nullable(z.int()),
  z.nullable(z.int()),
  z.string(),
  z.literal([0, 1]),
  z.number(),
  z.nullable(z.string()),
  z.nullable(z.string()),
]);
const blockSchema = z.array(row).check(z.maxLength(idsPerBlock));

/** What is kept of a delivery: of the words about one that was accepted only where it went, for they would be most of what is stored. */
export const keptOf = (fact: DeliveryFact): DeliveryFact =>
  fact.status === 'Sent' ? { ...fact, details: acceptedWhere(fact.details ?? ''), output: null } : fact;

/** A block's deliveries as JSON. */
export const blockJson = (deliveries: readonly DeliveryFact[]): string =>
  JSON.stringify(
    deliveries.map(({ id, messageId, endpointId, routeId, status, isEncrypted, atMs, details, output }) => [
      id,
      messageId,
      endpointId,
      routeId,
      status,
      isEncrypted ? 1 : 0,
      atMs,
      details,
      output,
    ]),
  );

/** Reads a block; undefined: it is not one. */
export const readBlock = (json: string): readonly DeliveryFact[] | undefined => {
  const parsed = blockSchema.safeParse(JSON.parse(json));
  return parsed.data?.map(([id, messageId, endpointId, routeId, status, encrypted, atMs, details, output]) => ({
    id,
    messageId,
    endpointId,
    routeId,
    status,
    details,
    output,
    isEncrypted: encrypted === 1,
    atMs,
  }));
};

/** Deliveries put together by id, ascending: what was kept already stays as it is. */
export const withDeliveries = (
  kept: readonly DeliveryFact[],
  more: readonly DeliveryFact[],
): readonly DeliveryFact[] => {
  const known = new Set(kept.map(({ id }) => id));
  return [...kept, ...more.filter(({ id }) => !known.has(id))].sort((one, other) => one.id - other.id);
};

/** The delivery with its endpoint; undefined if that endpoint is unknown now. */
export const deliveryOf = (
  serverId: number,
  { endpointId: named, routeId, ...fact }: DeliveryFact,
  byRoute: ReadonlyMap<number, number>,
): Delivery | undefined => {
  const endpointId = named ?? (routeId === null ? undefined : byRoute.get(routeId));
  return endpointId === undefined ? undefined : { ...fact, serverId, endpointId };
};
