import type { EndpointState } from '../../../lib/core/watch/health/observation.ts';
import type { Sample } from '../../../lib/core/watch/health/samples.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** When the sample week ends. */
export const nowMs = Date.parse('2026-03-22T14:32:10.000Z');

/** Numbers from 0 to 1 that are the same every time. */
const numbers = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
};

type Trouble = {
  readonly fromHoursAgo: number;
  readonly toHoursAgo: number;
  readonly state: EndpointState | 'unmeasured';
};

const troubles: readonly Trouble[] = [
  { fromHoursAgo: 0.5, toHoursAgo: 0.25, state: 'down' },
  { fromHoursAgo: 6, toHoursAgo: 4.5, state: 'degraded' },
  { fromHoursAgo: 10, toHoursAgo: 9.75, state: 'inconclusive' },
  { fromHoursAgo: 13, toHoursAgo: 11, state: 'unmeasured' },
  { fromHoursAgo: 40, toHoursAgo: 39, state: 'down' },
  { fromHoursAgo: 70, toHoursAgo: 64, state: 'drifted' },
  { fromHoursAgo: 90, toHoursAgo: 80, state: 'plaintext' },
  { fromHoursAgo: 120, toHoursAgo: 114, state: 'unmeasured' },
];

/** A week of looks every five minutes: mostly up, with every kind of trouble, busier by day, and spikes. */
export const sampleWeek = (): readonly Sample[] => {
  const next = numbers(7);
  const samples: Sample[] = [];
  for (let agoMs = 7 * 24 * hourMs; agoMs > 0; agoMs -= 5 * minuteMs) {
    const atMs = Math.floor((nowMs - agoMs) / minuteMs) * minuteMs;
    const hoursAgo = agoMs / hourMs;
    const state =
      troubles.find(({ fromHoursAgo, toHoursAgo }) => hoursAgo <= fromHoursAgo && hoursAgo > toHoursAgo)?.state ?? 'up';
    const byDay = 1 + 0.5 * Math.sin(((atMs % (24 * hourMs)) / (24 * hourMs)) * 2 * Math.PI - Math.PI / 2);
    const spike = hoursAgo < 16.2 && hoursAgo > 16 ? 2_300 : next() > 0.97 ? 60 + 60 * next() : 0;
    const latencyMs = Math.round(22 * byDay + 14 * next() + spike + (state === 'degraded' ? 45 : 0));
    if (state === 'unmeasured') continue;
    samples.push(state === 'down' || state === 'inconclusive' ? { atMs, state } : { atMs, state, latencyMs });
  }
  return samples;
};
