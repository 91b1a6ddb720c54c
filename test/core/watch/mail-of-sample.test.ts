import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import type { Snapshot } from '../../../lib/core/postal/audit/snapshot.ts';
import { causeKey } from '../../../lib/core/watch/incident/incident-cause.ts';
import { mailFactsOf } from '../../../lib/core/watch/mail/mail-facts.ts';
import { incidentMessage } from '../../../lib/messages/watch/incident-message.ts';
import { hostnameOf, sighted, WatchedFleet } from '../../support/watched-fleet.ts';

const time = z.iso.datetime().transform((text) => Date.parse(text));
const counts = z.record(z.string(), z.int());

/** A whole Postal with outages, greylisting and refusals, as its audit prints it. */
const audited = z
  .object({
    at: time,
    postalSchema: z.string(),
    endpoints: z.array(
      z.object({
        id: z.int(),
        serverId: z.int(),
        server: z.string(),
        name: z.string(),
        hostname: z.string(),
        port: z.nullable(z.int()),
        sslMode: z.nullable(z.string()),
        routes: z.array(z.object({ id: z.int() })),
        waiting: z.object({ count: z.int(), tried: z.int(), oldestAt: z.nullable(time), maxAttempts: z.int() }),
        lastSentAt: z.nullable(time),
        failingSince: z.nullable(time),
        failingNow: z.boolean(),
        sentPlaintext: z.nullable(z.int()),
        lastFailure: z.nullable(
          z.object({ status: z.string(), details: z.nullable(z.string()), output: z.nullable(z.string()) }),
        ),
        deliveries: z.nullable(z.object({ '1h': counts, '24h': counts, '72h': counts })),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/postal-audit.json', import.meta.url), 'utf8')));

const snapshotOf = ({ at, postalSchema, endpoints }: typeof audited): Snapshot => ({
  atMs: at,
  postalSchema,
  servers: [...new Map(endpoints.map((endpoint) => [endpoint.serverId, endpoint])).values()].map((endpoint) => ({
    id: endpoint.serverId,
    name: endpoint.server,
    mode: 'Live',
    isSuspended: false,
    oldestLockAtMs: null,
    deliveries: endpoint.deliveries === null ? { kind: 'not granted', grants: [] } : { kind: 'read', notQueued: 0 },
  })),
  endpoints: endpoints.map((endpoint) => ({ ...endpoint, wasUsed: true })),
  routes: [],
  queue: endpoints.flatMap(({ id, waiting: { oldestAt, ...waiting } }) =>
    oldestAt === null ? [] : [{ batchKey: `incoming-rt:1-ep:${id}-SMTPEndpoint`, oldestAtMs: oldestAt, ...waiting }],
  ),
  deliveries: new Map(
    endpoints.flatMap((endpoint) =>
      endpoint.deliveries === null
        ? []
        : [
            [
              endpoint.id,
              {
                lastSentAtMs: endpoint.lastSentAt,
                failingNow: endpoint.failingNow,
                failingSinceMs: endpoint.failingSince,
                sentPlaintext: endpoint.sentPlaintext ?? 0,
                lastFailure: endpoint.lastFailure,
                counts: endpoint.deliveries,
              },
            ] as const,
          ],
    ),
  ),
});

const failing = audited.endpoints.filter(({ failingNow }) => failingNow).map(({ hostname }) => hostname);
const mail = mailFactsOf(snapshotOf(audited), ['postal1']);

class SampleFleet extends WatchedFleet {
  override more() {
    return { mail };
  }
}

it('has one incident for each endpoint that fails, and none for greylisting or one refused recipient', () => {
  const fleet = new SampleFleet([]);
  for (let round = 0; round < 3; round += 1) fleet.round(audited.at + round * 60_000);
  expect(failing).toHaveLength(6);
  expect(fleet.open().map(({ cause }) => causeKey(cause))).toEqual(failing.map((hostname) => `deliveries-${hostname}`));
  expect(fleet.incidents.size).toBe(failing.length);
});

it('has the same incidents where the names are registered, and the probe gets in at all of them', () => {
  const names = audited.endpoints
    .map(({ hostname }) => hostname)
    .filter((hostname) => !/^[\d.]+$/.test(hostname) && !hostname.endsWith('.'));
  const fleet = new SampleFleet(names.map(hostnameOf));
  fleet.round(
    audited.at,
    names.map((hostname) => sighted(hostname, audited.at, 'u')),
  );
  expect(new Set(fleet.open().map(({ cause }) => causeKey(cause)))).toEqual(
    new Set(failing.map((hostname) => `deliveries-${hostname}`)),
  );
  for (const { state } of fleet.healths.values()) expect(state).toBe('up');
});

it('explains each failure, with its numbers, and proposes an import in place of a failover', () => {
  const fleet = new SampleFleet([]);
  fleet.round(audited.at);
  for (const incident of fleet.open()) {
    const message = incidentMessage(incident, {
      mentions: [],
      endpoints: [],
      mute: undefined,
      failedOverTo: undefined,
      acknowledgement: undefined,
      isUnregistered: true,
    });
    const text = JSON.stringify(message);
    const [member] = incident.members;
    const endpoint = audited.endpoints.find(({ hostname }) => hostname === member?.hostname);
    expect(text).toContain(`In Postal: ${endpoint?.waiting.count} messages have waited since`);
    expect(text).toContain('reported by postal1');
    expect(text).toContain(`import --from-postal --only ${member?.hostname}`);
    expect(text).toContain(`audit ${member?.hostname}`);
    expect(text).not.toMatch(/Fail over|Mute|History/);
    expect(incident.sentence).not.toBe('');
    expect(text).not.toMatch(/SECRET/);
  }
});
