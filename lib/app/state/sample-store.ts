import * as z from 'zod';
import { retention } from '../../core/limits/limits.ts';
import {
  bucketOf,
  hourOf,
  longestHour,
  type Sample,
  samplesOfHour,
  withSamples,
} from '../../core/watch/health/samples.ts';
import type { StateItem, StateStore } from '../ports/state-store.ts';

const dayMs = 86_400_000;
const keptSeconds = retention.sampleDays * 86_400;

/** An item of DynamoDB holds 400 KB. */
const largestItem = 350_000;

const hourSchema = z.record(z.string(), z.string());

type Named = Sample & { readonly hostname: string };

const collectionOf = (day: string, bucket: string): string => `samples/${day}/${bucket}`;

/** `2026-11-22T14`, then `2026-11-22T14.1` and so on where the hostnames of a bucket are too many for one item. */
const keyOf = (hour: string, part: number): string => (part === 0 ? hour : `${hour}.${part}`);

const contents = (item: StateItem | undefined): Readonly<Record<string, string>> => {
  const parsed = hourSchema.safeParse(item?.value);
  return parsed.success ? parsed.data : {};
};

/** What an hour of this hostname may come to, with its quotes and commas. */
const roomFor = (hostname: string): number => hostname.length + longestHour + 6;

/** Those of `waiting` that go into this item: the ones that are in it, and new ones as long as a full hour of all would fit. */
const takenFrom = (waiting: Iterable<string>, held: Readonly<Record<string, string>>): readonly string[] => {
  let room = largestItem - Object.keys(held).reduce((sum, hostname) => sum + roomFor(hostname), 0);
  return [...waiting].filter((hostname) => {
    if (Object.hasOwn(held, hostname)) return true;
    if (room < roomFor(hostname)) return false;
    room -= roomFor(hostname);
    return true;
  });
};

/** The item that holds an hour of a bucket's hostnames, by hostname as `withSamples` writes it. */
export const hourItem = (
  bucket: string,
  hour: string,
  part: number,
  texts: Readonly<Record<string, string>>,
): StateItem => ({
  collection: collectionOf(hour.slice(0, 10), bucket),
  key: keyOf(hour, part),
  value: texts,
  expiresAt: Date.parse(`${hour}:00:00Z`) / 1000 + keptSeconds,
});

const recordHour = async (
  state: StateStore,
  bucket: string,
  hour: string,
  samples: readonly Named[],
  signal: AbortSignal,
): Promise<void> => {
  const collection = collectionOf(hour.slice(0, 10), bucket);
  const waiting = new Map(Map.groupBy(samples, ({ hostname }) => hostname));
  for (let part = 0; waiting.size > 0; part += 1) {
    const key = keyOf(hour, part);
    const held = contents(await state.get(collection, key, signal));
    const taken = takenFrom(waiting.keys(), held);
    const added = taken.map(
      (hostname) => [hostname, withSamples(hour, held[hostname] ?? '', waiting.get(hostname) ?? [])] as const,
    );
    for (const hostname of taken) waiting.delete(hostname);
    if (added.every(([hostname, text]) => held[hostname] === text)) continue;
    await state.put(hourItem(bucket, hour, part, { ...held, ...Object.fromEntries(added) }), false, signal);
  }
};

/**
 * Records one sample a look. At most 64 items are read and written an hour that the samples touch (more from some 38,000 endpoints on), and what is recorded
 * already is not written again. Two writers at once may lose a sample of each other, and nothing else.
 */
export const recordSamples = async (
  state: StateStore,
  samples: readonly Named[],
  signal: AbortSignal,
): Promise<void> => {
  const byHour = Map.groupBy(samples, ({ hostname, atMs }) => `${bucketOf(hostname)} ${hourOf(atMs)}`);
  await Promise.all(
    [...byHour].map(([bucketAndHour, group]) => {
      const [bucket = '', hour = ''] = bucketAndHour.split(' ');
      return recordHour(state, bucket, hour, group, signal);
    }),
  );
};

/** The samples of one hostname from `fromMs` to before `toMs`, ascending. They are kept for eight days. */
export const readSamples = async (
  state: StateStore,
  hostname: string,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<readonly Sample[]> => {
  const days: string[] = [];
  for (let day = Math.floor(fromMs / dayMs); day * dayMs < toMs; day += 1)
    days.push(new Date(day * dayMs).toISOString().slice(0, 10));
  const bucket = bucketOf(hostname);
  const items = (await Promise.all(days.map((day) => state.list(collectionOf(day, bucket), signal)))).flat();
  return items
    .flatMap((item) => samplesOfHour(item.key.slice(0, 13), contents(item)[hostname] ?? ''))
    .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
    .toSorted((one, other) => one.atMs - other.atMs);
};

/** The samples of a bucket of hostnames on some UTC days, which ascend, by hostname and ascending. */
export const readBucketSamples = async (
  state: StateStore,
  bucket: string,
  days: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Sample[]>> => {
  const byHostname = new Map<string, Sample[]>();
  for (const items of await Promise.all(days.map((day) => state.list(collectionOf(day, bucket), signal))))
    for (const item of items)
      for (const [hostname, text] of Object.entries(contents(item))) {
        const samples = byHostname.get(hostname) ?? [];
        samples.push(...samplesOfHour(item.key.slice(0, 13), text));
        byHostname.set(hostname, samples);
      }
  for (const samples of byHostname.values()) samples.sort((one, other) => one.atMs - other.atMs);
  return byHostname;
};
