import { expect, it } from 'vitest';
import { createDestinations } from '../../../lib/adapters/destinations/destinations.ts';
import { webhookSignature } from '../../../lib/adapters/destinations/webhook.ts';
import { notifyOpenIncidents } from '../../../lib/app/notify/notify-open-incidents.ts';
import { saveIncident } from '../../../lib/app/state/incident-store.ts';
import { listDelivered } from '../../../lib/app/state/postal/delivery-store.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { Incident } from '../../../lib/core/watch/incident/incident.ts';
import { randomOf } from '../../../scripts/simulate/random.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { openHttpsReceiver } from '../../support/https-receiver.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const incidentsInAll = 12;
const roundsAtMost = 60;
const key = 'a key of this test';

type Body = { readonly id: string; readonly incident: string; readonly event: string };

it.each([1, 2, 3])(
  'loses nothing, tells nothing twice and keeps the order with an unreliable receiver, seed %i',
  async (seed) => {
    const random = randomOf(seed);
    const certificate = await makeCertificate({ subjectAltNames: ['IP:127.0.0.1'] });
    const stranger = await makeCertificate({ subjectAltNames: ['IP:127.0.0.1'] });
    await using receiver = await openHttpsReceiver(certificate);
    /** What the receiver has processed, whatever became of its answer. */
    const processed: Body[] = [];
    receiver.over.answer = (response, { body, headers }) => {
      const timestamp = String(headers['x-postal-endpoint-timestamp']);
      expect(headers['x-postal-endpoint-signature']).toBe(webhookSignature(key, timestamp, body));
      const fate = random.next();
      if (fate < 0.15) return void response.writeHead(503).end();
      if (fate < 0.25) return void response.writeHead(307, { location: 'https://127.0.0.1/elsewhere' }).end();
      if (fate < 0.35) return void response.writeHead(429, { 'retry-after': '1' }).end();
      if (fate < 0.4) return undefined;
      const event: Body = JSON.parse(body);
      processed.push(event);
      // Some answers are lost.
      return fate < 0.6 ? void response.destroy() : void response.writeHead(202).end();
    };

    const url = `https://127.0.0.1:${receiver.port}/`;
    const watch = watchRulesSchema.parse({ destinations: [{ kind: 'webhook', name: 'ops', url }] });
    const worker = workerUnderTest({ policy: { watch } });
    const incidents = Array.from(
      { length: incidentsInAll },
      (_, index): Incident => sampleIncident({ id: `incident-${index}`, openedAtMs: worker.clock.now() }),
    );
    let round = 0;
    const delivered = async () => {
      const sent = await listDelivered(worker.ports.state, signal);
      return incidents.every(({ id }) => sent(id, 'ops').length === 2);
    };
    for (; round < roundsAtMost && !(await delivered()); round += 1) {
      await worker.clock.advance(60_000);
      // Each is resolved some rounds after it was opened; in some rounds the certificate is not trusted.
      const ca = round % 7 === 3 ? stranger.cert : certificate.cert;
      const destinations = createDestinations({
        credentials: { accessKeyId: 'A', secretAccessKey: 'S', sessionToken: 'T' },
        now: worker.clock.now,
        mayReachLoopback: true,
        timeoutMs: 300,
        ca,
        keys: async () => ({ ops: key }),
      });
      for (const [index, incident] of incidents.entries()) {
        if (round === 2 + (index % 5)) {
          const atMs = worker.clock.now();
          incidents[index] = { ...incident, closedAtMs: atMs, updates: [{ atMs, step: 'resolved', text: 'Over.' }] };
        }
        await saveIncident(worker.ports.state, incidents[index] ?? incident, signal);
      }
      const sent = await listDelivered(worker.ports.state, signal);
      const known = { notifications: new Map(), acknowledgements: new Map(), mutes: [], delivered: sent };
      await notifyOpenIncidents(worker.ports, incidents, known, signal);
      for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift())
        await worker.work(next, 1, { destinations });
    }
    expect(round).toBeLessThan(roundsAtMost);

    // Whoever ignores an id that they have had was told of everything, once, in order.
    const once = [...new Map(processed.map((event) => [event.id, event])).values()];
    expect(processed.length).toBeGreaterThan(once.length);
    for (const { id } of incidents)
      expect(once.filter(({ incident }) => incident === id).map(({ event }) => event)).toEqual(['opened', 'resolved']);
  },
);
