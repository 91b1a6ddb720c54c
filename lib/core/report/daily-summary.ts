import * as z from 'zod';
import { spansOf } from '../chart/statistics.ts';
import { endpointStates } from '../watch/health/observation.ts';
import type { Sample } from '../watch/health/samples.ts';

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

const minutes = z.int().min(0);

/**
 * What is kept of one endpoint and one day (UTC) when its samples are gone. An incident is a stretch of failing checks, `down` or `drifted`: it opens with the
 * first of `looks` in a row, and ends with the first check that is neither failing nor inconclusive.
 */
export const dailySummarySchema = z.strictObject({
  /** Minutes in each state; what is missing to 1,440 was not measured. */
  minutes: z.strictObject({
    up: minutes,
    degraded: minutes,
    plaintext: minutes,
    drifted: minutes,
    down: minutes,
    inconclusive: minutes,
  }),
  /** Confirmed on this day. */
  incidents: z.int().min(0),
  /** Of the longest incident, from its beginning, on whatever day, to its end or the end of this day. */
  longestMinutes: minutes,
  /** Incidents that ended on this day, and how long these took from beginning to end. */
  repaired: z.int().min(0),
  repairedMinutes: minutes,
  /** Failing checks at the end of the day: since when, and how many in a row, counted to `looks`. */
  failing: z.strictObject({ sinceMs: z.int(), looks: z.int().min(1) }).exactOptional(),
});
export type DailySummary = z.infer<typeof dailySummarySchema>;

/** The UTC day of a moment, `2026-11-30`. */
export const utcDay = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The UTC day before or after, by so many days. */
export const daysFrom = (day: string, days: number): string => utcDay(Date.parse(`${day}T00:00:00Z`) + days * dayMs);

/**
 * Sums up a day. `samples` ascend, are those of the day and the day before; `before` is the summary of the day before, if there is one. Undefined where nobody
 * looked.
 */
export const dailySummary = (
  day: string,
  samples: readonly Sample[],
  before: Pick<DailySummary, 'failing'> | undefined,
  looks: number,
): DailySummary | undefined => {
  const fromMs = Date.parse(`${day}T00:00:00Z`);
  const toMs = fromMs + dayMs;
  const today = samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  if (today.length === 0) return undefined;
  const spans = spansOf(samples, fromMs, toMs);
  const inState = (state: string): number =>
    Math.round(
      spans.filter((span) => span.state === state).reduce((sum, span) => sum + span.toMs - span.fromMs, 0) / minuteMs,
    );
  let { failing } = before ?? {};
  let [incidents, longestMs, repaired, repairedMs] = [0, 0, 0, 0];
  for (const { atMs, state } of today) {
    if (state === 'inconclusive') continue;
    if (state === 'down' || state === 'drifted') {
      const seen = failing?.looks ?? 0;
      if (seen < looks && seen + 1 >= looks) incidents += 1;
      failing = { sinceMs: failing?.sinceMs ?? atMs, looks: Math.min(looks, seen + 1) };
    } else if (failing !== undefined) {
      if (failing.looks >= looks) {
        repaired += 1;
        repairedMs += atMs - failing.sinceMs;
        longestMs = Math.max(longestMs, atMs - failing.sinceMs);
      }
      failing = undefined;
    }
  }
  if (failing !== undefined && failing.looks >= looks) longestMs = Math.max(longestMs, toMs - failing.sinceMs);
  const [up = 0, degraded = 0, plaintext = 0, drifted = 0, down = 0, inconclusive = 0] = endpointStates.map(inState);
  return {
    minutes: { up, degraded, plaintext, drifted, down, inconclusive },
    incidents,
    longestMinutes: Math.round(longestMs / minuteMs),
    repaired,
    repairedMinutes: Math.round(repairedMs / minuteMs),
    ...(failing === undefined ? {} : { failing }),
  };
};
