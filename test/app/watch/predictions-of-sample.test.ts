import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createProber } from '../../../lib/adapters/probe/prober.ts';
import type { PostalDatabase } from '../../../lib/app/ports/postal-database.ts';
import { directoryItem } from '../../../lib/app/state/directory.ts';
import { listComparisons } from '../../../lib/app/state/postal/comparison-store.ts';
import { look } from '../../../lib/app/watch/probe-round.ts';
import { readPostalDatabase } from '../../../lib/app/watch/read-postal-database.ts';
import type { WatchPorts } from '../../../lib/app/watch/watch-ports.ts';
import { type SslMode, sslModes } from '../../../lib/core/endpoint/definition.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import { scrubbedText } from '../../../lib/core/postal/audit/without-addresses.ts';
import type { DeliveryFact } from '../../../lib/core/postal/database/delivery-page.ts';
import { comparisonSummary } from '../../../lib/core/postal/predictions/comparisons.ts';
import type { ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { postalSample } from '../../support/postal-database/sample.ts';
import { never, profileFor, request, clock as standing } from '../../support/probe-request.ts';
import { addressRecord, startDns } from '../../support/scripted-dns.ts';
import { closedPort, mailServer, startScript } from '../../support/smtp-script.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const nowMs = Date.parse('2026-11-30T12:00:00Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const intervalMs = 30 * minuteMs;
const signal = (): AbortSignal => AbortSignal.timeout(60_000);

/** Mail servers that are there to be probed. */
type Server = 'with STARTTLS' | 'without TLS' | 'closed' | 'resetting' | 'silent' | 'without address';
/** Which one a hostname leads to, from so many hours before now on. */
type Script = readonly (readonly [hours: number, server: Server])[];

/** As the program that made the sample has them, by the first label of the hostname. */
const asInSample: Readonly<Record<string, Script>> = {
  'mx-a': [
    [999, 'with STARTTLS'],
    [50, 'closed'],
    [49, 'with STARTTLS'],
  ],
  'mx-gone': [
    [999, 'with STARTTLS'],
    [20, 'without address'],
  ],
  'mx-c': [
    [999, 'with STARTTLS'],
    [30, 'closed'],
  ],
  archive: [[999, 'without TLS']],
  smtps: [[999, 'silent']],
  branch: [
    [999, 'with STARTTLS'],
    [76, 'resetting'],
    [75, 'with STARTTLS'],
  ],
};
/** The same without the outages of two of them. */
const withoutOutages = {
  ...asInSample,
  'mx-a': [[999, 'with STARTTLS']],
  'mx-gone': [[999, 'with STARTTLS']],
} satisfies Readonly<Record<string, Script>>;

const scriptOf = (scripts: Readonly<Record<string, Script>>, hostname: string): Script =>
  scripts[hostname.split('.')[0] ?? ''] ?? [[999, 'with STARTTLS']];

const serverAt = (scripts: Readonly<Record<string, Script>>, hostname: string, atMs: number): Server =>
  scriptOf(scripts, hostname).findLast(([hours]) => atMs >= nowMs - hours * hourMs)?.[1] ?? 'with STARTTLS';

const sslModeSchema = z.enum(sslModes);
type Registered = { readonly hostname: string; readonly port: number; readonly sslMode: SslMode };
const asRegistered: readonly Registered[] = postalSample.registered;
/** Every name as Postal has it entered. */
const asEntered: readonly Registered[] = [
  ...new Map(
    postalSample.endpoints.flatMap(({ hostname, port, sslMode }) =>
      hostname.endsWith('.mail.corp.internal') && sslMode !== null
        ? [[hostname, { hostname, port: port ?? 25, sslMode: sslModeSchema.parse(sslMode) }] as const]
        : [],
    ),
  ).values(),
];

// ---- the sample's deliveries, as the function that reads the database returns them

const { endpoints, routes, servers, mail } = postalSample;
const live = servers.filter(({ deleted }) => !deleted);
const primary = new Map(routes.map(({ id, endpoint }) => [id, endpoint]));

type Delivery = DeliveryFact & { readonly serverId: number; readonly to: number };
const deliveries: readonly Delivery[] = live.flatMap(({ id: serverId }) =>
  mail
    .flatMap(({ server, endpoint, route, attempts }, messageId) =>
      server === serverId
        ? attempts.map(({ ageSeconds, status, encrypted = true, details = null, output = null }) => ({
            serverId,
            to: endpoint ?? primary.get(route) ?? 0,
            messageId,
            endpointId: endpoint,
            routeId: route,
            status,
            isEncrypted: encrypted,
            atMs: nowMs - ageSeconds * 1000,
            details: details === null ? null : scrubbedText(details),
            output: output === null ? null : scrubbedText(output),
          }))
        : [],
    )
    .toSorted((one, other) => one.atMs - other.atMs)
    .map((each, index) => ({ ...each, id: 100 + index * 2 })),
);

const databaseAt = (now: () => number): PostalDatabase => ({
  read: async (cursors) => ({
    ok: true,
    snapshot: {
      atMs: now(),
      postalSchema: '20240311205229',
      servers: live.map(({ id, permalink, mode }) => ({
        id,
        name: `acme/${permalink}`,
        mode,
        isSuspended: false,
        oldestLockAtMs: null,
        deliveries: { kind: 'read', notQueued: 0 },
      })),
      endpoints: endpoints.map(({ server, used, ...endpoint }) => ({ ...endpoint, serverId: server, wasUsed: used })),
      routes: routes.map(({ id, server, name, mode, endpoint, additional }) => ({
        id,
        serverId: server,
        address: `${name}@acme.example`,
        mode,
        isSmtp: endpoint !== null,
        endpointId: endpoint,
        additionalEndpointIds: additional,
      })),
      queue: [],
      deliveries: new Map(),
    },
    pages: live.map(({ id: serverId }) => {
      const after = cursors.get(serverId) ?? 0;
      const ready = deliveries.filter(
        (each) => each.serverId === serverId && each.id > after && each.atMs <= now() - 5000,
      );
      const page = ready.slice(0, 1000);
      return {
        serverId,
        isFirst: !cursors.has(serverId),
        after,
        upTo: page.at(-1)?.id ?? after,
        idsLeft: ready.length - page.length,
        deliveries: page.map(({ serverId: _, to: __, ...fact }) => fact),
      };
    }),
  }),
});

// ---- the servers, and what a probe meets there

/** What the prober met, by `keyOf`. All probes are made before the four days begin, so that these depend on no socket. */
const probed = new Map<string, ProbeResult>();
const keyOf = (server: Server, hostname: string, sslMode: SslMode): string => `${server} ${hostname} ${sslMode}`;

beforeAll(async () => {
  const certificate = await makeCertificate();
  await using withStartTls = await startScript(mailServer({ certificate }));
  await using withoutTls = await startScript(mailServer());
  await using resetting = await startScript((connection) => connection.reset());
  await using silent = await startScript(() => undefined);
  await using dns = await startDns(({ name, type }) => ({
    answers: type === 'A' ? [addressRecord(name, '127.0.0.1')] : [],
  }));
  await using emptyDns = await startDns(() => ({ rcode: 3 }));
  const ports: Readonly<Record<Server, number>> = {
    'with STARTTLS': withStartTls.port,
    'without TLS': withoutTls.port,
    closed: await closedPort(),
    resetting: resetting.port,
    silent: silent.port,
    'without address': 25,
  };
  for (const { hostname, sslMode } of [...asRegistered, ...asEntered])
    for (const [, server] of scriptOf(asInSample, hostname)) {
      const key = keyOf(server, hostname, sslMode);
      if (probed.has(key)) continue;
      const port = ports[server];
      const prober = createProber({
        policy: { cidrs: ['127.0.0.0/8'], ports: [port] },
        profile: profileFor(server === 'without address' ? emptyDns : dns),
        clock: standing,
      });
      const deadlineMs = server === 'silent' ? 1500 : 20_000;
      const result = await prober.probe(request(port, { hostname, sslMode, deadlineMs }), never);
      expect(result.ok, key).toBe(true);
      probed.set(key, result);
    }
});

/** Four days of watch over these names and servers, with Postal's database read each time. */
const watched = async (names: readonly Registered[], scripts: Readonly<Record<string, Script>>) => {
  const worker = workerUnderTest({ policy: { watch: watchRulesSchema.parse({ intervalSeconds: intervalMs / 1000 }) } });
  const { clock, ports } = worker;
  const looks: { readonly hostname: string; readonly atMs: number; readonly server: Server }[] = [];
  await clock.advance(nowMs - 80 * hourMs - clock.now());
  for (const [index, { hostname, port, sslMode }] of names.entries())
    await ports.state.put(
      directoryItem({
        definition: {
          hostname: hostnameOf(hostname),
          targets: { kind: 'addresses', addresses: [`10.20.1.${index + 1}`] },
          port,
          sslMode,
          ttlSeconds: 60,
        },
        changeId: '01J',
        userId: 'U0MARIA',
        at: new Date(clock.now()).toISOString(),
      }),
      false,
      signal(),
    );
  const watching: WatchPorts = {
    ...ports,
    deadLetters: { receive: async () => [], remove: async () => undefined },
    prober: {
      probeMany: async (requests) =>
        requests.map(({ hostname, sslMode }) => {
          const server = serverAt(scripts, hostname, clock.now());
          looks.push({ hostname, atMs: clock.now(), server });
          const result = probed.get(keyOf(server, hostname, sslMode));
          if (result === undefined) throw new Error(`nobody has probed ${hostname}`);
          return result;
        }),
    },
    zones: { list: async () => ({ ok: true, value: [] }) },
    database: databaseAt(clock.now),
    newToken: () => 'token',
  };
  while (clock.now() < nowMs + 2 * hourMs) {
    await readPostalDatabase(watching, signal());
    await look(watching, { atMs: clock.now() + 110_000, signal: signal() });
    await clock.advance(intervalMs);
  }
  return { worker, looks, summary: comparisonSummary(await listComparisons(ports.state, signal())) };
};
type Looks = Awaited<ReturnType<typeof watched>>['looks'];

// ---- what is to come out, by the deliveries and the servers alone

/** What Postal 3 does at a server in a mode. */
const postalDoes = (server: Server, sslMode: SslMode): string => {
  switch (server) {
    case 'closed':
    case 'resetting':
      return 'tried in vain';
    case 'without address':
      return 'no host';
    case 'silent':
      return 'unknown';
    case 'without TLS':
      return sslMode === 'TLS' ? 'tried in vain' : 'sent in plaintext';
    case 'with STARTTLS':
      return sslMode === 'TLS' ? 'tried in vain' : sslMode === 'Auto' ? 'sent over TLS' : 'sent in plaintext';
  }
};

const postalDid = ({ status, details, isEncrypted }: Delivery): string => {
  if (status === 'Sent') return isEncrypted ? 'sent over TLS' : 'sent in plaintext';
  if (details?.includes('No hosts to try') === true) return 'no host';
  return details?.includes('Tried') === true ? 'tried in vain' : 'refused the message';
};

/** The one of the three, or the reason, for a delivery. */
const expectedOf = (delivery: Delivery, names: readonly Registered[], looks: Looks): string | undefined => {
  const endpoint = endpoints.find(({ id }) => id === delivery.to);
  const hostname = endpoint?.hostname.replace(/\.$/, '');
  const name = names.find((each) => each.hostname === hostname);
  if (endpoint === undefined || name === undefined) return undefined;
  const own = looks.filter((each) => each.hostname === hostname);
  const before = own.findLastIndex(({ atMs }) => atMs <= delivery.atMs - minuteMs);
  const after = own.findIndex(({ atMs }) => atMs >= delivery.atMs + 5000);
  if (before < 0) return 'no-prediction';
  const does = new Set(own.slice(before, after + 1).map(({ server }) => postalDoes(server, name.sslMode)));
  if (does.size > 1) return 'changed';
  const { status, details } = delivery;
  if (status === 'Held' || details?.startsWith('Maximum') === true) return 'not-tried';
  if (details?.includes('mx-c-old') === true) return 'other-hostname';
  const sentTo = /accepted by [\d.]+:(\d+)/.exec(details ?? '')?.[1];
  const isSame = (endpoint.port ?? 25) === name.port && endpoint.sslMode === name.sslMode;
  if (!isSame || (sentTo !== undefined && Number(sentTo) !== name.port)) return 'entered-otherwise';
  if (does.has('unknown')) return 'unknown';
  if (status === 'Error') return 'internal-error';
  const did = postalDid(delivery);
  if (did === 'refused the message')
    return does.has('sent over TLS') || does.has('sent in plaintext') ? 'later' : 'differs';
  return does.has(did) ? 'agreed' : 'differs';
};

const expectedCounts = (names: readonly Registered[], looks: Looks) => {
  const counts: Record<string, number> = {};
  for (const delivery of deliveries) {
    const expected = expectedOf(delivery, names, looks);
    if (expected !== undefined) counts[expected] = (counts[expected] ?? 0) + 1;
  }
  const { agreed = 0, differs = 0, ...not } = counts;
  return { agreed, differs, not };
};

const counts = async (names: readonly Registered[], scripts: Readonly<Record<string, Script>>) => {
  const { summary, looks, worker } = await watched(names, scripts);
  const expected = expectedCounts(names, looks);
  const { agreed, differs, not } = summary ?? {};
  expect({ agreed, differs, not }).toEqual(expected);
  // Nothing is left out: the three make up all deliveries to registered endpoints.
  expect(agreed).toBeGreaterThan(500);
  return { expected, differences: summary?.differences ?? [], worker };
};

/** Of one endpoint the sample has no outage, of another with the same hostname it has: what was delivered meanwhile differs. */
const deliveredMeanwhile = { hostname: 'mx-a.mail.corp.internal', predicted: 'not-in', status: 'Sent', count: 1 };

describe('every delivery of four days is counted once', () => {
  it('where the names are registered as in the sample', async () => {
    const { expected, differences } = await counts(asRegistered, asInSample);
    expect(expected.differs).toBe(1);
    expect(differences).toMatchObject([deliveredMeanwhile]);
  });

  it('where they are registered as Postal has them', async () => {
    const { expected, differences } = await counts(asEntered, asInSample);
    expect(expected.differs).toBe(1);
    expect(differences).toMatchObject([deliveredMeanwhile]);
  });

  it('where two servers failed Postal and not the probes, which status and show say with both sides', async () => {
    const { expected, differences, worker } = await counts(asEntered, withoutOutages);
    expect(differences).toHaveLength(2);
    expect(differences.reduce((sum, { count }) => sum + count, 0)).toBe(expected.differs);
    await worker.say('status');
    expect(worker.lastReply()).toContain(`${expected.agreed} agreed, ${expected.differs} differ, `);
    expect(worker.lastReply()).toContain('since 2026-11-2');
    await worker.say('show mx-gone.mail.corp.internal');
    const shown = worker.lastReply();
    expect(shown).toContain('Prediction and delivery differ');
    expect(shown).toContain('Postal gets in, encrypted. Postal 3.3.7 recorded SoftFail');
    expect(shown).toContain('No hosts to try.');
    expect(shown).not.toMatch(/SECRET|@acme/);
    await worker.say('audit mx-gone.mail.corp.internal');
    expect(worker.lastReply()).toContain('Postal 3.3.7 recorded SoftFail');
    await worker.say('show new.mail.corp.internal');
    expect(worker.lastReply()).not.toContain('differ');
  });
});
