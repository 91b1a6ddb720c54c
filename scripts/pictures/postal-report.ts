import type { PostalEndpoint, PostalRoute, Snapshot } from '../../lib/core/postal/audit/snapshot.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { sendReport } from '../../lib/shell/audit/send-report.ts';

const endpoint = (id: number, name: string, hostname: string, port: number): PostalEndpoint => ({
  id,
  serverId: 1,
  name,
  hostname,
  port,
  sslMode: 'Auto',
  wasUsed: true,
});

const route = (id: number, address: string, endpointId: number): PostalRoute => ({
  id,
  serverId: 1,
  address,
  mode: 'Endpoint',
  isSmtp: true,
  endpointId,
  additionalEndpointIds: [],
});

const counts = { '1h': {}, '24h': {}, '72h': {} };
const minuteMs = 60_000;

const idle = {
  lastSentAtMs: null,
  failingNow: false,
  failingSinceMs: null,
  sentPlaintext: 0,
  lastFailure: null,
  counts,
};

/** What a Postal with these two registered names has: they deliver, and a third endpoint has an IP address for its hostname. */
const snapshotWith = (gitlab: PostalEndpoint, wiki: PostalEndpoint, atMs: number): Snapshot => ({
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
  ],
  endpoints: [gitlab, wiki, endpoint(3, 'Ticket system', '10.0.4.20', 25)],
  routes: [
    route(1, 'git@acme.example', 1),
    route(2, 'issues@acme.example', 1),
    route(3, 'wiki@acme.example', 2),
    route(4, 'support@acme.example', 3),
  ],
  queue: [
    {
      batchKey: 'incoming-rt:4-ep:3-SMTPEndpoint',
      count: 27,
      tried: 27,
      oldestAtMs: atMs - 190 * minuteMs,
      maxAttempts: 6,
    },
  ],
  deliveries: new Map([
    [1, { ...idle, lastSentAtMs: atMs - 4 * minuteMs }],
    [2, { ...idle, lastSentAtMs: atMs - 51 * minuteMs }],
    [
      3,
      {
        ...idle,
        failingNow: true,
        failingSinceMs: atMs - 188 * minuteMs,
        lastFailure: {
          status: 'SoftFail',
          details: 'No SMTP servers were available for acme.example. No hosts to try.',
          output: null,
        },
      },
    ],
  ]),
});

/** Reports a Postal in which the two names are entered, the second with another port than the registered one. */
export const reportPostal = async (
  { postal }: LocalWorkspace,
  gitlab: { readonly hostname: string; readonly port: number },
  wiki: string,
): Promise<void> => {
  const snapshot = snapshotWith(
    endpoint(1, 'GitLab', gitlab.hostname, gitlab.port),
    endpoint(2, 'Wiki', wiki, 25),
    Date.now() - 2 * minuteMs,
  );
  const destination = { url: new URL(postal.snapshotUrl), sender: postal.sender, key: postal.reportKey };
  const { exitCode, text } = await sendReport(snapshot, destination, Date.now, AbortSignal.timeout(20_000));
  if (exitCode !== 0) throw new Error(text);
};
