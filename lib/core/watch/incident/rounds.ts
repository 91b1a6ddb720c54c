import * as z from 'zod';
import type { Incident } from './incident.ts';
import { causeKey, type IncidentCause } from './incident-cause.ts';

export const lastRoundSchema = z.strictObject({
  /** Milliseconds since the epoch, of its end. */
  atMs: z.int(),
  durationMs: z.int(),
  /** How many endpoints it looked at. */
  endpoints: z.int(),
  /** How many had their turn; absent: as many. */
  due: z.int().exactOptional(),
  /** How many rounds in a row looked at fewer than had their turn; absent: none. */
  shortRounds: z.int().exactOptional(),
});
/** When watch last finished a round: whoever examines the deployment sees by it that watch is alive. */
export type LastRound = z.infer<typeof lastRoundSchema>;

/** A message that watch sends through the queue for the worker to answer; milliseconds since the epoch. */
export const heartbeatSchema = z.strictObject({
  /** Of the first heartbeat that was not answered, or of the last one where all were. */
  waitingSinceMs: z.int(),
});
export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** The heartbeat after another one is sent: what waits began with the first that was not answered. */
export const nextHeartbeat = (
  before: Heartbeat | undefined,
  answeredMs: number | undefined,
  nowMs: number,
): Heartbeat =>
  before === undefined || (answeredMs !== undefined && answeredMs >= before.waitingSinceMs)
    ? { waitingSinceMs: nowMs }
    : before;

/** Two rounds in a row, or two heartbeats. */
const missedAtMost = 1;

type Trouble = {
  readonly cause: Extract<IncidentCause, { kind: 'watch' }>;
  readonly sinceMs: number;
  readonly sentence: string;
};

const troubles = (
  lastRound: LastRound | undefined,
  heartbeat: Heartbeat | undefined,
  heartbeatMs: number,
  nowMs: number,
): readonly Trouble[] => [
  ...(lastRound !== undefined && (lastRound.shortRounds ?? 0) > missedAtMost
    ? [
        {
          cause: { kind: 'watch', what: 'rounds' } as const,
          sinceMs: lastRound.atMs,
          sentence: `Rounds check fewer endpoints than are due, the last one ${lastRound.endpoints} of ${lastRound.due ?? lastRound.endpoints}. Outages are noticed late.`,
        },
      ]
    : []),
  ...(heartbeat !== undefined && nowMs - heartbeat.waitingSinceMs >= (missedAtMost + 1) * heartbeatMs
    ? [
        {
          cause: { kind: 'watch', what: 'queue' } as const,
          sinceMs: heartbeat.waitingSinceMs,
          sentence:
            'The worker answers no messages: commands and alerts wait. Check the worker and the dead-letter queue.',
        },
      ]
    : []),
];

/** Incidents about watch itself that are new or over after this round. */
export const watchIncidents = (
  incidents: readonly Incident[],
  {
    lastRound,
    heartbeat,
    heartbeatMs,
    nowMs,
  }: {
    readonly lastRound: LastRound | undefined;
    readonly heartbeat: Heartbeat | undefined;
    readonly heartbeatMs: number;
    readonly nowMs: number;
  },
): readonly Incident[] => {
  const found = new Map(
    troubles(lastRound, heartbeat, heartbeatMs, nowMs).map((trouble) => [causeKey(trouble.cause), trouble]),
  );
  const open = incidents.filter(({ cause, closedAtMs }) => cause.kind === 'watch' && closedAtMs === undefined);
  const standing = new Set(open.map(({ cause }) => causeKey(cause)));
  const over = open
    .filter(({ cause }) => !found.has(causeKey(cause)))
    .map((incident): Incident => {
      const sentence = 'Watch works as it should again.';
      return {
        ...incident,
        revision: incident.revision + 1,
        closedAtMs: nowMs,
        sentence,
        updates: [...incident.updates, { atMs: nowMs, step: 'resolved', text: sentence }],
      };
    });
  const fresh = [...found]
    .filter(([key]) => !standing.has(key))
    .map(
      ([key, { cause, sinceMs, sentence }]): Incident => ({
        id: `${key}-${sinceMs}`,
        cause,
        openedAtMs: sinceMs,
        raisedAtMs: nowMs,
        revision: 1,
        severity: 'down',
        sentence,
        findings: [],
        members: [],
        updates: [],
      }),
    );
  return [...over, ...fresh];
};
