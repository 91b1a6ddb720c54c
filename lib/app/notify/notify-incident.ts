import type { Deadline } from '../../core/base/deadline.ts';
import { fold } from '../../core/ledger/fold.ts';
import { standbyHealthOf } from '../../core/watch/health/standby.ts';
import { type Incident, type IncidentNotification, standingMembers } from '../../core/watch/incident/incident.ts';
import type { NotificationStep } from '../../core/watch/incident/notification-steps.ts';
import type { Mute } from '../../core/watch/mute/mute.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import type { BesideIncident } from '../../messages/watch/beside-incident.ts';
import { incidentMessage, muteUpdate, stepMessage } from '../../messages/watch/incident-message.ts';
import type { MessengerResult } from '../ports/messenger.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import { registeredAs } from '../state/directory.ts';
import { readHealth } from '../state/health-store.ts';
import {
  forgetNotification,
  readAcknowledgement,
  readIncident,
  readNotification,
  readNotificationAttempt,
  saveNotification,
  saveNotificationAttempt,
} from '../state/incident-store.ts';
import { listMutesOfIncident } from '../state/mutes-by-name.ts';
import { isSent, muteOfIncident, type SlackPlace, slackPlaces, slackSteps } from './incident-places.ts';
import { destinationNamed, notifyDestination } from './notify-destination.ts';
import { postOnce, retryPost } from './post-once.ts';
import { retrySlack } from './retry-slack.ts';

const eventType = 'postal_endpoint_incident';
/** Slack's codes for a message that is not there any more, or whose channel is not. */
const goneCodes: ReadonlySet<string> = new Set(['message_not_found', 'channel_not_found', 'is_archived']);
/** Whose definitions are read for the alert: more have no room in it. */
const definitionsRead = 50;

/** What Slack will not take, a person has to mend: watch asks again in some minutes, and then it may be. */
const later = (
  ports: Ports,
  { incident, channelId }: SlackPlace,
  failure: MessengerFailure,
  deliveries: number,
): Outcome => {
  if (failure.kind === 'refused') {
    ports.log.error('Slack refuses an incident', { incidentId: incident.id, channelId, code: failure.code });
    return done;
  }
  return retryPost('incident', failure, deliveries, ports);
};

/** Where a failover has led the only endpoint of an incident while it went on. */
const failedOverTo = async (
  { ledger }: Ports,
  { members: [member, ...others], openedAtMs, closedAtMs }: Incident,
  signal: AbortSignal,
): Promise<BesideIncident['failedOverTo']> => {
  if (member === undefined || others.length > 0 || closedAtMs === undefined) return undefined;
  const last = fold(await ledger.read(member.hostname, signal)).applied.findLast(({ finishedAt, requestedAt }) => {
    const atMs = Date.parse(finishedAt ?? requestedAt);
    return openedAtMs <= atMs && atMs <= closedAtMs;
  });
  return last?.verb === 'failover' && last.plan.goesBackOn === undefined
    ? last.plan.definitionAfter?.targets
    : undefined;
};

const endpointsOf = async (
  { state }: Ports,
  incident: Incident,
  signal: AbortSignal,
): Promise<BesideIncident['endpoints']> => {
  const members = standingMembers(incident).slice(0, definitionsRead);
  const known = await Promise.all(
    members.map(async (member) => {
      const [registered, health] = await Promise.all([
        registeredAs(state, member.hostname, signal),
        readHealth(state, member.hostname, signal),
      ]);
      if (registered === undefined) return [];
      const { definition } = registered;
      return [{ definition, state: member.state, standby: standbyHealthOf(definition, health) }];
    }),
  );
  return known.flat();
};

/** One channel with what is known of it, and what is to be said there. */
type Delivery = SlackPlace & { readonly beside: BesideIncident; readonly steps: readonly NotificationStep[] };

/** Whether an incident is about an endpoint that Postal has and nobody registered. */
const isUnregistered = async ({ state }: Ports, { cause }: Incident, signal: AbortSignal): Promise<boolean> =>
  cause.kind === 'deliveries' && (await registeredAs(state, cause.hostname, signal)) === undefined;

const deliveryTo = async (ports: Ports, place: SlackPlace, signal: AbortSignal): Promise<Delivery> => {
  const { state, clock, policy } = ports;
  const { incident } = place;
  const nowMs = clock.now();
  const [acknowledgement, mutes] = await Promise.all([
    readAcknowledgement(state, incident.id, signal),
    listMutesOfIncident(ports, incident, signal),
  ]);
  const mute = muteOfIncident(incident, mutes, nowMs);
  const steps = slackSteps(place, { acknowledgement, rules: policy.watch, nowMs, isMuted: mute !== undefined });
  const isOver = incident.closedAtMs !== undefined;
  const beside = {
    mentions: steps.find(({ kind }) => kind === 'opened')?.mentions ?? [],
    endpoints: isOver ? [] : await endpointsOf(ports, incident, signal),
    mute,
    failedOverTo: isOver ? await failedOverTo(ports, incident, signal) : undefined,
    acknowledgement,
    isUnregistered: await isUnregistered(ports, incident, signal),
  };
  return { ...place, beside, steps };
};

const withMute = (
  { mutedUntilMs: _before, ...told }: IncidentNotification,
  mute: Mute | undefined,
): IncidentNotification => (mute === undefined ? told : { ...told, mutedUntilMs: mute.untilMs });

/** Makes sure that the head message is in the channel, once, and saves where. */
const openHead = async (
  ports: Ports,
  { id, incident, beside, channelId }: Delivery,
  deadline: Deadline,
): Promise<MessengerResult<IncidentNotification>> => {
  const { state, clock } = ports;
  const { signal } = deadline;
  const posted = await postOnce(
    ports,
    {
      channelId,
      id: { key: 'incident_id', value: id },
      earlier: await readNotificationAttempt(state, id, signal),
      compose: async () => ({ message: incidentMessage(incident, beside), eventType }),
      begin: (since) => saveNotificationAttempt(state, id, { channelId, since }, signal),
    },
    deadline,
  );
  if (!posted.ok) return posted;
  const { channelId: where, ts, isFound } = posted.value;
  const revision = isFound ? 0 : incident.revision;
  const told = { id, channelId: where, ts, revision, updates: 0, postedAtMs: clock.now() };
  await saveNotification(state, told, signal);
  return { ok: true, value: told };
};

/** The head has gone from Slack: what goes on is posted anew by the next delivery; of what is over there is nothing to say any more. */
const withoutHead = async (
  { state }: Ports,
  { id, incident }: Delivery,
  told: IncidentNotification,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { revision, updates, closedAtMs } = incident;
  if (closedAtMs !== undefined) {
    await saveNotification(state, { ...told, revision, updates: updates.length }, signal);
    return done;
  }
  await forgetNotification(state, id, signal);
  return { kind: 'retry', afterSeconds: 1, why: 'incident: its message is gone' };
};

const noted = (told: IncidentNotification, { key }: NotificationStep): IncidentNotification =>
  key.startsWith('update-') ? { ...told, updates: told.updates + 1 } : { ...told, sent: [...(told.sent ?? []), key] };

/** Of several reminders that were not sent in time the last one is enough. */
const isOutdone = (step: NotificationStep, waiting: readonly NotificationStep[]): boolean =>
  step.kind === 'reminder' && waiting.findLast(({ kind }) => kind === 'reminder') !== step;

/** Posts one step in the thread; an escalation to another channel there. */
const postStep = async (
  ports: Ports,
  { id, incident, beside: { acknowledgement } }: Delivery,
  told: IncidentNotification,
  step: NotificationStep,
  deadline: Deadline,
): Promise<MessengerResult<unknown>> => {
  const { key, channelId, isLoud } = step;
  const index = /^update-(\d+)$/.exec(key)?.[1];
  const metadata = {
    event_type: eventType,
    event_payload: { incident_id: id, ...(index === undefined ? { step: key } : { update: Number(index) }) },
  };
  const message = stepMessage(incident, step, acknowledgement);
  const { signal } = deadline;
  if (channelId !== undefined && channelId !== told.channelId) {
    const payload = { event_type: eventType, event_payload: { escalated_incident_id: id } };
    return retrySlack(ports, deadline, false, () => ports.messenger.post(channelId, message, payload, signal));
  }
  const thread = { channelId: told.channelId, ts: told.ts, broadcast: isLoud };
  return retrySlack(ports, deadline, false, () => ports.messenger.postInThread(thread, message, metadata, signal));
};

/**
 * Brings one channel in line with the current state of an incident: the head message, edited when there is something new, and what happened since in its thread.
 * Asked twice, it says nothing twice; what was lost on the way is made good by the next asking. One at a time (message group).
 */
const notifyChannel = async (
  ports: Ports,
  place: SlackPlace,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { messenger, state } = ports;
  const { signal } = deadline;
  const delivery = await deliveryTo(ports, place, signal);
  const { id, incident, beside, steps } = delivery;
  const standing = await readNotification(state, id, signal);
  const opened =
    standing === undefined ? await openHead(ports, delivery, deadline) : ({ ok: true, value: standing } as const);
  if (!opened.ok) return later(ports, place, opened.failure, deliveries);
  // Whoever hears that it is over hears nothing more of its mute, even where it opens again.
  let told = incident.closedAtMs === undefined ? opened.value : withMute(opened.value, undefined);
  const isMuteNews = incident.closedAtMs === undefined && told.mutedUntilMs !== beside.mute?.untilMs;
  const waiting = steps.filter((step) => !isSent(step, told));
  const isTakenOver = waiting.some(({ kind }) => kind === 'acknowledged');
  if (told.revision < incident.revision || isMuteNews || isTakenOver) {
    const { channelId: where, ts } = told;
    const edited = await retrySlack(ports, deadline, true, () =>
      messenger.edit(where, ts, incidentMessage(incident, beside), signal),
    );
    if (edited.ok) {
      told = { ...told, revision: incident.revision };
      await saveNotification(state, told, signal);
    } else {
      const { failure } = edited;
      if (failure.kind === 'refused' && goneCodes.has(failure.code)) return withoutHead(ports, delivery, told, signal);
      // A head that may not be edited, as some workspaces have it, keeps nothing from its thread.
      const outcome = later(ports, place, failure, deliveries);
      if (outcome.kind === 'retry') return outcome;
    }
  }
  if (isMuteNews) {
    // Posted before it is saved: if the answer is lost, it is posted twice at worst.
    const thread = { channelId: told.channelId, ts: told.ts, broadcast: beside.mute === undefined };
    const metadata = {
      event_type: eventType,
      event_payload: { incident_id: id, muted_until: beside.mute?.untilMs ?? 0 },
    };
    const posted = await retrySlack(ports, deadline, false, () =>
      messenger.postInThread(thread, muteUpdate(incident, beside.mute), metadata, signal),
    );
    if (!posted.ok) return later(ports, place, posted.failure, deliveries);
    told = withMute(told, beside.mute);
    await saveNotification(state, told, signal);
  }
  for (const step of waiting) {
    // An update that is about the endpoints of others has no text here.
    const isSilent = isOutdone(step, waiting) || (step.text === '' && step.kind === 'grown');
    const posted = isSilent ? ({ ok: true } as const) : await postStep(ports, delivery, told, step, deadline);
    if (!posted.ok) return later(ports, place, posted.failure, deliveries);
    told = noted(told, step);
    await saveNotification(state, told, signal);
  }
  return done;
};

/** Brings one destination of an incident in line with it: without a destination the on-call channel. */
export const notifyIncident = async (
  ports: Ports,
  { incidentId, destination }: { readonly incidentId: string; readonly destination?: string },
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const incident = await readIncident(ports.state, incidentId, deadline.signal);
  if (incident === undefined) return done;
  const other = destinationNamed(ports.policy.watch, destination);
  if (other !== undefined) return notifyDestination(ports, incident, other, deliveries, deadline);
  const place = slackPlaces(incident, ports.policy.watch).find((each) => each.destination === destination);
  return place === undefined ? done : notifyChannel(ports, place, deliveries, deadline);
};
