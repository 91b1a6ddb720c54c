import { type Random, randomOf } from './random.ts';
import type { Sight } from './sights.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const midnightMs = Date.parse('2026-03-02T00:00:00Z');

export type Time = { readonly fromMs: number; readonly toMs: number };

export type SimulatedEndpoint = {
  readonly hostname: string;
  readonly targets: readonly string[];
  readonly port: number;
  /** The target of its standby. */
  readonly standby?: string;
};

/**
 * One cause: something that is wrong with one machine, with one of its ports, or with one name, for a time; the end is excluded. Whatever endpoints suffer
 * from it, it is one.
 */
export type Fault = {
  readonly kind: 'outage' | 'blip' | 'between' | 'flap';
  /** The machine; absent: it is a name. */
  readonly target?: string;
  /** The port of the machine; absent: all. */
  readonly port?: number;
  readonly hostnames: readonly string[];
  readonly sight: Sight;
  /** For a flap: when it is bad; else once, all the time. */
  readonly bad: readonly Time[];
} & Time;

/** Something that strikes all endpoints, or those of some ports; `share` of the looks fail. */
export type Mass = {
  readonly kind: 'resolver' | 'loss' | 'policy';
  readonly share: number;
  readonly sight: Sight;
  readonly ports?: readonly number[];
} & Time;

/** What really happens in a day. The code under test sees none of it but through looks. */
export type Truth = {
  readonly endpoints: readonly SimulatedEndpoint[];
  readonly faults: readonly Fault[];
  readonly masses: readonly Mass[];
  /** Standbys that are dead for a time: nobody is to be alerted. */
  readonly deadStandbys: ReadonlyMap<string, Time>;
  /** While it lasts, Slack takes nothing. */
  readonly slackOutage: Time;
  readonly greylisting: ReadonlySet<string>;
  /** Servers that now and then say 421. */
  readonly busy: ReadonlySet<string>;
  /** When certificates end, and when they are renewed. */
  readonly certificates: ReadonlyMap<string, { readonly expiresAtMs: number; readonly renewedAtMs: number }>;
};

/** What the generator has to know of the rules: an incident is an outage of N intervals or more. */
export type Terms = { readonly intervalMs: number; readonly looks: number };

/** Two faults of one endpoint are so far apart that they are two incidents by anybody's reckoning. */
const apartMs = 130 * minuteMs;
const ports = [25, 587, 465];
/** Endpoints with facts of their own, each on a machine of its own that never fails. */
const special = 3;

const phases = (random: Random, fromMs: number, toMs: number, longestMs: number): Fault['bad'] => {
  const bad: Time[] = [];
  let atMs = fromMs;
  while (atMs < toMs) {
    const untilMs = Math.min(toMs, atMs + random.between(0.15, 0.85) * longestMs);
    bad.push({ fromMs: atMs, toMs: untilMs });
    atMs = untilMs + random.between(0.15, 0.85) * longestMs;
  }
  return bad;
};

const massesOf = (random: Random, endpoints: number): readonly Mass[] => {
  const resolverMs = midnightMs + random.between(3, 6) * hourMs;
  const policyMs = midnightMs + random.between(8.5, 11) * hourMs;
  const lossMs = midnightMs + random.between(14, 19) * hourMs;
  return endpoints < 2
    ? []
    : [
        {
          kind: 'resolver',
          fromMs: resolverMs,
          toMs: resolverMs + random.between(12, 40) * minuteMs,
          share: 1,
          sight: 'servfail',
        },
        { kind: 'policy', fromMs: policyMs, toMs: policyMs + hourMs, share: 1, sight: 'outside', ports: [587, 465] },
        { kind: 'loss', fromMs: lossMs, toMs: lossMs + 10 * minuteMs, share: 0.6, sight: 'dropping' },
      ];
};

const endpointsOf = (count: number, targets: number): readonly SimulatedEndpoint[] => {
  const machine = (index: number): string => `10.0.${4 + Math.floor(index / 20)}.${10 + (index % 20)}`;
  const shared = targets - special;
  return Array.from({ length: count }, (_, index): SimulatedEndpoint => {
    const hostname = `mx${String(index + 1).padStart(3, '0')}.corp.internal`;
    if (index < special) return { hostname, targets: [machine(shared + index)], port: 25 };
    const first = index % shared;
    const second = index % 10 === 3 ? [machine((first + 7) % shared)] : [];
    return {
      hostname,
      targets: [machine(first), ...second],
      port: ports[Math.floor(index / shared) % ports.length] ?? 25,
      ...(index % 2 === 0 ? { standby: `10.9.0.${index % 200}` } : {}),
    };
  });
};

/** Makes up a day by its seed. */
export const truthOf = (seed: number, count: number, machines: number, { intervalMs, looks }: Terms): Truth => {
  const random = randomOf(seed);
  const endpoints = endpointsOf(count, machines);
  const [greylister, expiring, renewed] = endpoints.map(({ hostname }) => hostname);
  const others = endpoints.slice(special);
  const targets = [...new Set(others.flatMap((endpoint) => endpoint.targets))];
  const faults: Fault[] = [];

  type Struck = Pick<Fault, 'target' | 'port' | 'hostnames' | 'sight'>;
  const at = (target: string, port?: number): readonly string[] =>
    others
      .filter((one) => one.targets.includes(target) && (port === undefined || one.port === port))
      .map(({ hostname }) => hostname);
  /** A machine, one of its ports, or a name. */
  const struck = (): Struck => {
    const what = random.next();
    const target = random.pick(targets);
    if (what < 0.4) return { target, hostnames: at(target), sight: random.pick(['refused', 'dropping'] as const) };
    if (what < 0.7) {
      const port = random.pick(ports);
      // In plaintext only those are seen that Postal settles at.
      const sight = random.pick(['banner', 'refused', 'plaintext'] as const);
      const hostnames = at(target, port).filter(
        (hostname) =>
          sight !== 'plaintext' || others.some((one) => one.hostname === hostname && one.targets.length === 1),
      );
      return { target, port, hostnames, sight };
    }
    return { hostnames: [random.pick(others).hostname], sight: 'nxdomain' };
  };
  const collides = ({ hostnames, target }: Struck, { fromMs, toMs }: Time): boolean =>
    faults.some(
      (other) =>
        fromMs < other.toMs + apartMs &&
        other.fromMs < toMs + apartMs &&
        ((target !== undefined && target === other.target) ||
          hostnames.some((hostname) => other.hostnames.includes(hostname))),
    );
  const enter = (kind: Fault['kind'], what: Struck, { fromMs, toMs }: Time): void => {
    const bad = kind === 'flap' ? phases(random, fromMs, toMs, looks * intervalMs) : [{ fromMs, toMs }];
    faults.push({ kind, ...what, fromMs, toMs, bad });
  };
  const add = (kind: Fault['kind'], lastsMs: number): void => {
    for (let tries = 0; tries < 200; tries += 1) {
      const what = struck();
      const fromMs = Math.floor(midnightMs + random.between(1, 22) * hourMs);
      const toMs = Math.min(Math.ceil(fromMs + lastsMs), midnightMs + 23 * hourMs);
      if (what.hostnames.length === 0 || toMs - fromMs < lastsMs || collides(what, { fromMs, toMs })) continue;
      enter(kind, kind === 'flap' && what.sight === 'plaintext' ? { ...what, sight: 'banner' } : what, {
        fromMs,
        toMs,
      });
      return;
    }
  };
  /** Two machines that die in one minute, and are two causes: no endpoint has both for targets. */
  const addPair = (): void => {
    for (let tries = 0; tries < 200; tries += 1) {
      const fromMs = Math.floor(midnightMs + random.between(1, 21) * hourMs);
      const [one, other] = [random.pick(targets), random.pick(targets)].map((target) => ({
        target,
        hostnames: at(target),
        sight: 'refused' as const,
      }));
      if (one === undefined || other === undefined) return;
      const time = { fromMs, toMs: fromMs + 40 * minuteMs };
      const apart =
        one.target !== other.target && !one.hostnames.some((hostname) => other.hostnames.includes(hostname));
      if (!apart || collides(one, time) || collides(other, time)) continue;
      enter('outage', one, time);
      enter('outage', other, { fromMs: fromMs + 30_000, toMs: time.toMs + 5 * minuteMs });
      return;
    }
  };
  const scale = count / 500;
  const some = (wanted: number): number => Math.max(1, Math.round(wanted * scale));
  for (let index = 0; index < some(2); index += 1) addPair();
  for (let index = 0; index < some(10); index += 1) add('outage', random.between(1, 3) * looks * intervalMs);
  for (let index = 0; index < some(3); index += 1) add('outage', looks * intervalMs);
  for (let index = 0; index < some(5); index += 1) add('outage', random.between(1, 5) * hourMs);
  for (let index = 0; index < some(6); index += 1) add('flap', random.between(40, 150) * minuteMs);
  for (let index = 0; index < some(60); index += 1) add('blip', random.between(0.02, 0.75) * (looks - 1) * intervalMs);
  for (let index = 0; index < some(10); index += 1)
    add('between', random.between(0.75 * (looks - 1), looks) * intervalMs);
  const standbys = others.flatMap(({ standby }) => (standby === undefined ? [] : [standby]));
  const slackMs = midnightMs + random.between(11.5, 20) * hourMs;
  return {
    endpoints,
    faults,
    masses: massesOf(random, count),
    deadStandbys: new Map(
      standbys.slice(0, some(20)).map((standby) => {
        const fromMs = midnightMs + random.between(1, 18) * hourMs;
        return [standby, { fromMs, toMs: fromMs + random.between(0.5, 4) * hourMs }];
      }),
    ),
    slackOutage: { fromMs: slackMs, toMs: slackMs + 2 * hourMs },
    greylisting: new Set(greylister === undefined ? [] : [greylister]),
    busy: new Set(others.slice(0, some(10)).map(({ hostname }) => hostname)),
    certificates: new Map([
      [expiring ?? '', { expiresAtMs: midnightMs + 15 * hourMs, renewedAtMs: Infinity }],
      [renewed ?? '', { expiresAtMs: midnightMs + 7 * dayMs + 3 * hourMs, renewedAtMs: midnightMs + 18 * hourMs }],
    ]),
  };
};
