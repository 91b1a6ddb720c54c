import type { Deadline } from '../../core/base/deadline.ts';
import { fold } from '../../core/ledger/fold.ts';
import type { Incident, IncidentNotification } from '../../core/watch/incident.ts';
import { type Mute, muteOf } from '../../core/watch/mute.ts';
import { standbyHealthOf } from '../../core/watch/standby.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import {
  type BesideIncident,
  incidentMessage,
  incidentUpdate,
  muteUpdate,
} from '../../messages/watch/incident-message.ts';
import type { MessengerResult } from '../ports/messenger.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import { registeredAs } from '../state/directory.ts';
import { readHealth } from '../state/health-store.ts';
import {
  forgetNotification,
  readIncident,
  readNotification,
  readNotificationAttempt,
  saveNotification,
  saveNotificationAttempt,
} from '../state/incident-store.ts';
import { listMutes } from '../state/mute-store.ts';
import { postOnce, retryPost } from './post-once.ts';
import { retrySlack } from './retry-slack.ts';

const eventType = 'postal_endpoint_incident';
/** Slack's codes for a message that is not there any more, or whose channel is not. */
const goneCodes: ReadonlySet<string> = new Set(['message_not_found', 'channel_not_found', 'is_archived']);

/** What Slack will not take, a person has to mend: watch asks again in some minutes, and then it may be. */
const later = (ports: Ports, incident: Incident, failure: MessengerFailure, deliveries: number): Outcome => {
  if (failure.kind === 'refused') {
    ports.log.error('Slack refuses an incident', { incidentId: incident.id, code: failure.code });
    return done;
  }
  return retryPost('incident', failure, deliveries, ports);
};

/** What its head shows besides the incident, for which the state is asked. */
type Beside = Omit<BesideIncident, 'userGroup'>;

/** Where a failover has led the name while its incident went on. */
const failedOverTo = async (
  { ledger }: Ports,
  { hostname, openedAtMs, closedAtMs }: Incident,
  signal: AbortSignal,
): Promise<Beside['failedOverTo']> => {
  if (hostname === undefined || closedAtMs === undefined) return undefined;
  const last = fold(await ledger.read(hostname, signal)).applied.findLast(({ finishedAt, requestedAt }) => {
    const atMs = Date.parse(finishedAt ?? requestedAt);
    return openedAtMs <= atMs && atMs <= closedAtMs;
  });
  return last?.verb === 'failover' && last.plan.goesBackOn === undefined
    ? last.plan.definitionAfter?.targets
    : undefined;
};

const besideOf = async (ports: Ports, incident: Incident, signal: AbortSignal): Promise<Beside> => {
  const { state, clock } = ports;
  const { hostname, closedAtMs } = incident;
  const nothing = { definition: undefined, standby: undefined, mute: undefined, failedOverTo: undefined };
  if (hostname === undefined) return nothing;
  if (closedAtMs !== undefined) return { ...nothing, failedOverTo: await failedOverTo(ports, incident, signal) };
  const [registered, health, mutes] = await Promise.all([
    registeredAs(state, hostname, signal),
    readHealth(state, hostname, signal),
    listMutes(state, signal),
  ]);
  return {
    ...nothing,
    definition: registered?.definition,
    standby: registered && standbyHealthOf(registered.definition, health),
    mute: muteOf(mutes, hostname, clock.now()),
  };
};

const messageOf = (ports: Ports, incident: Incident, beside: Beside) =>
  incidentMessage(incident, { userGroup: ports.policy.watch.userGroup, ...beside });

const withMute = (
  { mutedUntilMs: _before, ...told }: IncidentNotification,
  mute: Mute | undefined,
): IncidentNotification => (mute === undefined ? told : { ...told, mutedUntilMs: mute.untilMs });

/** Sees to it that the head message stands in the channel, once, and notes where. */
const openHead = async (
  ports: Ports,
  incident: Incident,
  beside: Beside,
  channelId: string,
  deadline: Deadline,
): Promise<MessengerResult<IncidentNotification>> => {
  const { state } = ports;
  const { id, revision } = incident;
  const { signal } = deadline;
  const posted = await postOnce(
    ports,
    {
      channelId,
      id: { key: 'incident_id', value: id },
      earlier: await readNotificationAttempt(state, id, signal),
      compose: async () => ({ message: messageOf(ports, incident, beside), eventType }),
      begin: (since) => saveNotificationAttempt(state, id, { channelId, since }, signal),
    },
    deadline,
  );
  if (!posted.ok) return posted;
  const { channelId: where, ts, isFound } = posted.value;
  const told = { id, channelId: where, ts, revision: isFound ? 0 : revision, updates: 0 };
  await saveNotification(state, told, signal);
  return { ok: true, value: told };
};

/** Opens it in the channel of its own, and in the on-call channel where Slack does not take it there: an alert that nobody hears is none. */
const openSomewhere: typeof openHead = async (ports, incident, beside, channelId, deadline) => {
  const opened = await openHead(ports, incident, beside, channelId, deadline);
  const onCall = ports.policy.watch.channel;
  if (opened.ok || opened.failure.kind !== 'refused' || onCall === undefined || onCall === channelId) return opened;
  ports.log.warn('an incident is told in the on-call channel', {
    incidentId: incident.id,
    channelId,
    code: opened.failure.code,
  });
  return openHead(ports, incident, beside, onCall, deadline);
};

/** The head has gone from Slack: what goes on is posted anew by the next delivery; of what is over there is nothing to say any more. */
const withoutHead = async (
  { state }: Ports,
  incident: Incident,
  told: IncidentNotification,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { id, revision, updates, closedAtMs } = incident;
  if (closedAtMs !== undefined) {
    await saveNotification(state, { ...told, revision, updates: updates.length }, signal);
    return done;
  }
  await forgetNotification(state, id, signal);
  return { kind: 'retry', afterSeconds: 1, why: 'incident: its message is gone' };
};

/**
 * Brings Slack in line with an incident as it stands now: the head message in its channel, edited when there is something new, and what happened since in
 * its thread. Asked twice, it says nothing twice; what was lost on the way is made good by the next asking. One at a time (message group).
 */
export const notifyIncident = async (
  ports: Ports,
  { incidentId }: { readonly incidentId: string },
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { messenger, state } = ports;
  const { signal } = deadline;
  const incident = await readIncident(state, incidentId, signal);
  if (incident === undefined) return done;
  const channelId = incident.channelId ?? ports.policy.watch.channel;
  if (channelId === undefined) return done;

  const beside = await besideOf(ports, incident, signal);
  const standing = await readNotification(state, incidentId, signal);
  const opened =
    standing === undefined
      ? await openSomewhere(ports, incident, beside, channelId, deadline)
      : ({ ok: true, value: standing } as const);
  if (!opened.ok) return later(ports, incident, opened.failure, deliveries);
  let told = opened.value;
  const isMuteNews = incident.closedAtMs === undefined && told.mutedUntilMs !== beside.mute?.untilMs;
  if (told.revision < incident.revision || isMuteNews) {
    const { channelId: where, ts } = told;
    const edited = await retrySlack(ports, deadline, true, () =>
      messenger.edit(where, ts, messageOf(ports, incident, beside), signal),
    );
    if (edited.ok) {
      told = { ...told, revision: incident.revision };
      await saveNotification(state, told, signal);
    } else {
      const { failure } = edited;
      if (failure.kind === 'refused' && goneCodes.has(failure.code)) return withoutHead(ports, incident, told, signal);
      // A head that may not be edited, as some workspaces have it, keeps nothing from its thread.
      const outcome = later(ports, incident, failure, deliveries);
      if (outcome.kind === 'retry') return outcome;
    }
  }
  if (isMuteNews) {
    // Told before it is noted: if the answer is lost, it stands there twice at the worst.
    const thread = { channelId: told.channelId, ts: told.ts, broadcast: beside.mute === undefined };
    const metadata = {
      event_type: eventType,
      event_payload: { incident_id: incidentId, muted_until: beside.mute?.untilMs ?? 0 },
    };
    const posted = await retrySlack(ports, deadline, false, () =>
      messenger.postInThread(thread, muteUpdate(incident, beside.mute), metadata, signal),
    );
    if (!posted.ok) return later(ports, incident, posted.failure, deliveries);
    told = withMute(told, beside.mute);
    await saveNotification(state, told, signal);
  }
  for (const { text, loud = false } of incident.updates.slice(told.updates)) {
    const { ts, updates } = told;
    const thread = { channelId: told.channelId, ts, broadcast: loud };
    const metadata = { event_type: eventType, event_payload: { incident_id: incidentId, update: updates + 1 } };
    const posted = await retrySlack(ports, deadline, false, () =>
      messenger.postInThread(thread, incidentUpdate(text), metadata, signal),
    );
    if (!posted.ok) return later(ports, incident, posted.failure, deliveries);
    told = { ...told, updates: updates + 1 };
    await saveNotification(state, told, signal);
  }
  return done;
};
