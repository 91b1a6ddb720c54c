import { DeliveryTally } from '../../core/postal/audit/delivery-tally.ts';
import type { QueueGroup, Snapshot } from '../../core/postal/audit/snapshot.ts';
import { addressOf, type MailServer, type PostalData } from './data.ts';

/** What `schema_migrations` says from 3.2 on. */
const postalSchema = '20240311205229';

const queueGroups = (queue: PostalData['queue']): readonly QueueGroup[] => {
  const byKey = Map.groupBy(
    queue,
    ({ routeId, endpointId }) =>
      `incoming-rt:${routeId}-ep:${endpointId === null ? '-' : `${endpointId}-SMTPEndpoint`}`,
  );
  return [...byKey].map(([batchKey, messages]) => ({
    batchKey,
    count: messages.length,
    tried: messages.filter(({ attempts }) => attempts > 0).length,
    oldestAtMs: Math.min(...messages.map(({ atMs }) => atMs)),
    maxAttempts: Math.max(...messages.map(({ attempts }) => attempts)),
  }));
};

/** What an audit on the Postal host would read. */
export const snapshotOf = (data: PostalData, servers: readonly MailServer[], atMs: number): Snapshot => {
  const tally = new DeliveryTally(atMs);
  for (const delivery of data.deliveries)
    if (delivery.endpointId !== null) tally.add({ ...delivery, endpointId: delivery.endpointId });
  return {
    atMs,
    postalSchema,
    servers: servers.map(({ id, name, mode }) => ({
      id,
      name,
      mode,
      isSuspended: false,
      oldestLockAtMs: null,
      deliveries: { kind: 'read', notQueued: 0 },
    })),
    endpoints: data.endpoints,
    routes: data.routes.map((route) => ({
      id: route.id,
      serverId: route.serverId,
      address: addressOf(route, servers),
      mode: route.mode,
      isSmtp: route.endpointId !== null,
      endpointId: route.endpointId,
      additionalEndpointIds: [],
    })),
    queue: queueGroups(data.queue),
    deliveries: tally.facts(),
  };
};
