import * as z from 'zod';
import type { Severity } from '../../policy/severity.ts';
import { confirmedStates, saidSchema } from '../health/health.ts';
import { type Incident, incidentSchema } from './incident.ts';
import type { IncidentCause } from './incident-cause.ts';

/** As an incident was stored before one had a cause: it was about one endpoint, or about many that failed together. */
const earlierSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['endpoint', 'flapping', 'many', 'certificate', 'watch', 'history']),
  hostname: z.string().exactOptional(),
  openedAtMs: z.int(),
  closedAtMs: z.int().exactOptional(),
  revision: z.int().min(1),
  state: z.enum(confirmedStates).exactOptional(),
  ...saidSchema.shape,
  updates: z.array(z.strictObject({ atMs: z.int(), text: z.string(), loud: z.literal(true).exactOptional() })),
  concerned: z.strictObject({ count: z.int(), of: z.int(), some: z.array(z.string()) }).exactOptional(),
  certificate: z.strictObject({ expiresAtMs: z.int(), toldDays: z.int() }).exactOptional(),
  channelId: z.string().exactOptional(),
});
type Earlier = z.infer<typeof earlierSchema>;

const causeOf = ({ kind, hostname, certificate, sentence }: Earlier): IncidentCause => {
  if (kind === 'certificate' && certificate !== undefined)
    return { kind: 'certificate', expiresAtMs: certificate.expiresAtMs };
  if (kind === 'many') return { kind: 'mass-outage' };
  if (kind === 'history') return { kind: 'history' };
  if (kind === 'watch') return { kind: /prober/i.test(sentence) ? 'prober' : 'resolver' };
  return { kind: 'single', hostname: hostname ?? '' };
};

const severityOf = ({ kind, state = 'down' }: Earlier): Severity =>
  kind === 'certificate'
    ? 'certificate'
    : kind === 'watch' || state === 'down' || state === 'up'
      ? 'down'
      : state === 'plaintext'
        ? 'plaintext'
        : 'degraded';

const stateIn = ({ kind, state = 'down' }: Earlier): Incident['members'][number]['state'] =>
  kind === 'certificate' ? 'up' : kind === 'watch' ? 'unknown' : state;

const broughtUp = (earlier: Earlier): Incident => {
  const { id, kind, hostname, openedAtMs, closedAtMs, revision, sentence, findings, concerned, certificate } = earlier;
  const names = hostname === undefined ? (concerned?.some ?? []) : [hostname];
  const unlisted = (concerned?.count ?? names.length) - names.length;
  const owner = earlier.channelId;
  return {
    id,
    cause: causeOf(earlier),
    openedAtMs,
    raisedAtMs: openedAtMs,
    ...(closedAtMs === undefined ? {} : { closedAtMs }),
    revision,
    severity: severityOf(earlier),
    ...(kind === 'flapping' ? { isFlapping: true as const } : {}),
    sentence,
    findings,
    members: names.map((name) => ({
      hostname: name,
      state: stateIn(earlier),
      joinedAtMs: openedAtMs,
      ...(closedAtMs === undefined ? {} : { leftAtMs: closedAtMs }),
      ...(owner === undefined ? {} : { owner }),
    })),
    ...(unlisted > 0 ? { unlisted } : {}),
    ...(kind === 'many' && concerned !== undefined ? { of: concerned.of } : {}),
    updates: earlier.updates.map(({ atMs, text, loud = false }) => ({ atMs, text, step: loud ? 'worse' : 'note' })),
    ...(kind === 'many'
      ? { mass: { fromMs: openedAtMs, ...(closedAtMs === undefined ? {} : { toMs: closedAtMs }) } }
      : {}),
    ...(certificate === undefined ? {} : { toldDays: certificate.toldDays }),
  };
};

/** An incident as it is stored, by this version or by the one before; undefined where it cannot be read. */
export const storedIncident = (value: unknown): Incident | undefined => {
  const now = incidentSchema.safeParse(value);
  if (now.success) return now.data;
  const earlier = earlierSchema.safeParse(value);
  return earlier.success ? broughtUp(earlier.data) : undefined;
};
