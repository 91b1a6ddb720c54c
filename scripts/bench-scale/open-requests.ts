import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';

/** From when to when a request was open, in milliseconds of the machine's monotonic clock, which all of its processes share. */
export type Interval = readonly [fromMs: number, toMs: number];

export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** A poll of a queue is open while there is nothing to do. */
const isPoll = ({ headers }: IncomingMessage): boolean =>
  String(headers['x-amz-target'] ?? '').endsWith('.ReceiveMessage');

const started = z.object({ request: z.custom<IncomingMessage>(), response: z.custom<ServerResponse>() });

/** Notes, from now on, every request that a server of this process answers, but for polls. `take` gives those that have ended since it was called last. */
export const noteOpenRequests = (): { take(): readonly Interval[]; stop(): void } => {
  let ended: Interval[] = [];
  const onStart = (message: unknown): void => {
    const { request, response } = started.parse(message);
    if (isPoll(request)) return;
    const fromMs = monotonicMs();
    response.once('close', () => void ended.push([fromMs, monotonicMs()]));
  };
  subscribe('http.server.request.start', onStart);
  return {
    take: () => {
      const taken = ended;
      ended = [];
      return taken;
    },
    stop: () => void unsubscribe('http.server.request.start', onStart),
  };
};

/** For how long, between two moments, at least one of the intervals was open. */
export const openWithin = (intervals: readonly Interval[], [fromMs, toMs]: Interval): number => {
  let [openMs, until] = [0, fromMs];
  for (const [from, to] of intervals.toSorted(([one], [other]) => one - other)) {
    const [begin, end] = [Math.max(from, until), Math.min(to, toMs)];
    if (end <= begin) continue;
    openMs += end - begin;
    until = end;
  }
  return openMs;
};
