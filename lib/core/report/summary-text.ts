import { type DailySummary, dailySummarySchema } from './daily-summary.ts';

/** A summary in few characters, for thousands of them are read for one report. */
export const summaryText = ({
  minutes: { up, degraded, plaintext, drifted, down, inconclusive },
  incidents,
  longestMinutes,
  repaired,
  repairedMinutes,
  failing,
}: DailySummary): string =>
  [
    ...[up, degraded, plaintext, drifted, down, inconclusive, incidents, longestMinutes, repaired, repairedMinutes],
    ...(failing === undefined ? [] : [failing.sinceMs, failing.looks]),
  ].join(' ');

/** Reads what `summaryText` wrote; undefined where it did not. */
export const readSummaryText = (text: string): DailySummary | undefined => {
  const [
    up,
    degraded,
    plaintext,
    drifted,
    down,
    inconclusive,
    incidents,
    longestMinutes,
    repaired,
    repairedMinutes,
    sinceMs,
    looks,
  ] = text.split(' ').map(Number);
  return dailySummarySchema.safeParse({
    minutes: { up, degraded, plaintext, drifted, down, inconclusive },
    incidents,
    longestMinutes,
    repaired,
    repairedMinutes,
    ...(sinceMs === undefined ? {} : { failing: { sinceMs, looks } }),
  }).data;
};
