import { expect, it } from 'vitest';
import { waitingByEndpoint } from '../../../../lib/core/postal/audit/waiting.ts';

const route = { serverId: 1, address: 'a@b', additionalEndpointIds: [] };
const routes = [
  { ...route, id: 8, mode: 'Endpoint', isSmtp: true, endpointId: 3 },
  { ...route, id: 9, mode: 'Reject', isSmtp: true, endpointId: 3 },
  { ...route, id: 10, mode: 'Endpoint', isSmtp: false, endpointId: 3 },
];
const group = (batchKey: string, count: number, more = {}) => ({
  batchKey,
  count,
  tried: 0,
  oldestAtMs: 1000,
  maxAttempts: 0,
  ...more,
});

it('adds up what waits by the endpoint of the batch, or of the route now', () => {
  const queue = [
    group('incoming-rt:8-ep:3-SMTPEndpoint', 2, { tried: 1, oldestAtMs: 500, maxAttempts: 4 }),
    group('incoming-rt:7-ep:3-SMTPEndpoint', 1),
    group('incoming-rt:8-ep:-', 4, { maxAttempts: 7, tried: 4 }),
    group('incoming-rt:9-ep:-', 8),
    group('incoming-rt:10-ep:-', 16),
    group('incoming-rt:8-ep:3-HTTPEndpoint', 32),
    group('outgoing-3', 64),
    group('incoming-rt:8-ep:4-SMTPEndpoint', 128),
  ];
  expect(waitingByEndpoint(queue, routes)).toEqual(
    new Map([
      [3, { count: 7, tried: 5, oldestAtMs: 500, maxAttempts: 7 }],
      [4, { count: 128, tried: 0, oldestAtMs: 1000, maxAttempts: 0 }],
    ]),
  );
});
