import { type Random, randomOf } from './random.ts';
import type { Sight } from './sights.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const midnightMs = Date.parse('2026-03-02T00:00:00Z');

/** Something that is wrong with one endpoint for a time; the end is excluded. */
export type Fault = {
  readonly hostname: string;
  readonly kind: 'outage' | 'blip' | 'between' | 'flap';
  readonly fromMs: number;
  readonly toMs: number;
  readonly sight: Sight;
  /** For a flap: when it is bad; else once, all the time. */
  readonly bad: readonly { readonly fromMs: number; readonly toMs: number }[];
};

/** Something that strikes all endpoints; `share` of the looks fail. */
export type Mass = {
  readonly kind: 'resolver' | 'loss';
  readonly fromMs: number;
  readonly toMs: number;
  readonly share: number;
  readonly sight: Sight;
};

/** What really happens in a day. The code under test sees none of it but through looks. */
export type Truth = {
  readonly hostnames: readonly string[];
  readonly faults: readonly Fault[];
  readonly masses: readonly Mass[];
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
const badSights: readonly Sight[] = ['refused', 'dropping', 'nxdomain', 'banner', 'degraded', 'plaintext'];

const phases = (random: Random, fromMs: number, toMs: number, longestMs: number): Fault['bad'] => {
  const bad: { fromMs: number; toMs: number }[] = [];
  let atMs = fromMs;
  while (atMs < toMs) {
    const untilMs = Math.min(toMs, atMs + random.between(0.15, 0.85) * longestMs);
    bad.push({ fromMs: atMs, toMs: untilMs });
    atMs = untilMs + random.between(0.15, 0.85) * longestMs;
  }
  return bad;
};

const massesOf = (random: Random, endpoints: number): readonly Mass[] => {
  const resolverMs = midnightMs + random.between(3, 10) * hourMs;
  const lossMs = midnightMs + random.between(13, 19) * hourMs;
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
        { kind: 'loss', fromMs: lossMs, toMs: lossMs + 10 * minuteMs, share: 0.6, sight: 'dropping' },
      ];
};

/** Makes up a day by its seed. */
export const truthOf = (seed: number, endpoints: number, { intervalMs, looks }: Terms): Truth => {
  const random = randomOf(seed);
  const hostnames = Array.from(
    { length: endpoints },
    (_, index) => `mx${String(index + 1).padStart(3, '0')}.corp.internal`,
  );
  const [greylister = '', expiring = '', renewed = '', ...others] = hostnames;
  const faults: Fault[] = [];
  const add = (kind: Fault['kind'], lastsMs: number): void => {
    for (let tries = 0; tries < 100; tries += 1) {
      const hostname = random.pick(others);
      const fromMs = Math.floor(midnightMs + random.between(1, 22) * hourMs);
      const toMs = Math.min(Math.ceil(fromMs + lastsMs), midnightMs + 23 * hourMs);
      const collides = faults.some(
        (other) => other.hostname === hostname && fromMs < other.toMs + apartMs && other.fromMs < toMs + apartMs,
      );
      if (collides || toMs - fromMs < lastsMs) continue;
      const bad = kind === 'flap' ? phases(random, fromMs, toMs, looks * intervalMs) : [{ fromMs, toMs }];
      faults.push({ hostname, kind, fromMs, toMs, sight: kind === 'flap' ? 'refused' : random.pick(badSights), bad });
      return;
    }
  };
  const scale = endpoints / 500;
  const some = (count: number): number => Math.max(1, Math.round(count * scale));
  for (let index = 0; index < some(10); index += 1) add('outage', random.between(1, 3) * looks * intervalMs);
  for (let index = 0; index < some(3); index += 1) add('outage', looks * intervalMs);
  for (let index = 0; index < some(5); index += 1) add('outage', random.between(1, 6) * hourMs);
  for (let index = 0; index < some(6); index += 1) add('flap', random.between(40, 150) * minuteMs);
  for (let index = 0; index < some(80); index += 1) add('blip', random.between(0.02, 0.75) * (looks - 1) * intervalMs);
  for (let index = 0; index < some(10); index += 1)
    add('between', random.between(0.75 * (looks - 1), looks) * intervalMs);
  return {
    hostnames,
    faults,
    masses: massesOf(random, endpoints),
    greylisting: new Set([greylister]),
    busy: new Set(others.slice(0, some(10))),
    certificates: new Map([
      [expiring, { expiresAtMs: midnightMs + 15 * hourMs, renewedAtMs: Infinity }],
      [renewed, { expiresAtMs: midnightMs + 7 * dayMs + 3 * hourMs, renewedAtMs: midnightMs + 18 * hourMs }],
    ]),
  };
};
