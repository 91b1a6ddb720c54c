import { backoffMs } from '../../core/base/backoff.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import type { Destination } from '../../core/policy/destinations.ts';
import type { WatchRules } from '../../core/policy/watch-rules.ts';
import type { Incident } from '../../core/watch/incident/incident.ts';
import { type NotificationStep, notificationSteps } from '../../core/watch/incident/notification-steps.ts';
import { incidentEvent } from '../../messages/watch/incident-event.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import { readAcknowledgement } from '../state/incident-store.ts';
import { listMutesOfIncident } from '../state/mutes-by-name.ts';
import { readDelivered, saveDelivered } from '../state/postal/delivery-store.ts';
import { muteOfIncident, type StepsAt } from './incident-places.ts';

const prefix = 'to:';
/** Kept back for noting what was sent. */
const keptForNotingMs = 5_000;

/** A destination in a queue message. */
export const queuedDestination = ({ name }: Pick<Destination, 'name'>): string => `${prefix}${name}`;

/** The destination that a queue message is for; undefined for a channel of Slack, and for one that the policy no longer names. */
export const destinationNamed = (
  { destinations }: Pick<WatchRules, 'destinations'>,
  destination: string | undefined,
): Destination | undefined => destinations.find((each) => queuedDestination(each) === destination);

/**
 * What a destination has not taken yet, in order. Only an incident of its severities is opened there; what happened to an incident before that is part of its
 * first event. Of several reminders the last one is enough.
 */
export const stepsFor = (
  incident: Incident,
  { severities }: Pick<Destination, 'severities'>,
  sent: readonly string[],
  given: StepsAt,
): readonly NotificationStep[] => {
  const steps = notificationSteps({ incident, ...given });
  if (!sent.includes('opened') && !steps.some(({ severity }) => severities.includes(severity))) return [];
  const waiting = steps.filter(({ key, kind }) => !sent.includes(key) && kind !== 'note' && kind !== 'mention');
  const reminder = steps.findLast(({ kind }) => kind === 'reminder');
  return waiting.filter((step) => step.kind !== 'reminder' || step === reminder);
};

/**
 * Sends one destination what it has not taken yet of an incident, one after the other: nothing overtakes what comes before. What was taken is noted each
 * time; where that is lost, the same event goes out once more, with the same id.
 */
export const notifyDestination = async (
  ports: Ports,
  incident: Incident,
  destination: Destination,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { state, policy, clock, destinations, log, random } = ports;
  const { signal } = deadline;
  const { name } = destination;
  const [acknowledgement, mutes, before] = await Promise.all([
    readAcknowledgement(state, incident.id, signal),
    listMutesOfIncident(ports, incident, signal),
    readDelivered(state, incident.id, name, signal),
  ]);
  const nowMs = clock.now();
  const isMuted = muteOfIncident(incident, mutes, nowMs) !== undefined;
  let sent = before;
  for (const step of stepsFor(incident, destination, sent, { acknowledgement, rules: policy.watch, nowMs, isMuted })) {
    if (deadline.atMs - clock.now() < keptForNotingMs)
      return { kind: 'retry', afterSeconds: 1, why: 'destination: no time was left' };
    const event = incidentEvent(incident, step, acknowledgement);
    const result = event === undefined ? ({ ok: true } as const) : await destinations.send(destination, event, signal);
    if (!result.ok) {
      const { failure } = result;
      log.error('a destination does not take an incident', { incidentId: incident.id, destination: name, failure });
      // A person has to correct that; watch asks again.
      if (failure.kind === 'refused') return done;
      const seconds = Math.ceil(backoffMs(deliveries, 2_000, 300_000, random) / 1000);
      const afterSeconds = Math.max(1, failure.retryAfterSeconds ?? seconds);
      return { kind: 'retry', afterSeconds, why: `destination ${name}: ${failure.kind}` };
    }
    sent = [...sent, step.key];
    await saveDelivered(state, incident.id, name, sent, signal);
  }
  return done;
};
