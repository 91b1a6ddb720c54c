import { createHash } from 'node:crypto';
import type { EndpointState, Observation } from './observation.ts';

/** What is kept of one look for eight days, to the minute: enough to draw and to count. */
export type Sample = Pick<Observation, 'atMs' | 'state' | 'latencyMs'>;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const buckets = 64;
const longestLatencyMs = 99_999;

const letters = {
  up: 'u',
  degraded: 'g',
  plaintext: 'p',
  drifted: 'f',
  down: 'd',
  inconclusive: 'i',
} as const satisfies Record<EndpointState, string>;

const stateOf = (letter: string | undefined): EndpointState | undefined => {
  for (const state of ['up', 'degraded', 'plaintext', 'drifted', 'down', 'inconclusive'] as const)
    if (letters[state] === letter) return state;
  return undefined;
};

/** The most characters that an hour of one endpoint can take: sixty minutes of two digits, a letter, five digits and a space. */
export const longestHour = 60 * 9;

/** Of the groups of hostnames that `bucketOf` gives. */
export const bucketNames: readonly string[] = Array.from({ length: buckets }, (_, index) =>
  String(index).padStart(2, '0'),
);

/** The hour that holds this moment, in UTC: `2026-11-22T14`. */
export const hourOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 13);

/** One of 64 groups of hostnames, `00` to `63`, so that a round of any size writes few items. */
export const bucketOf = (hostname: string): string => {
  const [octet = 0] = createHash('sha256').update(hostname).digest();
  return String(octet % buckets).padStart(2, '0');
};

const minuteOf = (atMs: number): number => Math.floor((atMs % hourMs) / minuteMs);

/** Reads what `withSamples` wrote of the hour: `05u38 10d`, ascending, to the minute. What it cannot read it leaves out. */
export const samplesOfHour = (hour: string, text: string): readonly Sample[] => {
  const startMs = Date.parse(`${hour}:00:00Z`);
  return text.split(' ').flatMap((token): Sample[] => {
    const [, minute, letter, latency] = /^([0-5]\d)([a-z])(\d{1,5})?$/.exec(token) ?? [];
    const state = stateOf(letter);
    if (minute === undefined || state === undefined || Number.isNaN(startMs)) return [];
    return [
      {
        atMs: startMs + Number(minute) * minuteMs,
        state,
        ...(latency === undefined ? {} : { latencyMs: Number(latency) }),
      },
    ];
  });
};

/** Adds samples to an hour of one endpoint. The last sample of each minute is kept, so a repeat changes nothing. */
export const withSamples = (hour: string, text: string, samples: readonly Sample[]): string => {
  const byMinute = new Map(
    [...samplesOfHour(hour, text), ...samples].map((sample) => [minuteOf(sample.atMs), sample] as const),
  );
  return [...byMinute]
    .toSorted(([one], [other]) => one - other)
    .map(([minute, { state, latencyMs }]) => {
      const latency = latencyMs === undefined ? '' : Math.min(longestLatencyMs, Math.max(0, Math.round(latencyMs)));
      return `${String(minute).padStart(2, '0')}${letters[state]}${latency}`;
    })
    .join(' ');
};
