import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';

/** Two moments in milliseconds of the machine's monotonic clock, which all of its processes share. */
export type Interval = readonly [fromMs: number, toMs: number];

/** A request, from when to when it was open, and what was asked for: the operation of an AWS service, else the path. */
export type OpenRequest = { readonly interval: Interval; readonly what: string };

export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

const whatOf = ({ headers, url = '' }: IncomingMessage): string => String(headers['x-amz-target'] ?? url.split('?')[0]);

/** A poll of a queue is open while there is nothing to do. */
const isPoll = (what: string): boolean => what.endsWith('.ReceiveMessage');

const started = z.object({ request: z.custom<IncomingMessage>(), response: z.custom<ServerResponse>() });

/** Notes, from now on, every request that a server of this process answers, but for polls. `take` gives those that have ended since it was called last. */
export const noteOpenRequests = (): { take(): readonly OpenRequest[]; stop(): void } => {
  let ended: OpenRequest[] = [];
  const onStart = (message: unknown): void => {
    const { request, response } = started.parse(message);
    const what = whatOf(request);
    if (isPoll(what)) return;
    const fromMs = monotonicMs();
    response.once('close', () => void ended.push({ interval: [fromMs, monotonicMs()], what }));
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
