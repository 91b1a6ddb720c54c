import * as z from 'zod';
import { slackIdKindOf } from '../../base/slack-ids.ts';
import { severities } from '../../policy/severity.ts';
import { confirmedStates, saidSchema } from '../health/health.ts';
import { mailNumbersSchema } from '../mail/mail-numbers.ts';
import { incidentCauseSchema } from './incident-cause.ts';

/** `unknown`: watch cannot check it. */
export const memberStates = [...confirmedStates, 'unknown'] as const;

/** An endpoint that an incident concerns, or has concerned. */
export const memberSchema = z.strictObject({
  hostname: z.string(),
  /** Its confirmed state; once it has left, the one that it came out of. */
  state: z.enum(memberStates),
  /** When the incident first listed it, milliseconds since the epoch. */
  joinedAtMs: z.int(),
  /** Absent while it still suffers from the cause. */
  leftAtMs: z.int().exactOptional(),
  /** As registered when it joined: a Slack id, or free text. */
  owner: z.string().exactOptional(),
});
export type Member = z.infer<typeof memberSchema>;

/** What happened to an open incident. `grown`, `worse` and `reopened` are shown in the channel as well as in the thread. */
export const updateSteps = ['grown', 'worse', 'reopened', 'note', 'resolved'] as const;
const updateSchema = z.strictObject({
  atMs: z.int(),
  step: z.enum(updateSteps),
  text: z.string(),
  /** The endpoints that it speaks of; absent: all of them. */
  hostnames: z.array(z.string()).exactOptional(),
});
export type IncidentUpdate = z.infer<typeof updateSchema>;

/**
 * An incident as it is to be shown right now. Watch writes it; the worker brings each destination in line with it, however often it is asked and whatever was
 * lost on the way. What was sent (`IncidentNotification`) and who has acknowledged it (`Acknowledgement`) are items of their own, so that no two writers
 * share one.
 */
export const incidentSchema = z.strictObject({
  /** Stable for the life of the incident, also when its cause turns out to be another one; opaque. */
  id: z.string(),
  cause: incidentCauseSchema,
  /** Since when it is so: the first probe that saw it. */
  openedAtMs: z.int(),
  /** The run of watch that opened it: reminders count from here. */
  raisedAtMs: z.int(),
  /** Absent while it goes on; goes away again when an endpoint relapses soon after its recovery. */
  closedAtMs: z.int().exactOptional(),
  /** Counts every change of what is to be shown, from 1. */
  revision: z.int().min(1),
  /** Of its worst endpoint now; once closed, the last one. */
  severity: z.enum(severities),
  /** Every endpoint that is left in it relapsed soon after a recovery, and has not been steady since. */
  isFlapping: z.literal(true).exactOptional(),
  ...saidSchema.shape,
  /** Every endpoint that it concerns or has concerned, in the order in which they joined. */
  members: z.array(memberSchema),
  /** How many more there are than `members` has room for; absent: none. */
  unlisted: z.int().exactOptional(),
  /** Of a mass outage: how many endpoints are watched. */
  of: z.int().exactOptional(),
  /** What happened after it was opened, oldest first. */
  updates: z.array(updateSchema),
  /** While, and when, most endpoints failed for this cause: failed probes of that time count against no single endpoint. */
  mass: z.strictObject({ fromMs: z.int(), toMs: z.int().exactOptional() }).exactOptional(),
  /** What Postal says of the mail to its endpoints; absent: no facts, or stale ones. */
  postal: mailNumbersSchema.exactOptional(),
  /** For a certificate: the last of the rules' days that was told. */
  toldDays: z.int().exactOptional(),
});
export type Incident = z.infer<typeof incidentSchema>;

/** That somebody has taken an incident over; recorded in the ledger. */
export const acknowledgementSchema = z.strictObject({ id: z.string(), by: z.string(), atMs: z.int() });
export type Acknowledgement = z.infer<typeof acknowledgementSchema>;

/** The endpoints that still suffer from the cause. */
export const standingMembers = ({ members }: Pick<Incident, 'members'>): readonly Member[] =>
  members.filter(({ leftAtMs }) => leftAtMs === undefined);

/** Whether watch cannot see, rather than sees something bad: the policy delays the mention of such an incident. */
export const concernsBlindness = ({ cause: { kind } }: Pick<Incident, 'cause'>): boolean =>
  kind === 'resolver' || kind === 'prober' || kind === 'policy' || kind === 'watch';

/** The channel of an owner; undefined where the owner is a person, a group or free text. */
export const ownerChannel = (owner: string | undefined): string | undefined =>
  owner !== undefined && slackIdKindOf(owner) === 'channel' ? owner : undefined;

/** What has been sent of an incident to one place; written by the worker alone. */
export const incidentNotificationSchema = z.strictObject({
  /** Of the incident; in a channel other than the on-call channel followed by `#` and the channel. */
  id: z.string(),
  channelId: z.string(),
  /** Of the head message. */
  ts: z.string(),
  /** The revision that the head shows. */
  revision: z.int(),
  /** How many updates are in the thread. */
  updates: z.int(),
  /** When the head was posted, milliseconds since the epoch; absent from what older versions wrote. */
  postedAtMs: z.int().exactOptional(),
  /** Keys of the other steps that were sent (`notificationSteps`); absent: none. */
  sent: z.array(z.string()).exactOptional(),
  /** The mute that the head shows: until when it holds, in milliseconds since the epoch. */
  mutedUntilMs: z.int().exactOptional(),
});
export type IncidentNotification = z.infer<typeof incidentNotificationSchema>;
