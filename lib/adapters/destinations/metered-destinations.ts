import type { Destinations } from '../../app/ports/destinations.ts';
import type { Metrics } from '../metrics.ts';

/** Destinations that are loaded when the first event is sent: most of a worker's messages have nothing to do with them. */
export const lazyDestinations = (load: () => Promise<Destinations>): Destinations => ({
  send: async (...args) => (await load()).send(...args),
});

/** Destinations that count what was not taken. */
export const meteredDestinations = (destinations: Destinations, metrics: Metrics): Destinations => ({
  send: async (...args) => {
    const sent = await destinations.send(...args);
    if (!sent.ok) metrics.record({ DestinationFailures: 1 });
    return sent;
  },
});
