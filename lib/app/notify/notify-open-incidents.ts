import type { Incident, IncidentNotification } from '../../core/watch/incident.ts';
import { type Mute, muteOf } from '../../core/watch/mute.ts';
import { isOver } from '../../core/watch/round.ts';
import type { Ports } from '../ports/ports.ts';
import { forgetIncident } from '../state/incident-store.ts';

/** So long after its end an incident is told by when Slack takes it again: a long weekend. What is refused for ever must not be asked for so long. */
const toldLateMs = 3 * 86_400_000;

/** What an open incident's head has to say of mutes, and does not yet; absent where it says it. */
const muteToTell = (
  { hostname, closedAtMs }: Incident,
  told: IncidentNotification | undefined,
  mutes: readonly Mute[],
  nowMs: number,
): string | undefined => {
  if (hostname === undefined || closedAtMs !== undefined || told === undefined) return undefined;
  const holds = muteOf(mutes, hostname, nowMs)?.untilMs;
  return holds === told.mutedUntilMs ? undefined : `mute:${told.mutedUntilMs ?? 0}-${holds ?? 0}`;
};

/** Whether head and thread say all that there is to say. */
const isTold = ({ revision, updates }: Incident, told: IncidentNotification | undefined): boolean =>
  told !== undefined && told.revision >= revision && told.updates >= updates.length;

/**
 * Has everything told that has not been told as it stands now, whichever run has left it so, and files what is over. Where policy names no channel, there is
 * nobody to tell.
 */
export const notifyOpenIncidents = async (
  { queue, state, policy, clock }: Pick<Ports, 'queue' | 'state' | 'policy' | 'clock'>,
  incidents: readonly Incident[],
  told: ReadonlyMap<string, IncidentNotification>,
  mutes: readonly Mute[],
  signal: AbortSignal,
): Promise<void> => {
  for (const incident of incidents) {
    const { id, revision, closedAtMs, channelId = policy.watch.channel } = incident;
    const occasion = muteToTell(incident, told.get(id), mutes, clock.now());
    const isPast = closedAtMs !== undefined && clock.now() - closedAtMs > toldLateMs;
    const isWanting = channelId !== undefined && !isPast && !isTold(incident, told.get(id));
    if (isWanting || occasion !== undefined)
      await queue.send(
        { kind: 'incident', incidentId: id, revision, ...(occasion === undefined ? {} : { occasion }) },
        signal,
      );
    else if (isOver(incident, policy.watch, clock.now())) await forgetIncident(state, incident.id, signal);
  }
};
