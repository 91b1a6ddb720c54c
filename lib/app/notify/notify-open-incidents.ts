import type { Destination } from '../../core/policy/destinations.ts';
import type { Acknowledgement, Incident, IncidentNotification } from '../../core/watch/incident/incident.ts';
import { isOver } from '../../core/watch/incident/incident-over.ts';
import type { NotificationStep } from '../../core/watch/incident/notification-steps.ts';
import type { Mute } from '../../core/watch/mute/mute.ts';
import type { Ports } from '../ports/ports.ts';
import { forgetIncident } from '../state/incident-store.ts';
import { forgetDelivered } from '../state/postal/delivery-store.ts';
import { isSent, muteOfIncident, type SlackPlace, slackPlaces, slackSteps } from './incident-places.ts';
import { queuedDestination, stepsFor } from './notify-destination.ts';

/** For that long after its end, an incident is still posted once Slack accepts it again: a long weekend. A refusal that stays must not be retried for ever. */
const toldLateMs = 3 * 86_400_000;

const isPast = ({ closedAtMs }: Incident, nowMs: number): boolean =>
  closedAtMs !== undefined && nowMs - closedAtMs > toldLateMs;

/** What is known of all incidents together. */
export type Known = {
  readonly notifications: ReadonlyMap<string, IncidentNotification>;
  readonly acknowledgements: ReadonlyMap<string, Acknowledgement>;
  readonly mutes: readonly Mute[];
  /** Keys of the steps that a destination other than Slack has taken. */
  readonly delivered: (incidentId: string, destination: string) => readonly string[];
};

/**
 * Why a channel has to be brought in line with an incident: undefined where head and thread say all that there is to say. Besides a new revision it is a mute
 * that the head does not show, or a step that is due by the clock or by a person.
 */
const occasionAt = (
  place: SlackPlace,
  { notifications, acknowledgements, mutes }: Known,
  { policy, clock }: Pick<Ports, 'policy' | 'clock'>,
): { readonly occasion?: string } | undefined => {
  const { incident, id } = place;
  const told = notifications.get(id);
  const nowMs = clock.now();
  const past = isPast(incident, nowMs);
  if (told === undefined) return past ? undefined : {};
  const mute = muteOfIncident(incident, mutes, nowMs);
  if (incident.closedAtMs === undefined && mute?.untilMs !== told.mutedUntilMs)
    return { occasion: `mute:${told.mutedUntilMs ?? 0}-${mute?.untilMs ?? 0}` };
  if (past) return undefined;
  const acknowledgement = acknowledgements.get(incident.id);
  const steps = slackSteps(place, { acknowledgement, rules: policy.watch, nowMs, isMuted: mute !== undefined });
  const next = steps.find((step) => !isSent(step, told));
  if (next !== undefined) return { occasion: next.key };
  return told.revision < incident.revision ? {} : undefined;
};

/** The first step that a destination other than Slack has not taken. */
const stepWaitingAt = (
  incident: Incident,
  destination: Destination,
  { acknowledgements, mutes, delivered }: Known,
  { policy, clock }: Pick<Ports, 'policy' | 'clock'>,
): NotificationStep | undefined => {
  const nowMs = clock.now();
  const [next] = stepsFor(incident, destination, delivered(incident.id, destination.name), {
    acknowledgement: acknowledgements.get(incident.id),
    rules: policy.watch,
    nowMs,
    isMuted: muteOfIncident(incident, mutes, nowMs) !== undefined,
  });
  return next;
};

/**
 * Queues a notification of everything that was not announced in its current state, in every channel, whichever run left it like that, and files what is over. Where policy names no
 * channel, and no owner has one, there is nobody to notify.
 */
export const notifyOpenIncidents = async (
  ports: Pick<Ports, 'queue' | 'state' | 'policy' | 'clock'>,
  incidents: readonly Incident[],
  known: Known,
  signal: AbortSignal,
): Promise<void> => {
  const { queue, state, policy, clock } = ports;
  for (const incident of incidents) {
    const { id, revision } = incident;
    const places = slackPlaces(incident, policy.watch);
    let isTold = true;
    for (const place of places) {
      const why = occasionAt(place, known, ports);
      if (why === undefined) continue;
      isTold = false;
      const { destination } = place;
      await queue.send(
        { kind: 'incident', incidentId: id, revision, ...(destination === undefined ? {} : { destination }), ...why },
        signal,
      );
    }
    for (const destination of policy.watch.destinations) {
      const next = isPast(incident, clock.now()) ? undefined : stepWaitingAt(incident, destination, known, ports);
      if (next === undefined) continue;
      isTold = false;
      await queue.send(
        { kind: 'incident', incidentId: id, revision, destination: queuedDestination(destination), occasion: next.key },
        signal,
      );
    }
    if (isTold && isOver(incident, policy.watch, clock.now())) {
      await forgetIncident(
        state,
        id,
        places.map((place) => place.id),
        signal,
      );
      for (const { name } of policy.watch.destinations) await forgetDelivered(state, id, name, signal);
    }
  }
};

/** Asks at once to bring every channel in line with an incident, for what a person did; should that be lost, watch makes it good. */
export const askToNotify = async (
  { queue, policy }: Pick<Ports, 'queue' | 'policy'>,
  incident: Incident,
  occasion: string,
  signal: AbortSignal,
): Promise<void> => {
  const channels = slackPlaces(incident, policy.watch).map(({ destination }) => destination);
  for (const destination of [...channels, ...policy.watch.destinations.map(queuedDestination)])
    await queue.send(
      {
        kind: 'incident',
        incidentId: incident.id,
        revision: incident.revision,
        ...(destination === undefined ? {} : { destination }),
        occasion,
      },
      signal,
    );
};
