import type { Registered } from '../endpoint/registered.ts';
import type { Policy } from '../policy/policy.ts';
import { insideRanges } from '../policy/ranges.ts';
import type { Health } from './health/health.ts';
import { namesText } from './incident/incident-of-group.ts';
import type { Heartbeat, LastRound } from './incident/rounds.ts';

/** Watch runs every minute; after this long without a round it has stopped, not just been delayed. */
const silentAfterMs = 10 * 60_000;
/** A heartbeat is sent every five minutes: one that was not answered by the next is missed. */
export const heartbeatMissedAfterMs = 6 * 60_000;

/** Something that keeps watch from seeing what it should see. */
export type SightFault = {
  readonly kind: 'policy' | 'resolver' | 'prober' | 'rounds' | 'queue' | 'silent';
  /** What is wrong, and what to do, a sentence or two each. */
  readonly text: string;
  readonly remedy: string;
  /** The endpoints that cannot be seen; empty where it is all of them. */
  readonly hostnames: readonly string[];
};

export type SightInput = {
  readonly registered: readonly Registered[];
  readonly healths: ReadonlyMap<string, Health>;
  readonly policy: Pick<Policy, 'ports' | 'cidrs'>;
  readonly lastRound: LastRound | undefined;
  readonly heartbeat: Heartbeat | undefined;
  readonly nowMs: number;
};

/** Whether the prober may connect to an endpoint at all, as far as its definition tells. */
const isCovered = ({ definition: { port, targets } }: Registered, { ports, cidrs }: SightInput['policy']): boolean =>
  ports.includes(port) &&
  (targets.kind === 'cname' || targets.addresses.every((address) => insideRanges(address, cidrs)));

const endpoints = (count: number): string => `${count} ${count === 1 ? 'endpoint' : 'endpoints'}`;

const remedies = {
  policy: 'Add their ports and ranges to policy.json, or update the endpoints.',
  resolver: 'Check the resolver and the network path to it.',
  prober: 'Check the prober’s log.',
} as const;

const blindFaults = ({ registered, healths, policy }: SightInput): readonly SightFault[] => {
  const blind: Record<keyof typeof remedies, string[]> = { policy: [], resolver: [], prober: [] };
  for (const one of registered) {
    const { hostname } = one.definition;
    const cause = isCovered(one, policy) ? healths.get(hostname)?.blind?.cause : 'policy';
    if (cause !== undefined) blind[cause].push(hostname);
  }
  const reasons = {
    policy: 'the policy does not allow their port or address',
    resolver: 'the resolver fails',
    prober: 'the prober fails',
  } as const;
  return (['policy', 'resolver', 'prober'] as const).flatMap((kind): SightFault[] => {
    const hostnames = blind[kind];
    if (hostnames.length === 0) return [];
    const text = `${endpoints(hostnames.length)} of ${registered.length} cannot be checked: ${reasons[kind]}. ${namesText(hostnames)}`;
    return [{ kind, text, remedy: remedies[kind], hostnames }];
  });
};

const roundFaults = ({ lastRound, nowMs }: SightInput): readonly SightFault[] => {
  if (lastRound === undefined) return [];
  const { atMs, endpoints: looked, due = looked } = lastRound;
  const minutes = Math.round((nowMs - atMs) / 60_000);
  if (nowMs - atMs > silentAfterMs)
    return [
      {
        kind: 'silent',
        text: `Watch has not finished a round for ${minutes} min`,
        remedy: 'Check the schedule and watch’s log: until it runs again, nobody is notified of an outage.',
        hostnames: [],
      },
    ];
  return looked >= due
    ? []
    : [
        {
          kind: 'rounds',
          text: `The last round of watch checked ${looked} of ${endpoints(due)} that were due`,
          remedy: 'Check watch’s log and duration, and how busy the prober is.',
          hostnames: [],
        },
      ];
};

const queueFaults = ({ heartbeat, nowMs }: SightInput): readonly SightFault[] => {
  const waitedMs = heartbeat === undefined ? 0 : nowMs - heartbeat.waitingSinceMs;
  return waitedMs <= heartbeatMissedAfterMs
    ? []
    : [
        {
          kind: 'queue',
          text: `The queue has made no progress for ${Math.round(waitedMs / 60_000)} min`,
          remedy: 'Check the worker’s log and the dead-letter queue: nothing is sent until it works again.',
          hostnames: [],
        },
      ];
};

/** Everything that keeps watch from seeing, right now: no time passes before it is shown. */
export const sightFaults = (input: SightInput): readonly SightFault[] => [
  ...roundFaults(input),
  ...queueFaults(input),
  ...blindFaults(input),
];
