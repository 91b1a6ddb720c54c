import type { WatchRules } from '../../core/policy/watch-rules.ts';
import type { Acknowledgement, Incident, IncidentNotification } from '../../core/watch/incident/incident.ts';
import { standingMembers } from '../../core/watch/incident/incident.ts';
import { type NotificationStep, notificationSteps } from '../../core/watch/incident/notification-steps.ts';
import { ownerChannels, ownerView } from '../../core/watch/incident/owner-view.ts';
import { type Mute, muteOf } from '../../core/watch/mute/mute.ts';

/** A channel of Slack that an incident is posted in, once. */
export type SlackPlace = {
  /** Key of its notification: the incident's id, and for an owner's channel that channel. */
  readonly id: string;
  /** In a queue message; absent for the on-call channel. */
  readonly destination?: string;
  readonly channelId: string;
  /** As it is shown there. */
  readonly incident: Incident;
};

const channelPrefix = 'channel:';

/** The on-call channel, and the channel of each owner whose endpoints an incident concerns. */
export const slackPlaces = (incident: Incident, { channel }: Pick<WatchRules, 'channel'>): readonly SlackPlace[] => [
  ...(channel === undefined ? [] : [{ id: incident.id, channelId: channel, incident }]),
  ...ownerChannels(incident, channel).map((channelId) => ({
    id: `${incident.id}#${channelId}`,
    destination: `${channelPrefix}${channelId}`,
    channelId,
    incident: ownerView(incident, channelId),
  })),
];

/** The mute of an incident: the one that ends first, where every endpoint that still fails is muted. */
export const muteOfIncident = (incident: Incident, mutes: readonly Mute[], nowMs: number): Mute | undefined => {
  if (mutes.length === 0 || incident.closedAtMs !== undefined) return undefined;
  let first: Mute | undefined;
  for (const { hostname } of standingMembers(incident)) {
    const mute = muteOf(mutes, hostname, nowMs);
    if (mute === undefined) return undefined;
    if (first === undefined || mute.untilMs < first.untilMs) first = mute;
  }
  return first;
};

export type StepsAt = {
  readonly acknowledgement: Acknowledgement | undefined;
  readonly rules: WatchRules;
  readonly nowMs: number;
  readonly isMuted: boolean;
};

/** What there is to send in one channel. In an owner's channel nobody is mentioned, and nobody is reminded: that is for whoever is on call. */
export const slackSteps = (
  { incident, destination }: Pick<SlackPlace, 'incident' | 'destination'>,
  given: StepsAt,
): readonly NotificationStep[] => {
  const steps = notificationSteps({ incident, ...given });
  if (destination === undefined) return steps;
  return steps
    .filter(({ kind }) => kind !== 'mention' && kind !== 'reminder' && kind !== 'escalation')
    .map((step) => ({ ...step, mentions: [] }));
};

const updateKey = /^update-(\d+)$/;

/** Whether a step was sent to a channel, or needs not be any more: whoever heard of the incident later than a reminder was due needs no reminder. */
export const isSent = ({ key, atMs, kind }: NotificationStep, notification: IncidentNotification): boolean => {
  const { updates, sent = [], postedAtMs = 0 } = notification;
  const [, index] = updateKey.exec(key) ?? [];
  if (index !== undefined) return Number(index) <= updates;
  const isLate = (kind === 'reminder' || kind === 'escalation' || kind === 'mention') && atMs <= postedAtMs;
  return key === 'opened' || isLate || sent.includes(key);
};
