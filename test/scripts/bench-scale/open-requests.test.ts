import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { listenOnLoopback } from '../../../lib/local/loopback-server.ts';
import { monotonicMs, noteOpenRequests, openWithin } from '../../../scripts/bench-scale/open-requests.ts';

it.each([
  ['nothing was open', [], 0],
  ['one request in the middle', [[110, 120]], 10],
  [
    'two that overlap count once',
    [
      [110, 130],
      [120, 140],
    ],
    30,
  ],
  [
    'one within another counts once',
    [
      [110, 140],
      [115, 120],
    ],
    30,
  ],
  [
    'two apart, not in order',
    [
      [150, 160],
      [110, 120],
    ],
    20,
  ],
  [
    'what was open before and after counts in between alone',
    [
      [50, 110],
      [190, 300],
    ],
    20,
  ],
  [
    'what was over before, and what came after',
    [
      [50, 100],
      [200, 300],
    ],
    0,
  ],
] as const)('%s', (_, intervals, openMs) => {
  expect(openWithin(intervals, [100, 200])).toBe(openMs);
});

it('notes each request that this process answers, from its arrival to its end, but no poll of a queue', async () => {
  const server = createServer((request, response) => {
    setTimeout(() => response.end('done'), request.url === '/slow' ? 60 : 0);
  });
  const port = await listenOnLoopback(server, 0);
  const open = noteOpenRequests();
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<void> =>
    void (await (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).text());
  try {
    const fromMs = monotonicMs();
    await Promise.all([ask('/slow'), ask('/fast'), ask('/poll', { 'x-amz-target': 'AmazonSQS.ReceiveMessage' })]);
    // The last end may be noted after its answer has arrived.
    const taken = [...open.take()];
    await expect.poll(() => taken.push(...open.take())).toBe(2);
    const toMs = monotonicMs();
    expect(taken.map(({ what }) => what).toSorted()).toEqual(['/fast', '/slow']);
    const intervals = taken.map(({ interval }) => interval);
    expect(Math.max(...intervals.map(([from, to]) => to - from))).toBeGreaterThan(50);
    expect(intervals.every(([from, to]) => fromMs <= from && from <= to && to <= toMs)).toBe(true);
  } finally {
    open.stop();
    server.closeAllConnections();
    server.close();
  }
});
