import { concurrently } from '../../core/base/concurrently.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { type EntriesSince, entriesSince } from '../ledger/entries-since.ts';
import type { Ports } from '../ports/ports.ts';

const bulksAtOnce = 8;

/** The streams that a history is made of, each with its entries; `cutAt` as in `EntriesSince`. */
export type AskedStreams = {
  readonly streams: ReadonlyMap<string, readonly Entry[]>;
  readonly cutAt?: string;
};

/**
 * Reads the history of one hostname, or since a moment of every stream that somebody may see, by the days of the ledger: however many hostnames there are, it
 * takes a request for each day and page. A name that only changed as part of a bulk is in that bulk's stream, and not there on its own.
 */
export const readStreams = async (
  ports: Pick<Ports, 'ledger' | 'clock'>,
  hostname: string | undefined,
  sinceMs: number,
  may: (stream: string) => boolean,
  signal: AbortSignal,
): Promise<AskedStreams> => {
  const { ledger } = ports;
  if (hostname !== undefined) return { streams: new Map([[hostname, await ledger.read(hostname, signal)]]) };
  const { byStream, bulks, ...cut }: EntriesSince = await entriesSince(ports, sinceMs, signal);
  const streams = new Map([...byStream].filter(([stream]) => may(stream)));
  await concurrently(bulks, bulksAtOnce, async (bulk) => void streams.set(bulk, await ledger.read(bulk, signal)));
  return { streams: new Map([...streams].toSorted(([one], [other]) => (one < other ? -1 : 1))), ...cut };
};
