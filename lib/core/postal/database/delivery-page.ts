import { jsonOctets } from '../../limits/octets.ts';
import { countThatFits, sharedRoom } from '../../limits/shared-room.ts';

/** One delivery as it leaves the database: without recipient, sender or subject, and with the addresses in Postal's texts taken out. */
export type DeliveryFact = {
  readonly id: number;
  readonly messageId: number;
  /** `null` where the message names none: then it is the one that its route has now. */
  readonly endpointId: number | null;
  readonly routeId: number | null;
  readonly status: string;
  readonly details: string | null;
  readonly output: string | null;
  readonly isEncrypted: boolean;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
};

/** The next deliveries of one mail server: all with ids above `after`, up to `upTo`. */
export type DeliveryPage = {
  readonly serverId: number;
  /** Whether it starts anew at the beginning of the window: there was no cursor, or the database has been made anew since. */
  readonly isFirst: boolean;
  readonly after: number;
  readonly upTo: number;
  /** Ids beyond `upTo` that could have been read, but for the limits of one call. */
  readonly idsLeft: number;
  readonly deliveries: readonly DeliveryFact[];
};

/** The page without the deliveries that do not fit; they are the first of the next call. */
const pageWithin = (page: DeliveryPage, octets: number): DeliveryPage => {
  const { deliveries, upTo, idsLeft } = page;
  const kept = countThatFits(
    deliveries.map((delivery) => jsonOctets(delivery) + 1),
    octets,
  );
  const firstLeft = deliveries[kept];
  if (firstLeft === undefined) return page;
  const end = firstLeft.id - 1;
  return { ...page, upTo: end, idsLeft: idsLeft + upTo - end, deliveries: deliveries.slice(0, kept) };
};

/** The pages cut so that they take at most so many octets as JSON; none takes room that another server's needs. What was left out is in `idsLeft`. */
export const pagesWithin = (pages: readonly DeliveryPage[], octets: number): readonly DeliveryPage[] => {
  const besides = pages.map((page) => jsonOctets({ ...page, deliveries: [] }) + 20);
  const needs = pages.map(({ deliveries }) => jsonOctets(deliveries));
  const room = octets - besides.reduce((sum, each) => sum + each, 0);
  const shares = sharedRoom(needs, room);
  return pages.map((page, index) => pageWithin(page, shares[index] ?? 0));
};
