import * as z from 'zod';
import { budgets, retention } from '../../core/limits/limits.ts';
import { jsonOctets } from '../../core/limits/octets.ts';
import type { DailySummary } from '../../core/report/daily-summary.ts';
import { readSummaryText, summaryText } from '../../core/report/summary-text.ts';
import type { StateItem, StateStore } from '../ports/state-store.ts';
import { collectionOf } from './collection.ts';

const collectionFor = (day: string): string => `summaries/${day}`;
const textsSchema = z.record(z.string(), z.string());
/** The key and the names of attributes. */
const besidesOctets = 1_000;

/** The next bucket whose samples are to be summed up. */
const progressSchema = z.strictObject({ day: z.string(), bucket: z.int().min(0) });
export type SummaryProgress = z.infer<typeof progressSchema>;
const progress = collectionOf('summary-progress', progressSchema);

export const readSummaryProgress = (state: StateStore, signal: AbortSignal): Promise<SummaryProgress | undefined> =>
  progress.read(state, 'next', signal);

export const saveSummaryProgress = (state: StateStore, next: SummaryProgress, signal: AbortSignal): Promise<void> =>
  progress.save(state, 'next', next, signal);

const readItem = ({ value }: StateItem): readonly (readonly [string, DailySummary])[] =>
  Object.entries(textsSchema.safeParse(value).data ?? {}).flatMap(([hostname, text]) => {
    const summary = readSummaryText(text);
    return summary === undefined ? [] : [[hostname, summary] as const];
  });

/** All summaries of a UTC day, by hostname. */
export const readSummaries = async (
  state: StateStore,
  day: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, DailySummary>> =>
  new Map((await state.list(collectionFor(day), signal)).flatMap(readItem));

/** Writes the summaries of a bucket of hostnames and a UTC day, in as many items as they need. The same ones again change nothing. */
export const saveSummaries = async (
  state: StateStore,
  day: string,
  bucket: string,
  summaries: ReadonlyMap<string, DailySummary>,
  signal: AbortSignal,
): Promise<void> => {
  const collection = collectionFor(day);
  const expiresAt = Date.parse(`${day}T00:00:00Z`) / 1000 + retention.summaryDays * 86_400;
  const parts: Record<string, string>[] = [];
  let room = 0;
  for (const [hostname, summary] of summaries) {
    const text = summaryText(summary);
    const octets = jsonOctets(hostname) + jsonOctets(text) + 2;
    if (octets > room) {
      parts.push({});
      room = budgets.stateItem - besidesOctets;
    }
    Object.assign(parts.at(-1) ?? {}, { [hostname]: text });
    room -= octets;
  }
  for (const [part, value] of parts.entries())
    await state.put({ collection, key: part === 0 ? bucket : `${bucket}.${part}`, value, expiresAt }, false, signal);
};
