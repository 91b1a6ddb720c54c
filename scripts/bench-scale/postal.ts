import type { DeliveryFacts, PostalEndpoint, PostalRoute, Snapshot } from '../../lib/core/postal/audit/snapshot.ts';
import type { Endpoint } from './fleet.ts';

const minuteMs = 60_000;
const servers = ['acme/production', 'acme/staging', 'umbrella/mail', 'umbrella/tickets'];

const fails = (index: number): boolean => index % 50 === 7;

const deliveriesOf = (index: number, atMs: number): DeliveryFacts => ({
  lastSentAtMs: fails(index) ? atMs - 5_000 * minuteMs : atMs - (index % 90) * minuteMs,
  failingNow: fails(index),
  failingSinceMs: fails(index) ? atMs - 200 * minuteMs : null,
  sentPlaintext: index % 40 === 3 ? 12 : 0,
  lastFailure: fails(index)
    ? {
        status: 'SoftFail',
        details: `No SMTP servers were available for service-${index}.example. No hosts to try.`,
        output: null,
      }
    : null,
  counts: {
    '1h': { Sent: index % 9 },
    '24h': { Sent: (index * 7) % 400, ...(fails(index) ? { SoftFail: 40 } : {}) },
    '72h': { Sent: (index * 7) % 1_200, ...(fails(index) ? { SoftFail: 90 } : {}) },
  },
});

/** Twenty of 2,000 have an address where their name should be, so that Postal lacks the name. */
export const isAddressInPostal = (index: number): boolean => index % 100 === 10;

/** A Postal that has these endpoints on four mail servers, of which some fail, some have another port than registered, and some an address for a name. */
export const postalWith = (endpoints: readonly Endpoint[], atMs: number): Snapshot => {
  const rows = endpoints.map(
    ({ index, definition }): PostalEndpoint => ({
      id: index + 1,
      serverId: (index % servers.length) + 1,
      name: definition.name ?? '',
      hostname: isAddressInPostal(index) ? `10.0.4.${index % 250}` : definition.hostname,
      port: index % 80 === 11 ? 2525 : 25,
      sslMode: 'Auto',
      wasUsed: index % 70 !== 5,
    }),
  );
  const routes = rows.map(
    ({ id, serverId }): PostalRoute => ({
      id,
      serverId,
      address: `service-${id}@acme.example`,
      mode: 'Endpoint',
      isSmtp: true,
      endpointId: id,
      additionalEndpointIds: [],
    }),
  );
  return {
    atMs,
    postalSchema: '20240311205229',
    servers: servers.map((name, index) => ({
      id: index + 1,
      name,
      mode: 'Live',
      isSuspended: false,
      oldestLockAtMs: null,
      deliveries: { kind: 'read', notQueued: 0 },
    })),
    endpoints: rows,
    routes,
    queue: rows
      .filter(({ id }) => fails(id - 1))
      .map(({ id }) => ({
        batchKey: `incoming-rt:${id}-ep:${id}-SMTPEndpoint`,
        count: 3 + (id % 30),
        tried: 3,
        oldestAtMs: atMs - 190 * minuteMs,
        maxAttempts: 6,
      })),
    deliveries: new Map(rows.map(({ id }) => [id, deliveriesOf(id - 1, atMs)])),
  };
};
