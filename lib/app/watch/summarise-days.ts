import type { WatchRules } from '../../core/policy/watch-rules.ts';
import { type DailySummary, dailySummary, daysFrom, utcDay } from '../../core/report/daily-summary.ts';
import { bucketNames } from '../../core/watch/health/samples.ts';
import { readBucketSamples } from '../state/sample-store.ts';
import { readSummaries, readSummaryProgress, saveSummaries, saveSummaryProgress } from '../state/summary-store.ts';
import type { WatchPorts } from './watch-ports.ts';

/** After midnight (UTC), until the last round of the day has surely recorded its samples. */
const settledAfterMs = 15 * 60_000;
/** Samples of the oldest such day, and of the day before it, are still kept. */
const daysBack = 6;
/** Of the 64 buckets, so many are summed up in one run: a day is done within four runs. */
const bucketsARun = 16;

/**
 * Sums up the days that are over, the oldest first, a few buckets a run. What a run that died has not noted is summed up again, to the same. A day whose
 * samples are gone by then has no summary.
 */
export const summariseDays = async (
  { state, clock, rules }: Pick<WatchPorts, 'state' | 'clock'> & { readonly rules: Pick<WatchRules, 'down'> },
  signal: AbortSignal,
): Promise<void> => {
  const lastDay = daysFrom(utcDay(clock.now() - settledAfterMs), -1);
  const firstDay = daysFrom(lastDay, 1 - daysBack);
  const noted = await readSummaryProgress(state, signal);
  const { day, bucket } = noted === undefined || noted.day < firstDay ? { day: firstDay, bucket: 0 } : noted;
  if (day > lastDay) return;
  const before = await readSummaries(state, daysFrom(day, -1), signal);
  const due = bucketNames.slice(bucket, bucket + bucketsARun);
  await Promise.all(
    due.map(async (name) => {
      const samples = await readBucketSamples(state, name, [daysFrom(day, -1), day], signal);
      const summaries = new Map<string, DailySummary>();
      for (const [hostname, ofName] of samples) {
        const summary = dailySummary(day, ofName, before.get(hostname), rules.down.looks);
        if (summary !== undefined) summaries.set(hostname, summary);
      }
      await saveSummaries(state, day, name, summaries, signal);
    }),
  );
  const next = bucket + due.length;
  const isDone = next >= bucketNames.length;
  await saveSummaryProgress(state, isDone ? { day: daysFrom(day, 1), bucket: 0 } : { day, bucket: next }, signal);
};
