import { sslModes } from '../../core/endpoint/definition.ts';
import { addressOf, type MailServer, type PostalData } from './data.ts';
import { dueMs } from './dequeue.ts';
import type { Pace } from './pace.ts';
import type { PanelQueue, PostalPanelState } from './panel-protocol.ts';

const deliveriesShown = 10;

const queueOf = ({ queue, endpoints }: PostalData, pace: Pace): readonly PanelQueue[] =>
  [...Map.groupBy(queue, ({ endpointId }) => endpointId)].map(([endpointId, messages]) => {
    return {
      endpointId,
      endpointName: endpoints.find(({ id }) => id === endpointId)?.name ?? 'a deleted endpoint',
      count: messages.length,
      oldestAtMs: Math.min(...messages.map(({ atMs }) => atMs)),
      attempts: Math.max(...messages.map(({ attempts }) => attempts)),
      nextAtMs: Math.min(...messages.map((message) => dueMs(message, pace))),
    };
  });

/** What the page shows of the local Postal. */
export const panelState = (data: PostalData, servers: readonly MailServer[], pace: Pace): PostalPanelState => ({
  servers: servers.map(({ id, name, mode, domain }) => ({ id, name, mode, domain })),
  sslModes,
  endpoints: data.endpoints.map(({ id, serverId, name, hostname, port, sslMode }) => ({
    id,
    serverId,
    name,
    hostname,
    port,
    sslMode,
  })),
  routes: data.routes.map((route) => ({
    id: route.id,
    address: addressOf(route, servers),
    endpointId: route.endpointId,
  })),
  queue: queueOf(data, pace),
  deliveries: data.deliveries
    .slice(-deliveriesShown)
    .map(({ id, recipient, status, details, output, atMs }) => ({ id, recipient, status, details, output, atMs }))
    .toReversed(),
  timesFaster: pace.timesFaster,
});
