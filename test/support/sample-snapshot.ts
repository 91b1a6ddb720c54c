import type { Snapshot } from '../../lib/core/postal/audit/snapshot.ts';

/** A small Postal: two mail servers, three endpoints, mail that waits and mail that fails. */
export const sampleSnapshot = (atMs: number): Snapshot => ({
  atMs,
  postalSchema: '20240311205229',
  servers: [
    {
      id: 1,
      name: 'acme/production',
      mode: 'Live',
      isSuspended: false,
      oldestLockAtMs: null,
      deliveries: { kind: 'read', notQueued: 0 },
    },
    {
      id: 2,
      name: 'acme/staging',
      mode: 'Live',
      isSuspended: false,
      oldestLockAtMs: null,
      deliveries: { kind: 'not granted', grants: ['GRANT SELECT …'] },
    },
  ],
  endpoints: [
    {
      id: 1,
      serverId: 1,
      name: 'GitLab',
      hostname: 'gitlab.mail.corp.internal',
      port: 25,
      sslMode: 'Auto',
      wasUsed: true,
    },
    { id: 2, serverId: 1, name: 'Tickets', hostname: '10.0.4.12', port: null, sslMode: 'Auto', wasUsed: false },
    {
      id: 3,
      serverId: 2,
      name: 'GitLab',
      hostname: 'gitlab.mail.corp.internal.',
      port: 25,
      sslMode: null,
      wasUsed: true,
    },
  ],
  routes: [
    {
      id: 11,
      serverId: 1,
      address: 'git@acme.example',
      mode: 'Endpoint',
      isSmtp: true,
      endpointId: 1,
      additionalEndpointIds: [],
    },
    {
      id: 12,
      serverId: 1,
      address: '*@acme.example',
      mode: 'Endpoint',
      isSmtp: true,
      endpointId: 2,
      additionalEndpointIds: [],
    },
    {
      id: 21,
      serverId: 2,
      address: '*@staging.example',
      mode: 'Endpoint',
      isSmtp: true,
      endpointId: 3,
      additionalEndpointIds: [],
    },
  ],
  queue: [
    {
      batchKey: 'incoming-rt:12-ep:2-SMTPEndpoint',
      count: 27,
      tried: 27,
      oldestAtMs: atMs - 3_600_000,
      maxAttempts: 5,
    },
  ],
  deliveries: new Map([
    [
      1,
      {
        lastSentAtMs: atMs - 300_000,
        failingNow: false,
        failingSinceMs: null,
        sentPlaintext: 0,
        lastFailure: null,
        counts: { '1h': { Sent: 3 }, '24h': { Sent: 40 }, '72h': { Sent: 120 } },
      },
    ],
    [
      2,
      {
        lastSentAtMs: null,
        failingNow: true,
        failingSinceMs: atMs - 3_000_000,
        sentPlaintext: 0,
        lastFailure: {
          status: 'SoftFail',
          details: 'No SMTP servers were available for acme.example. No hosts to try.',
          output: null,
        },
        counts: { '1h': { SoftFail: 27 }, '24h': { SoftFail: 27 }, '72h': { SoftFail: 27 } },
      },
    ],
  ]),
});
