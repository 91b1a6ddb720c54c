import type { Clock } from '../../core/base/clock.ts';
import { concurrently } from '../../core/base/concurrently.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import { targetTexts } from '../../core/endpoint/targets.ts';
import { longestPatienceMs } from '../../core/probe-report/patience.ts';
import type { BatchProber, ProbeRequest, ProbeResult } from '../../core/probe-report/report.ts';
import { lanesOf, type Shard } from '../../core/watch/shards.ts';
import { probeFailed, recordTypesOf } from './probe-endpoint.ts';

/** As many invocations at once as the resolver of the VPC bears (`dnsPace` of the prober). */
const mostLanesAtOnce = 8;
const longestProbeMs = 40_000;
/** The prober's start, and the way there and back. */
const invocationMs = 5_000;
/** With less than this left no invocation is begun: it could not tell a slow server from none. */
const shortestProbeMs = 15_000;
/** With less than this left no server is waited for as long as Postal would. */
const patientProbeMs = longestPatienceMs + invocationMs;

/** An endpoint to probe: where its name leads, or `at` other targets as if the name led there. */
export type Aim = { readonly definition: Definition; readonly at?: Targets };

/** What one look brought. `waitedMs`: how long each silence was waited for, where that was as long as Postal waits, or as fits. */
export type ProbedEndpoint = Aim & {
  readonly atMs: number;
  readonly result: ProbeResult;
  readonly waitedMs?: number;
};

/** Who probes; and how many at most in one invocation, where it is to be fewer than it takes. With patience for servers that are slow, where it is said. */
export type ProbingPorts = {
  readonly prober: BatchProber;
  readonly clock: Pick<Clock, 'now'>;
  readonly shardSize?: number;
  /** Invocations at once, where it is to be fewer than a run of watch may have. */
  readonly lanesAtOnce?: number;
  readonly patience?: ProbeRequest['patience'];
};

const requestOf = (
  { definition: { hostname, targets, port, sslMode }, at }: Aim,
  deadlineMs: number,
  patience: ProbeRequest['patience'],
): ProbeRequest => ({
  requestId: `watch ${hostname}`,
  hostname,
  port,
  sslMode,
  recordTypes: recordTypesOf(at ?? targets),
  ...(at === undefined ? {} : { targets: targetTexts(at) }),
  deadlineMs,
  ...(patience === undefined ? {} : { patience }),
});

/** Tells the aims of one list apart. */
export const aimKey = ({ definition: { hostname }, at }: Aim): string =>
  at === undefined ? hostname : `${hostname} ${targetTexts(at).join(' ')}`;

/**
 * Has these endpoints probed, up to a hundred an invocation, no target in two invocations at once. What the deadline leaves no time for is not among the
 * results: it is looked at in the next run.
 */
export const probeEndpoints = async (
  { prober, clock, shardSize, lanesAtOnce = mostLanesAtOnce, patience }: ProbingPorts,
  aims: readonly Aim[],
  deadline: Deadline,
): Promise<readonly ProbedEndpoint[]> => {
  const byKey = new Map<string, Aim>(aims.map((aim) => [aimKey(aim), aim]));
  const lanes = lanesOf(
    [...byKey].map(([key, { definition, at }]) => ({ key, targets: targetTexts(at ?? definition.targets) })),
    shardSize,
  );
  const looked: ProbedEndpoint[] = [];

  const probeShard = async (shard: Shard): Promise<void> => {
    const atMs = clock.now();
    const deadlineMs = Math.min(longestProbeMs, deadline.atMs - atMs - invocationMs);
    if (deadlineMs < (patience === undefined ? shortestProbeMs : patientProbeMs) || deadline.signal.aborted) return;
    const asked = shard.flatMap((key) => byKey.get(key) ?? []);
    const requests = asked.map((aim) => requestOf(aim, deadlineMs, patience));
    const results = await prober
      .probeMany(requests, deadline.signal)
      .catch((error: unknown) => requests.map(() => probeFailed(error)));
    for (const [index, aim] of asked.entries()) {
      const result = results[index];
      if (result !== undefined) looked.push({ ...aim, atMs, result });
    }
  };
  await concurrently(lanes, lanesAtOnce, async (lane) => {
    for (const shard of lane) await probeShard(shard);
  });
  return looked;
};
