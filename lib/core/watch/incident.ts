import * as z from 'zod';
import { confirmedStates, saidSchema } from './health.ts';

/**
 * What somebody on call is told about, once.
 *
 * | kind | about |
 * | --- | --- |
 * | `endpoint` | one endpoint that is down, degraded, in plaintext or drifted |
 * | `flapping` | one endpoint that is flapping; an `endpoint` incident turns into it, and back when it stays down |
 * | `many` | most endpoints failed together: the prober, the resolver or the network is to be looked at, not the mail servers |
 * | `certificate` | a certificate that is about to expire, at one endpoint or at many |
 * | `history` | the nightly verification found a fault, or was not done |
 * | `watch` | watch itself could not see some endpoints for long: the prober or the resolver is in trouble |
 */
export const incidentKinds = ['endpoint', 'flapping', 'many', 'certificate', 'watch', 'history'] as const;

/**
 * An incident as it is to be shown right now. Watch writes it; the worker brings Slack in line with it, however often it is asked and whatever was
 * lost on the way: what has been told already stands in an item of its own (`IncidentNotification`), so that no two writers share one.
 */
export const incidentSchema = z.strictObject({
  /** Says what it is about and since when, so that every repeat of the round that opens it makes the same; opaque, and kept when the kind changes. */
  id: z.string(),
  kind: z.enum(incidentKinds),
  /** Absent where it is about many. */
  hostname: z.string().exactOptional(),
  /** Since when it is so. */
  openedAtMs: z.int(),
  /** Absent while it goes on; goes away again when an endpoint relapses soon after its recovery. */
  closedAtMs: z.int().exactOptional(),
  /** Counts every change of what is to be shown, from 1. */
  revision: z.int().min(1),
  /** For an endpoint, its confirmed state; once closed, the one that it came out of. */
  state: z.enum(confirmedStates).exactOptional(),
  ...saidSchema.shape,
  /** What happened after it was opened, oldest first, one line each: they go into the thread; `loud` ones are shown in the channel as well. */
  updates: z.array(z.strictObject({ atMs: z.int(), text: z.string(), loud: z.literal(true).exactOptional() })),
  /** Endpoints concerned, where it is about many: their number and the first few. */
  concerned: z.strictObject({ count: z.int(), of: z.int(), some: z.array(z.string()) }).exactOptional(),
  /** For a certificate: when it ends, and the last of the rules' days that was told. */
  certificate: z.strictObject({ expiresAtMs: z.int(), toldDays: z.int() }).exactOptional(),
  /** Channel that the owner's definition names; absent: the on-call channel of the policy. */
  channelId: z.string().exactOptional(),
});
export type Incident = z.infer<typeof incidentSchema>;

/** What has been told of an incident; written by the worker alone. */
export const incidentNotificationSchema = z.strictObject({
  id: z.string(),
  channelId: z.string(),
  /** Of the head message. */
  ts: z.string(),
  /** The revision that the head shows. */
  revision: z.int(),
  /** How many updates are in the thread. */
  updates: z.int(),
  /** The mute that the head shows: until when it holds, in milliseconds since the epoch. */
  mutedUntilMs: z.int().exactOptional(),
});
export type IncidentNotification = z.infer<typeof incidentNotificationSchema>;
