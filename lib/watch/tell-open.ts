import type { Incident, ToldIncident } from './incident.ts';
import { fileIncident } from './incident-store.ts';
import { isOver } from './round.ts';
import type { WatchPorts } from './watch-ports.ts';

/**
 * Has everything told that has not been told as it stands now, whichever run has left it so, and files what is over. Where policy names no channel, there is
 * nobody to tell.
 */
export const tellOpen = async (
  { queue, state, policy, clock }: Pick<WatchPorts, 'queue' | 'state' | 'policy' | 'clock'>,
  incidents: readonly Incident[],
  told: ReadonlyMap<string, ToldIncident>,
  signal: AbortSignal,
): Promise<void> => {
  for (const incident of incidents) {
    const { id, revision, channelId = policy.watch.channel } = incident;
    const isTold = channelId === undefined || (told.get(id)?.revision ?? 0) >= revision;
    if (!isTold) await queue.send({ kind: 'incident', incidentId: id, revision }, signal);
    else if (isOver(incident, policy.watch, clock.now())) await fileIncident(state, incident, clock.now(), signal);
  }
};
