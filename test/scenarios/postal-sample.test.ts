import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { listTallies, wantedProbes } from '../../lib/app/state/webhook-store.ts';
import { summaryOf } from '../../lib/core/postal/webhooks/webhook-tally.ts';
import { causeKey } from '../../lib/core/watch/incident-cause.ts';
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

const { endpoints, expected, registered, servers, routes, mail } = postalSample;
const hostnameOfId = new Map(endpoints.map(({ id, hostname }) => [id, hostname.replace(/\.$/, '')]));
const hostnameOf = (id: number | null): string => hostnameOfId.get(id ?? 0) ?? '';
const serverNames = new Map(servers.map(({ id, permalink }) => [id, `acme/${permalink}`]));

/** The endpoints that fail now, by the program that made the sample. */
const failing = expected.filter(({ failingNow }) => failingNow).map(({ id }) => hostnameOf(id));
const incidentsExpected = failing.map((hostname) => `deliveries-${hostname}`).toSorted();

const opened = async (sample: WatchedSample): Promise<readonly string[]> =>
  (await sample.incidents()).map(({ cause }) => causeKey(cause)).toSorted();

/** What no queue, table, log or message may hold. */
const secrets = [planted, password, reportKey, postalSecrets.recipientKey, ...Object.values(sampleTokens)];
const expectNothingPlanted = async (sample: WatchedSample, ...more: readonly string[]): Promise<void> => {
  const everything = [await sample.everything(), ...more].join('\n');
  for (const secret of secrets) expect(everything.includes(secret), secret).toBe(false);
  // What was looked through has Postal's words in it.
  expect(everything).toContain('Unable to relay');
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
  let folder: string;
  let read: DatabaseFunction;
  let nowMs: number;

  /** The shell's audit of the database. */
  const shell = (...more: readonly string[]) =>
    auditInShell(
      [
        ...['--database', `mysql://postal_endpoint@127.0.0.1:${db.port}/postal`, '--ca-file', db.caFile],
        ...['--resolver', `${dns.nameserver.address}:${dns.nameserver.port}`, '--no-probe'],
        ...['--registry', join(folder, 'registry.json'), ...more],
      ],
      { POSTAL_DATABASE_PASSWORD: password },
    );

  beforeAll(async () => {
    db = parts.use(await startMariaDb());
    folder = parts.use(await temporaryFolder()).path;
    await writeFile(join(folder, 'registry.json'), JSON.stringify(registered));
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
    read = parts.use(await startDatabaseFunction(db, password, (line) => void lines.push(line)));
  });
  afterAll(() => parts.disposeAsync());

  test('is judged by the audit as the program that made it says', async () => {
    const { text } = await shell('--json');
    const { endpoints: audited } = JSON.parse(text);
    expect(audited).toHaveLength(expected.length);
    expect(audited).toEqual(
      expect.arrayContaining(
        expected.map(({ waiting, ...rest }) =>
          expect.objectContaining({ ...rest, waiting: expect.objectContaining({ count: waiting }) }),
        ),
      ),
    );
  });

  describe.each(['reported to the receiver', 'read by the function in the VPC'] as const)('%s', (way) => {
    let sample: WatchedSample;
    beforeAll(async () => {
      const isReported = way === 'reported to the receiver';
      sample = await watchedSample(nowMs, isReported ? undefined : read.database);
      await sample.goTo(Date.now());
      if (isReported) {
        await using server = await sample.served();
        const sent = await auditInShell(
          [
            ...['--database', `mysql://postal_endpoint@127.0.0.1:${db.port}/postal`, '--ca-file', db.caFile],
            ...['--send', server.url.href, '--sender', 'postal1'],
          ],
          { POSTAL_DATABASE_PASSWORD: password, POSTAL_ENDPOINT_REPORT_KEY: reportKey },
        );
        expect(sent).toMatchObject({ exitCode: 0 });
      }
      await sample.rounds(3);
    });

    test('is one incident for each endpoint that fails, and none for greylisting or a refused recipient', async () => {
      expect(await opened(sample)).toEqual(incidentsExpected);
      const alerts = sample.messenger.posts.filter(({ message }) => message.text.includes('mail fails'));
      expect(alerts).toHaveLength(failing.length);
    });

    test('is in Slack the audit that the shell prints, findings and order alike', async () => {
      const inShell = saidInShell((await shell()).text);
      expect(inShell.length).toBeGreaterThan(10);
      await sample.say('audit');
      const rows = rowsSaid(sample.lastReply());
      expect(rows.slice(0, inShell.length)).toEqual(
        inShell.map(({ name, found }) => `${name} · ${found.map(({ code }) => code).join(', ')}`),
      );
      expect(rows).toHaveLength(expected.length);
      for (const place of new Set(inShell.map((each) => each.place))) {
        await sample.say(`audit ${place}`);
        expect(findingsSaid(sample.lastReply()), place).toEqual(
          inShell.filter((each) => each.place === place).flatMap(({ found }) => found),
        );
      }
    });

    test('leaves nothing planted in a queue, table, log or message', async () => {
      await expectNothingPlanted(sample, ...lines, await readFile(join(folder, 'registry.json'), 'utf8'));
    });
  });

  test('whose deliveries come as webhooks as well: counted once each for their endpoint, probed, and no incident more', async () => {
    const sample = await watchedSample(nowMs);
    const routeNames = new Map(routes.map(({ id, name }) => [id, name === '*' ? planted : name]));
    const events = {
      Sent: 'MessageSent',
      SoftFail: 'MessageDelayed',
      HardFail: 'MessageDeliveryFailed',
      Held: 'MessageHeld',
    };
    const isEvent = (status: string): status is keyof typeof events => Object.hasOwn(events, status);
    const deliveries = mail
      .flatMap(({ server, endpoint, route, attempts }, index) =>
        attempts.flatMap(({ ageSeconds, status, details = '', output = '', encrypted = false }) =>
          isEvent(status)
            ? [
                {
                  server,
                  endpoint,
                  route,
                  status,
                  details,
                  output,
                  encrypted,
                  messageId: 1000 + index,
                  atMs: Math.round(nowMs - ageSeconds * 1000),
                },
              ]
            : [],
        ),
      )
      .filter(({ atMs }) => atMs > nowMs - 72 * 3_600_000)
      .toSorted((one, other) => one.atMs - other.atMs);
    const answers = new Map<string, number>();
    for (const { server, route, status, atMs, encrypted, ...rest } of deliveries) {
      await sample.goTo(atMs);
      const answer = await sample.webhook(serverNames.get(server) ?? '', {
        ...rest,
        event: events[status],
        status,
        atMs,
        isEncrypted: encrypted,
        to: `${routeNames.get(route)}@acme.example`,
        from: `${planted}@sender.example`,
        subject: planted,
        token: planted,
        messageIdHeader: planted,
      });
      const key = `${serverNames.get(server)}: ${answer}`;
      answers.set(key, (answers.get(key) ?? 0) + 1);
    }
    expect(Object.fromEntries(answers)).toEqual({});
  });
});
