import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { connectToDatabase } from '../../lib/adapters/postal-database/connect.ts';
import { readSnapshot } from '../../lib/adapters/postal-database/read-snapshot.ts';
import { listTallies, wantedProbes } from '../../lib/app/state/postal/webhook-store.ts';
import type { Snapshot } from '../../lib/core/postal/audit/snapshot.ts';
import { summaryOf } from '../../lib/core/postal/webhooks/webhook-tally.ts';
import { causeKey } from '../../lib/core/watch/incident/incident-cause.ts';
import type { WebhookContent } from '../../lib/local/postal/webhook-request.ts';
import { auditInShell } from '../../lib/shell/audit/audit.ts';
import { findingsSaid, rowsSaid, saidInShell } from '../support/audit-said.ts';
import { type MariaDb, mariaDbMissing, startMariaDb } from '../support/postal-database/mariadb.ts';
import { planted, postalDatabases } from '../support/postal-database/postal.ts';
import {
  type DatabaseFunction,
  makeReadOnlyAccount,
  startDatabaseFunction,
} from '../support/postal-database/read-only-account.ts';
import { postalSample, sampleContent } from '../support/postal-database/sample.ts';
import { sampleTokens, type WatchedSample, watchedSample } from '../support/postal-database/watched-sample.ts';
import { postalSecrets } from '../support/postal-front-under-test.ts';
import { addressRecord, type ScriptedDns, startDns } from '../support/scripted-dns.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const missing = mariaDbMissing();
const password = 'a password for the account';
const reportKey = postalSecrets.reportKeys['postal1'] ?? '';
const signal = (): AbortSignal => AbortSignal.timeout(60_000);
const hourMs = 3_600_000;
const windowMs = 72 * hourMs;

const { endpoints, expected, registered, servers, routes, mail } = postalSample;
const serverNames = new Map(servers.map(({ id, permalink }) => [id, `acme/${permalink}`]));
const hostnames = new Map(endpoints.map(({ id, hostname }) => [id, hostname.replace(/\.$/, '')]));
const hostnameOf = (endpointId: number | null): string => hostnames.get(endpointId ?? 0) ?? '';

/** The endpoints that fail now, by the program that made the sample. */
const failing = expected.filter(({ failingNow }) => failingNow).map(({ id }) => hostnameOf(id));
const incidentsExpected = failing.map((hostname) => `deliveries-${hostname}`).toSorted();

const opened = async (sample: WatchedSample): Promise<readonly string[]> =>
  (await sample.incidents()).map(({ cause }) => causeKey(cause)).toSorted();

/** What no queue, table, log or message may hold. */
const secrets = [planted, password, reportKey, postalSecrets.recipientKey, ...Object.values(sampleTokens)];

const expectNothingPlanted = async (sample: WatchedSample, more: readonly string[] = []): Promise<void> => {
  const everything = [await sample.everything(), ...more].join('\n');
  for (const secret of secrets) expect(everything.includes(secret), secret).toBe(false);
  // What was looked through has what mail servers answered, and the texts of incidents, in it.
  expect(everything).toContain('Unable to relay');
  expect(everything).toContain('mail fails');
};

const events = {
  Sent: 'MessageSent',
  SoftFail: 'MessageDelayed',
  HardFail: 'MessageDeliveryFailed',
  Held: 'MessageHeld',
};
const isEvent = (status: string): status is keyof typeof events => Object.hasOwn(events, status);

/** The deliveries of which Postal sends webhooks, in their order. */
const deliveries = mail
  .flatMap(({ server, endpoint, route, attempts }, index) =>
    attempts.flatMap(({ status, ...attempt }, nth) =>
      isEvent(status)
        ? [
            {
              ...attempt,
              status,
              server: serverNames.get(server) ?? '',
              hostname: hostnameOf(endpoint),
              recipient: routes.find(({ id }) => id === route)?.name.replace('*', planted),
              messageId: 1000 + index,
              uuid: `00000000-0000-4000-8000-${String(100 * index + nth).padStart(12, '0')}`,
            },
          ]
        : [],
    ),
  )
  .filter(({ ageSeconds }) => ageSeconds * 1000 < windowMs)
  .toSorted((one, other) => other.ageSeconds - one.ageSeconds);
type Delivery = (typeof deliveries)[number];
const isTaken = ({ server }: Delivery): boolean => Object.hasOwn(sampleTokens, server);

/** What webhooks have to say of one endpoint: messages since the last one that was accepted. */
const numbersOf = (own: readonly Delivery[]) => {
  const since = own.slice(own.findLastIndex(({ status }) => status === 'Sent') + 1);
  const messages = (wanted: Delivery['status']): ReadonlySet<number> =>
    new Set(since.filter(({ status }) => status === wanted).map(({ messageId }) => messageId));
  const bounced = messages('HardFail');
  return {
    deferred: [...messages('SoftFail')].filter((id) => !bounced.has(id)).length,
    bounced: bounced.size,
    held: messages('Held').size,
  };
};

it('is a sample in which some endpoints fail, registered or not, one greylists, and one refused a recipient', () => {
  const names = new Set(registered.map(({ hostname }) => hostname));
  expect(failing).toHaveLength(6);
  expect(failing.filter((hostname) => names.has(hostname))).toHaveLength(4);
  expect(failing).not.toContain('grey.mail.corp.internal');
  expect(failing).not.toContain('reception.mail.corp.internal');
});

describe.skipIf(missing)(`the sample in a real MariaDB${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const parts = new AsyncDisposableStack();
  const lines: string[] = [];
  let db: MariaDb;
  let dns: ScriptedDns;
  let registryFile: string;
  let reader: DatabaseFunction;
  let nowMs: number;

  /** The shell's audit of the database, with the account that reads. */
  const shell = (...more: readonly string[]) =>
    auditInShell(
      ['--database', `mysql://postal_endpoint@127.0.0.1:${db.port}/postal`, '--ca-file', db.caFile, ...more],
      { POSTAL_DATABASE_PASSWORD: password, POSTAL_ENDPOINT_REPORT_KEY: reportKey },
    );
  const judgedInShell = (...more: readonly string[]) => {
    const resolver = `${dns.nameserver.address}:${dns.nameserver.port}`;
    return shell('--resolver', resolver, '--registry', registryFile, '--no-probe', ...more);
  };

  const readFromDatabase = async (atMs: number): Promise<Snapshot> => {
    const { query, close } = await connectToDatabase(
      { host: '127.0.0.1', port: db.port, user: 'postal_endpoint', password },
      { ca: await readFile(db.caFile, 'utf8'), allowPlaintext: false },
      signal(),
    );
    try {
      return await readSnapshot({ main: query, messages: query, database: 'postal', messagePrefix: 'postal' }, atMs);
    } finally {
      close();
    }
  };

  const atOf = ({ ageSeconds }: Delivery): number => Math.round(nowMs - ageSeconds * 1000);
  const contentOf = (delivery: Delivery): WebhookContent => {
    const { status, encrypted = false, details = '', output = '', messageId, uuid, recipient } = delivery;
    return {
      ...{ event: events[status], status, details, output, messageId, uuid },
      ...{ atMs: atOf(delivery), isEncrypted: encrypted, to: `${recipient}@acme.example` },
      ...{ from: `${planted}@sender.example`, subject: planted, token: planted, messageIdHeader: planted },
    };
  };

  beforeAll(async () => {
    db = parts.use(await startMariaDb());
    registryFile = join(parts.use(await temporaryFolder()).path, 'registry.json');
    await writeFile(registryFile, JSON.stringify(registered));
    const addresses = new Map<string, string>([
      ...registered.map(({ hostname, addresses: [first = ''] }) => [hostname, first] as const),
      ['mail.partner.example', '203.0.113.25'],
    ]);
    dns = parts.use(
      await startDns(({ name, type }) => {
        const address = addresses.get(name);
        if (address === undefined) return { rcode: 3 };
        return { answers: type === 'A' ? [addressRecord(name, address)] : [] };
      }),
    );
    nowMs = Date.now();
    await db.sql(postalDatabases(sampleContent(nowMs)));
    await makeReadOnlyAccount(db, password);
    reader = parts.use(await startDatabaseFunction(db, password, (line) => void lines.push(line)));
  });
  afterAll(() => parts.disposeAsync());

  test('is judged by the audit as the program that made it says', async () => {
    const { endpoints: audited } = JSON.parse((await judgedInShell('--json')).text);
    expect(audited).toHaveLength(expected.length);
    for (const { waiting, ...rest } of expected)
      expect(audited).toContainEqual(
        expect.objectContaining({ ...rest, waiting: expect.objectContaining({ count: waiting }) }),
      );
  });

  describe.each(['reported to the receiver', 'read by the function in the VPC'] as const)('%s', (way) => {
    let sample: WatchedSample;
    beforeAll(async () => {
      const isReported = way === 'reported to the receiver';
      sample = await watchedSample(nowMs, isReported ? undefined : reader.database);
      await sample.goTo(Date.now());
      if (isReported) {
        await using server = await sample.served();
        expect(await shell('--send', server.url.href, '--sender', 'postal1')).toMatchObject({ exitCode: 0 });
      }
      await sample.rounds(3);
    });

    test('is one incident for each endpoint that fails, and none for greylisting or a refused recipient', async () => {
      expect(await opened(sample)).toEqual(incidentsExpected);
      const alerts = sample.messenger.posts.filter(({ message }) => message.text.includes('mail fails'));
      expect(alerts).toHaveLength(failing.length);
    });

    test('is in Slack the audit that the shell prints, findings and order alike', async () => {
      const inShell = saidInShell((await judgedInShell()).text);
      expect(inShell.length).toBeGreaterThan(10);
      await sample.say('audit');
      const rows = rowsSaid(sample.lastReply());
      expect(rows).toHaveLength(expected.length);
      expect(rows.slice(0, inShell.length)).toEqual(
        inShell.map(({ name, found }) => `${name} · ${found.map(({ code }) => code).join(', ')}`),
      );
      for (const place of new Set(inShell.map((each) => each.place))) {
        await sample.say(`audit ${place}`);
        expect(findingsSaid(sample.lastReply()), place).toEqual(
          inShell.filter((each) => each.place === place).flatMap(({ found }) => found),
        );
      }
    });

    test('leaves nothing planted in a queue, table, log or message', async () => {
      for (const hostname of failing) await sample.say(`audit ${hostname}`);
      await sample.say('status');
      await expectNothingPlanted(sample, lines);
    });
  });

  describe('whose deliveries come as webhooks', () => {
    let sample: WatchedSample;
    const answers = new Map<string, number>();
    const recent = () => deliveries.filter((delivery) => isTaken(delivery) && atOf(delivery) > nowMs - hourMs);

    beforeAll(async () => {
      sample = await watchedSample(nowMs);
      // Postal's words name no host where it found none: the routes have to be known from an earlier report.
      await sample.goTo(nowMs - windowMs);
      await sample.report({ ...(await readFromDatabase(nowMs)), atMs: nowMs - windowMs });
      for (const delivery of deliveries) {
        await sample.goTo(atOf(delivery));
        const answer = `${delivery.server}: ${await sample.webhook(delivery.server, contentOf(delivery))}`;
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
      await sample.goTo(nowMs);
    });

    test('are taken from every mail server that has a token, and from no other', () => {
      const of = (name: string): number => deliveries.filter(({ server }) => server === name).length;
      expect(Object.fromEntries(answers)).toEqual({
        'acme/production: 200': of('acme/production'),
        'acme/staging: 200': of('acme/staging'),
        'acme/mail: 200': of('acme/mail'),
        'acme/closed: 404': of('acme/closed'),
      });
    });

    test('are counted once each for the endpoint that they are about, which fails where the audit says so', async () => {
      const tallies = await listTallies(sample.ports.state, signal());
      const counted = new Map(
        tallies.map(({ server, hostname, tally }) => [`${server} ${hostname}`, summaryOf(tally)]),
      );
      for (const { id, failingNow } of expected) {
        const { server: serverId = 0 } = endpoints.find((endpoint) => endpoint.id === id) ?? {};
        const [server, hostname] = [serverNames.get(serverId), hostnameOf(id)];
        const own = deliveries.filter((delivery) => delivery.server === server && delivery.hostname === hostname);
        if (own.length === 0) expect(failingNow).toBe(false);
        else
          expect(counted.get(`${server} ${hostname}`), hostname).toEqual({ ...numbersOf(own), isFailing: failingNow });
      }
    });

    test('are counted no second time where Postal sends them again, and refused after an hour', async () => {
      const before = await listTallies(sample.ports.state, signal());
      expect(recent().length).toBeGreaterThan(10);
      for (const delivery of recent()) expect(await sample.webhook(delivery.server, contentOf(delivery))).toBe(200);
      const old = deliveries.findLast((delivery) => isTaken(delivery) && atOf(delivery) < nowMs - hourMs);
      if (old === undefined) throw new Error('all deliveries of the sample are of the last hour');
      expect(await sample.webhook(old.server, contentOf(old))).toBe(400);
      expect(await listTallies(sample.ports.state, signal())).toEqual(before);
    });

    test('have the endpoints probed, and open no incident by themselves', async () => {
      const now = new Set(recent().flatMap((each) => (atOf(each) > nowMs - 600_000 ? each.hostname : [])));
      expect(new Set((await wantedProbes(sample.ports.state, signal())).keys())).toEqual(now);
      await sample.rounds(1);
      expect(await opened(sample)).toEqual([]);
    });

    test('and then the report: one incident for each endpoint that fails, until a report says that it delivers', async () => {
      const fails = await readFromDatabase(sample.clock.now());
      await sample.report(fails);
      await sample.rounds(3);
      expect(await opened(sample)).toEqual(incidentsExpected);
      const delivers = [...fails.deliveries].map(
        ([id, facts]) => [id, { ...facts, failingNow: false, failingSinceMs: null }] as const,
      );
      await sample.report({ ...fails, atMs: sample.clock.now(), deliveries: new Map(delivers) });
      await sample.rounds(1);
      expect(await opened(sample)).toEqual(incidentsExpected);
      for (const { closedAtMs } of await sample.incidents()) expect(closedAtMs).toBeDefined();
      expect(sample.destinations.taken.length).toBeGreaterThanOrEqual(2 * failing.length);
      await expectNothingPlanted(sample);
    });
  });
});
