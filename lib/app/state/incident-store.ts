import * as z from 'zod';
import {
  type Acknowledgement,
  acknowledgementSchema,
  type Incident,
  type IncidentNotification,
  incidentNotificationSchema,
} from '../../core/watch/incident/incident.ts';
import { storedIncident } from '../../core/watch/incident/stored-incident.ts';
import type { Json, StateItem, StateStore } from '../ports/state-store.ts';

const incidents = 'incidents';
const told = 'incidents-told';
const telling = 'incidents-telling';
const acknowledged = 'incidents-acknowledged';

const notificationAttemptSchema = z.object({ channelId: z.string(), since: z.string() });
/** Where the head message is on its way to, and since when (ISO 8601). */
export type NotificationAttempt = z.output<typeof notificationAttemptSchema>;

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** One that an older version wrote and this one cannot read counts as none. */
const readable = <Value>(schema: z.ZodType<Value>, items: readonly StateItem[]): readonly Value[] =>
  items.flatMap(({ value }) => schema.safeParse(value).data ?? []);

const readOne = async <Value>(
  state: StateStore,
  collection: string,
  id: string,
  schema: z.ZodType<Value>,
  signal: AbortSignal,
): Promise<Value | undefined> => schema.safeParse((await state.get(collection, id, signal))?.value).data;

/** The incidents that go on, and those that are over and not filed yet. */
export const listIncidents = async (state: StateStore, signal: AbortSignal): Promise<readonly Incident[]> =>
  (await state.list(incidents, signal)).flatMap(({ value }) => storedIncident(value) ?? []);

export const readIncident = async (state: StateStore, id: string, signal: AbortSignal): Promise<Incident | undefined> =>
  storedIncident((await state.get(incidents, id, signal))?.value);

export const saveIncident = async (state: StateStore, incident: Incident, signal: AbortSignal): Promise<void> => {
  await state.put({ collection: incidents, key: incident.id, value: asJson(incident) }, false, signal);
};

/**
 * Forgets an incident that is over, and about which there is nothing more to tell; what was sent about it goes last, so that it is not sent again. `places`: the ids of
 * its notifications.
 */
export const forgetIncident = async (
  state: StateStore,
  id: string,
  places: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  for (const collection of [incidents, acknowledged]) await state.remove(collection, id, signal);
  for (const collection of [telling, told])
    for (const place of new Set([id, ...places])) await state.remove(collection, place, signal);
};

/** Who has acknowledged which incident, by its id. */
export const listAcknowledgements = async (
  state: StateStore,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Acknowledgement>> =>
  new Map(readable(acknowledgementSchema, await state.list(acknowledged, signal)).map((one) => [one.id, one]));

export const readAcknowledgement = (
  state: StateStore,
  id: string,
  signal: AbortSignal,
): Promise<Acknowledgement | undefined> => readOne(state, acknowledged, id, acknowledgementSchema, signal);

export const saveAcknowledgement = async (
  state: StateStore,
  value: Acknowledgement,
  signal: AbortSignal,
): Promise<void> => {
  await state.put({ collection: acknowledged, key: value.id, value }, false, signal);
};

/** The notifications that were sent, by incident. */
export const listNotifications = async (
  state: StateStore,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, IncidentNotification>> =>
  new Map(readable(incidentNotificationSchema, await state.list(told, signal)).map((one) => [one.id, one]));

export const readNotification = (
  state: StateStore,
  id: string,
  signal: AbortSignal,
): Promise<IncidentNotification | undefined> => readOne(state, told, id, incidentNotificationSchema, signal);

export const saveNotification = async (
  state: StateStore,
  value: IncidentNotification,
  signal: AbortSignal,
): Promise<void> => {
  await state.put({ collection: told, key: value.id, value: asJson(value) }, false, signal);
};

export const readNotificationAttempt = (
  state: StateStore,
  id: string,
  signal: AbortSignal,
): Promise<NotificationAttempt | undefined> => readOne(state, telling, id, notificationAttemptSchema, signal);

export const saveNotificationAttempt = async (
  state: StateStore,
  id: string,
  value: NotificationAttempt,
  signal: AbortSignal,
): Promise<void> => {
  await state.put({ collection: telling, key: id, value }, false, signal);
};

/** The message is gone from Slack: forgets it, so that it is posted again. */
export const forgetNotification = async (state: StateStore, id: string, signal: AbortSignal): Promise<void> => {
  for (const collection of [telling, told]) await state.remove(collection, id, signal);
};
