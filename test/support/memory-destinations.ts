import type { Destinations, Sent } from '../../lib/app/ports/destinations.ts';
import type { Destination } from '../../lib/core/policy/destinations.ts';
import type { IncidentEvent } from '../../lib/messages/watch/incident-event.ts';

export interface MemoryDestinations extends Destinations {
  /** What was taken, in order. */
  readonly taken: { readonly destination: string; readonly event: IncidentEvent }[];
  /** Answers a send instead of taking it; undefined: it is taken. */
  answer: (destination: Destination, event: IncidentEvent) => Sent | undefined;
}

/** Destinations that keep what they are sent. */
export const createMemoryDestinations = (): MemoryDestinations => {
  const made: MemoryDestinations = {
    taken: [],
    answer: () => undefined,
    send: async (destination, event) => {
      const answer = made.answer(destination, event);
      if (answer !== undefined) return answer;
      made.taken.push({ destination: destination.name, event });
      return { ok: true };
    },
  };
  return made;
};
