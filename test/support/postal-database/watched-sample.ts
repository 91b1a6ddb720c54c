import { generateKeyPairSync } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { vi } from 'vitest';
import type { PostalDatabase } from '../../../lib/app/ports/postal-database.ts';
import { keepPostalMessage } from '../../../lib/app/postal/keep-postal-message.ts';
import { parsePostalMessage } from '../../../lib/app/queue/postal-message.ts';
import { listIncidents } from '../../../lib/app/state/incident-store.ts';
import { findReport, newestSnapshot } from '../../../lib/app/state/postal/postal-report-store.ts';
import { watch } from '../../../lib/app/watch/watch.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { Snapshot } from '../../../lib/core/postal/audit/snapshot.ts';
import type { Incident } from '../../../lib/core/watch/incident/incident.ts';
import { type WebhookContent, webhookBody, webhookRequest } from '../../../lib/local/postal/webhook-request.ts';
import { sendReport } from '../../../lib/shell/audit/send-report.ts';
import { addressesStanding, healthyReport } from '../memory-ports.ts';
import {
  postalFrontUnderTest,
  postalRequest,
  postalSecrets,
  servedPostalFront,
  webhookPath,
} from '../postal-front-under-test.ts';
import { encrypted } from '../sample-probe.ts';
import { workerUnderTest } from '../worker-under-test.ts';
import { postalSample } from './sample.ts';

const signal = (): AbortSignal => AbortSignal.timeout(60_000);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const incidentChannel = 'C0ONCALL';
const destination = { kind: 'webhook', name: 'elsewhere', url: 'https://hooks.example.com/' };

/** What is packed in some texts, unpacked: gzip in base64. */
const unpacked = (...texts: readonly unknown[]): readonly string[] =>
  [...JSON.stringify(texts).matchAll(/H4sI[\w+/=]+/g)].map(([text]) =>
    gunzipSync(Buffer.from(text, 'base64')).toString('utf8'),
  );

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
export const sampleTokens: Readonly<Record<string, string>> = {
  ...postalSecrets.webhookTokens,
  'acme/mail': 'token-of-acme-mail-0123456789abcdefghijklmn',
};

/**
 * A bot whose names are those that the sample has as registered, since before any of its mail, and a receiver for what Postal sends. Every probe gets in, so
 * whatever fails is in Postal's deliveries alone. `database`: what watch reads Postal's database with.
 */
export const watchedSample = async (nowMs: number, database?: PostalDatabase) => {
  const worker = workerUnderTest({
    policy: { watch: watchRulesSchema.parse({ channel: incidentChannel, destinations: [destination] }) },
    channels: ['C0AUDIT', 'C0OTHER', incidentChannel],
  });
  const { clock, ports, over, zones } = worker;
  const notAfter = new Date(nowMs + 300 * 24 * hourMs).toISOString();
  over.probe = (request) => {
    const ips = request.targets ?? addressesStanding(zones, request.hostname);
    const report = healthyReport(request, ips);
    return { ok: true, report: { ...report, addresses: ips.map((ip) => encrypted(ip, { notAfter })) } };
  };
  const { state } = ports;
  const put = vi.spyOn(state, 'put');
  const append = vi.spyOn(ports.ledger, 'append');
  const queued: string[] = [];
  const log = postalFrontUnderTest({}, clock.now).log;

  const secrets = async () => ({ ...postalSecrets, webhookTokens: sampleTokens });
  const front = postalFrontUnderTest(
    { version: '3.3.7', signingKey: publicKey.export({ type: 'spki', format: 'pem' }) },
    clock.now,
    {
      log,
      secrets: { read: secrets, refresh: secrets },
      storedReportAt: async (...asked) => (await findReport(state, ...asked))?.atMs,
      queue: {
        send: async (message) => {
          const body = JSON.stringify(message);
          queued.push(body);
          const parsed = parsePostalMessage(body);
          if (parsed === undefined) throw new Error('the keeper could not read this message');
          const keeper = {
            state,
            snapshot: async (within: AbortSignal) => (await newestSnapshot(state, within))?.snapshot,
            recipientKey: async () => postalSecrets.recipientKey,
            log: ports.log,
            now: clock.now,
          };
          await keepPostalMessage(keeper, parsed, signal());
        },
      },
    },
  );

  const goTo = (atMs: number): Promise<void> => clock.advance(Math.max(0, atMs - clock.now()));
  await goTo(nowMs - 101 * hourMs);
  for (const { hostname, addresses, port, sslMode } of postalSample.registered)
    await worker.say(`add ${hostname} ${addresses.join(' ')} --port ${port} --ssl-mode ${sslMode}`);

  return {
    ...worker,
    goTo,
    /** The receiver behind HTTP; its address is that for snapshots. */
    served: () => servedPostalFront(front),
    /** Sends a snapshot as `audit --send` does. */
    report: async (snapshot: Snapshot): Promise<void> => {
      await using server = await servedPostalFront(front);
      const to = { url: server.url, sender: 'postal1', key: postalSecrets.reportKeys['postal1'] ?? '' };
      const { exitCode, text } = await sendReport(snapshot, to, clock.now, signal());
      if (exitCode !== 0) throw new Error(text);
    },
    /** Sends a webhook as Postal does; gives the status of the answer. */
    webhook: async (server: string, content: WebhookContent): Promise<number | undefined> => {
      const { body, headers } = webhookRequest(webhookBody(content), privateKey);
      const path = webhookPath(server, sampleTokens[server] ?? 'a token of nobody');
      return (await front.handle(postalRequest(path, body, headers))).statusCode;
    },
    /** Some rounds of watch, a minute apart, with all that they ask of the worker. */
    rounds: async (count: number): Promise<void> => {
      for (let round = 0; round < count; round += 1) {
        await watch(
          {
            ...ports,
            prober: ports.batchProber,
            zones: ports.zoneListing,
            deadLetters: { receive: async () => [], remove: async () => undefined },
            newToken: () => `round-${round}`,
            ...(database === undefined ? {} : { database }),
          },
          { atMs: clock.now() + 110_000, signal: signal() },
        );
        for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) {
          queued.push(JSON.stringify(next));
          await worker.work(next);
        }
        await clock.advance(minuteMs);
      }
    },
    incidents: (): Promise<readonly Incident[]> => listIncidents(state, signal()),
    /** All that was ever queued, stored, logged or said, with packed reports unpacked. */
    everything: async (): Promise<string> => {
      const snapshot = (await newestSnapshot(state, signal()))?.snapshot;
      const { posts, threadReplies, replies } = worker.messenger;
      return [
        ...queued,
        ...put.mock.calls.map(([item]) => JSON.stringify(item)),
        ...append.mock.calls.map(([entry]) => JSON.stringify(entry)),
        ...unpacked(queued, put.mock.calls),
        JSON.stringify([snapshot, [...(snapshot?.deliveries ?? [])]]),
        ...worker.logged,
        ...log.lines.map((line) => JSON.stringify(line)),
        JSON.stringify([posts, threadReplies, replies, worker.destinations.taken]),
      ].join('\n');
    },
  };
};

export type WatchedSample = Awaited<ReturnType<typeof watchedSample>>;
