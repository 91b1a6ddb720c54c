import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatMarker } from '../../lib/core/dns/marker.ts';
import { parseTxt } from '../../lib/core/dns/txt-value.ts';
import type { SslMode } from '../../lib/core/endpoint/definition.ts';
import { auditInShell } from '../../lib/shell/audit/audit.ts';
import { checkInShell } from '../../lib/shell/check.ts';
import type { ShellResult } from '../../lib/shell/shell-result.ts';
import { makeCertificate } from '../support/certificate.ts';
import { type MariaDb, mariaDbMissing, startMariaDb } from '../support/postal-database/mariadb.ts';
import { type PostalContent, planted, postalDatabases } from '../support/postal-database/postal.ts';
import { prometheusMissing, promtoolCheck, servedByNodeExporter } from '../support/prometheus.ts';
import { addressRecord, type ScriptedDns, startDns } from '../support/scripted-dns.ts';
import { closedPort, mailServer, startScript } from '../support/smtp-script.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const missing = mariaDbMissing();
const password = 'a password for the account';
const environment = { POSTAL_DATABASE_PASSWORD: password };

type Registered = { readonly hostname: string; readonly port: number; readonly sslMode: SslMode };

/** What a name's marker says in DNS. */
const markerData = ({ port, sslMode }: Registered): Buffer[] => {
  const digest = '0'.repeat(64);
  const [value = ''] = formatMarker({ version: 1, generation: 1, changeId: '01JD0', port, sslMode, digest });
  const parsed = parseTxt(value);
  return parsed.ok ? parsed.strings.map((string) => Buffer.from(string)) : [];
};

describe.skipIf(missing)(
  `postal-endpoint audit on a real MariaDB${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    const closing: AsyncDisposable[] = [];
    let db: MariaDb;
    let dns: ScriptedDns;
    let folder: string;
    let ports: { readonly good: number; readonly closed: number };
    let grants: string;

    const opened = <Resource extends AsyncDisposable>(resource: Resource): Resource => {
      closing.push(resource);
      return resource;
    };

    const contentAt = (nowMs: number): PostalContent => ({
      prefix: 'pfx',
      database: 'post-al',
      nowMs,
      schema: '3.3',
      servers: [
        { id: 7, permalink: 'production' },
        { id: 8, permalink: 'staging', mode: 'Development' },
        { id: 9, permalink: 'unpaid', suspended: true },
        { id: 10, permalink: 'closed', deleted: true },
        { id: 11, permalink: 'quiet' },
      ],
      endpoints: [
        { id: 1, server: 7, hostname: 'good.example.test', port: ports.good },
        { id: 2, server: 7, hostname: '10.1.2.3.' },
        { id: 3, server: 7, hostname: 'gone.example.test' },
        { id: 4, server: 7, hostname: 'good.example.test.', port: ports.good, sslMode: 'STARTTLS' },
        { id: 5, server: 7, hostname: 'closed.example.test', port: ports.closed, sslMode: null, used: false },
        { id: 6, server: 7, hostname: 'silent.example.test', port: 70_000, sslMode: 'TLS' },
        { id: 7, server: 8, hostname: 'swapped.example.test', port: 465 },
        { id: 8, server: 9, hostname: 'swapped.example.test', port: 587, sslMode: 'TLS' },
        { id: 9, server: 10, hostname: 'other.example.test' },
        { id: 10, server: 11, hostname: 'good.example.test', port: ports.good },
      ],
      routes: [
        { id: 1, server: 7, name: 'good', endpoint: 1 },
        { id: 2, server: 7, name: 'literal', endpoint: 2, additional: [4, 1] },
        { id: 3, server: 7, name: 'gone', endpoint: 3 },
        { id: 5, server: 7, name: 'closed', endpoint: 5 },
        { id: 6, server: 7, name: 'lost', endpoint: 99, additional: [1] },
        { id: 7, server: 7, name: 'refused', mode: 'Reject' },
        { id: 8, server: 8, name: 'staging', endpoint: 7 },
        { id: 9, server: 9, name: 'unpaid', endpoint: 8 },
        { id: 10, server: 10, name: 'deleted', endpoint: 98 },
        { id: 11, server: 11, name: 'quiet', endpoint: 10 },
      ],
      mail: [
        {
          server: 7,
          endpoint: 1,
          route: 1,
          attempts: [
            { ageSeconds: 4000, status: 'SoftFail' },
            { ageSeconds: 3700, status: 'Sent' },
          ],
        },
        { server: 7, endpoint: 1, route: 1, attempts: [{ ageSeconds: 100, status: 'Sent', encrypted: false }] },
        {
          server: 7,
          endpoint: null,
          route: 3,
          attempts: [
            { ageSeconds: 4000, status: 'SoftFail' },
            {
              ageSeconds: 3000,
              status: 'SoftFail',
              details: `No SMTP servers were available for acme.example. No hosts to try.`,
              output: `<${planted}@acme.example> refused`,
            },
          ],
          waits: true,
        },
        { server: 7, endpoint: 2, route: 2, attempts: [{ ageSeconds: 400, status: 'HardFail' }] },
        {
          server: 7,
          endpoint: 6,
          route: 2,
          attempts: [
            { ageSeconds: 400_000, status: 'SoftFail' },
            { ageSeconds: 300_000, status: 'SoftFail' },
          ],
        },
        {
          server: 7,
          endpoint: 1,
          route: 1,
          attempts: [{ ageSeconds: 30, status: 'SoftFail' }],
          waits: true,
          lockedForSeconds: 4000,
        },
        {
          server: 7,
          endpoint: 99,
          route: 6,
          attempts: [{ ageSeconds: 30, status: 'HardFail', details: 'Invalid endpoint for route.' }],
        },
        { server: 7, endpoint: 1, route: 1, attempts: [{ ageSeconds: 60, status: 'Error' }], scope: 'outgoing' },
        {
          server: 10,
          endpoint: 9,
          route: 10,
          attempts: [{ ageSeconds: 5000, status: 'SoftFail' }],
          waits: true,
          lockedForSeconds: 9000,
        },
        { server: 11, endpoint: 10, route: 11, attempts: [{ ageSeconds: 50, status: 'Sent' }] },
      ],
    });

    const registered = (): readonly Registered[] => [
      { hostname: 'good.example.test', port: ports.good, sslMode: 'Auto' },
      { hostname: 'swapped.example.test', port: 587, sslMode: 'TLS' },
      { hostname: 'closed.example.test', port: ports.closed, sslMode: 'Auto' },
      { hostname: 'spare.example.test', port: 25, sslMode: 'Auto' },
      { hostname: 'other.example.test', port: 25, sslMode: 'Auto' },
    ];

    const url = (): string => `mysql://postal_endpoint@127.0.0.1:${db.port}/${encodeURIComponent('post-al')}`;
    const resolver = (): readonly string[] => [
      '--resolver',
      `127.0.0.1:${dns.nameserver.port}`,
      '--os-hostname',
      'postal',
    ];
    const tls = (): readonly string[] => ['--ca-file', db.caFile];
    const database = (): readonly string[] => ['--database', url(), '--message-prefix', 'pfx', ...tls(), ...resolver()];
    const fromFile = (): readonly string[] => ['--registry', join(folder, 'registry.json')];
    const run = (...args: readonly string[]): Promise<ShellResult> => auditInShell(args, environment);

    /** The findings of each endpoint, by id, and of the rest. */
    const codesIn = ({ text }: ShellResult): unknown => {
      const codes = (findings: readonly { readonly code: string }[]): string =>
        findings
          .map(({ code }) => code)
          .sort()
          .join(' ');
      const { endpoints, routes, findings } = JSON.parse(text);
      return {
        ...Object.fromEntries(
          endpoints.map((endpoint: { id: number; findings: [] }) => [endpoint.id, codes(endpoint.findings)]),
        ),
        routes: Object.fromEntries(
          routes.map((route: { address: string; findings: [] }) => [route.address, codes(route.findings)]),
        ),
        queue: codes(findings),
      };
    };

    const expected = {
      1: 'delivers-plaintext duplicate',
      2: 'ip-literal',
      3: 'dead-name fails-now unregistered',
      4: 'drift-ssl-mode duplicate starttls-plaintext',
      5: 'never-delivered ssl-mode-missing',
      6: 'port-out-of-range unregistered unused',
      7: 'drift-port drift-ssl-mode port-mode-swapped server-development',
      8: 'port-mode-swapped server-suspended',
      10: '',
      routes: { 'lost@acme.example': 'route-dangling', 'refused@acme.example': 'route-rejects' },
      queue: 'pending-not-queued stuck-lock',
    };

    beforeAll(async () => {
      const home = opened(await temporaryFolder());
      folder = home.path;
      const certificate = await makeCertificate({ commonName: 'good.example.test' });
      const server = opened(await startScript(mailServer({ certificate })));
      ports = { good: server.port, closed: await closedPort() };
      const names = new Map(registered().map((each) => [each.hostname, each]));
      dns = opened(
        await startDns(({ name, type }) => {
          if (name === 'silent.example.test') return type === 'A' || type === 'AAAA' ? { rcode: 2 } : { rcode: 3 };
          if (type === 'TXT') {
            const marked = names.get(name.replace('_postal-endpoint.', ''));
            return marked === undefined
              ? { rcode: 3 }
              : { answers: [{ type: 'TXT', name, ttl: 60, class: 'IN', data: markerData(marked) }] };
          }
          if (!names.has(name)) return { rcode: 3 };
          return { answers: type === 'A' ? [addressRecord(name, '127.0.0.1')] : [] };
        }),
      );
      db = opened(await startMariaDb());
      await db.sql(postalDatabases(contentAt(Date.now())));
      await db.sql("GRANT ALL ON *.* TO 'postal'@'127.0.0.1' IDENTIFIED BY 'Postals-Own'");
      await writeFile(
        join(folder, 'registry.json'),
        JSON.stringify(registered().map((each) => ({ ...each, addresses: ['10.0.0.1'] }))),
      );
      await writeFile(
        join(folder, 'postal.yml'),
        `version: 2\nmain_db:\n  host: 127.0.0.1\n  port: ${db.port}\n  username: postal\n  password: Postals-Own\n  database: post-al\nmessage_db:\n  host: 127.0.0.1\n  port: ${db.port}\n  username: postal\n  password: Postals-Own\n  database_name_prefix: pfx\n`,
      );
      grants = (await run('--grants', '--use-postal-account', '--postal-config', join(folder, 'postal.yml'), ...tls()))
        .text;
      await db.sql(grants);
    });
    afterAll(async () => {
      for (const one of closing.reverse()) await one[Symbol.asyncDispose]();
    });

    it('finds what is wrong, with a registry file', async () => {
      const result = await run(...database(), ...fromFile(), '--no-probe', '--json');
      expect(codesIn(result)).toEqual(expected);
      expect(result.exitCode).toBe(2);
      const { registeredNotInPostal, unresolved, postalSchema } = JSON.parse(result.text);
      expect({ registeredNotInPostal, unresolved, postalSchema }).toEqual({
        registeredNotInPostal: ['other.example.test', 'spare.example.test'],
        unresolved: ['silent.example.test'],
        postalSchema: '20240311205229',
      });
    });

    it('finds the same from the markers in DNS, but for names that Postal does not have', async () => {
      const result = await run(...database(), '--no-probe', '--json');
      expect(codesIn(result)).toEqual(expected);
      expect(JSON.parse(result.text).registeredNotInPostal).toBeNull();
    });

    it('says what waits, what fails and since when', async () => {
      const { endpoints } = JSON.parse((await run(...database(), ...fromFile(), '--no-probe', '--json')).text);
      const facts = endpoints.map(
        ({ id, failingNow, waiting, sentPlaintext, lastFailure, deliveries }: Record<string, unknown>) => ({
          id,
          failingNow,
          waiting,
          sentPlaintext,
          lastFailure,
          deliveries,
        }),
      );
      expect(facts[0]).toMatchObject({
        failingNow: false,
        waiting: { count: 1, tried: 1, maxAttempts: 1 },
        sentPlaintext: 1,
        deliveries: {
          '1h': { Sent: 1, SoftFail: 1 },
          '24h': { Sent: 2, SoftFail: 2 },
          '72h': { Sent: 2, SoftFail: 2 },
        },
      });
      expect(facts[2]).toMatchObject({
        failingNow: true,
        waiting: { count: 1, tried: 1, maxAttempts: 2 },
        lastFailure: {
          status: 'SoftFail',
          details: 'No SMTP servers were available for acme.example. No hosts to try.',
          output: '<(address)> refused',
        },
      });
      expect(facts[5]).toMatchObject({ failingNow: false, deliveries: { '72h': {} } });
    });

    it('adds what a probe meets, and keeps what it found without', async () => {
      const result = await run(...database(), ...fromFile(), '--json', '--server', 'acme/production');
      const { endpoints } = JSON.parse(result.text);
      const codes = (id: number): readonly string[] =>
        endpoints
          .find((endpoint: { id: number }) => endpoint.id === id)
          .findings.map(({ code }: { code: string }) => code);
      expect(codes(1)).toEqual(expect.arrayContaining(['delivers-plaintext', 'duplicate']));
      expect(codes(5)).toEqual(expect.arrayContaining(['never-delivered', 'ssl-mode-missing', 'connect-refused']));
      expect(codes(3)).toEqual(['dead-name', 'fails-now', 'unregistered']);
      expect(endpoints[0].prediction).toMatchObject({
        wireSecurity: null,
        entry: { ip: '127.0.0.1', security: 'tls' },
      });
      expect(endpoints.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    });

    const main = (): string => `main_db:\n  host: 127.0.0.1\n  port: ${db.port}\n  database: post-al\n`;
    const messages = (more: string): string => `message_db:\n  host: 127.0.0.1\n  port: ${db.port}\n${more}`;
    type Setting = {
      readonly files: () => Readonly<Record<string, string>>;
      readonly args?: readonly string[];
      readonly variables?: () => Readonly<Record<string, string>>;
      readonly notes?: RegExp;
    };
    const settings: Readonly<Record<string, Setting>> = {
      'version 2': {
        files: () => ({ 'postal.yml': `version: 2\n${main()}${messages('  database_name_prefix: pfx\n')}` }),
      },
      'a legacy file with postal.local.yml, read as 2.x': {
        files: () => ({
          'postal.yml': `main_db:\n  host: 127.0.0.1\n  port: 1\n  database: wrong\n${messages('  prefix: wrong\n')}`,
          'postal.local.yml': `${main()}message_db:\n  prefix: pfx\n`,
        }),
        args: ['--postal-version', '2'],
        variables: () => ({ MAIN_DB_DATABASE: 'environment', MESSAGE_DB_PREFIX: 'environment' }),
        notes:
          /main_db\.database in .*postal\.local\.yml \("post-al"\) and main_db\.database in .*postal\.yml \("wrong"\) differ/,
      },
      'message databases at another address': {
        files: () => ({
          'postal.yml': `version: 2\n${main()}${messages('  database_name_prefix: pfx\n').replace('127.0.0.1', 'localhost')}`,
        }),
      },
      'the environment': {
        files: () => ({
          'postal.yml': `version: 2\nmain_db:\n  host: 127.0.0.1\n  port: 1\n  database: wrong\nmessage_db:\n  database_name_prefix: wrong\n`,
        }),
        variables: () => ({
          MAIN_DB_PORT: String(db.port),
          MAIN_DB_DATABASE: 'post-al',
          MESSAGE_DB_HOST: '127.0.0.1',
          MESSAGE_DB_PORT: String(db.port),
          MESSAGE_DB_DATABASE_NAME_PREFIX: 'pfx',
        }),
        notes:
          /MAIN_DB_DATABASE in the environment \("post-al"\) and main_db\.database in .*postal\.yml \("wrong"\) differ/,
      },
      'a .env file': {
        files: () => ({
          'postal.yml': `${main()}${messages('  prefix: wrong\n')}`,
          '.env': 'MESSAGE_DB_DATABASE_NAME_PREFIX=pfx\n',
        }),
        notes:
          /MESSAGE_DB_DATABASE_NAME_PREFIX in .*\.env \("pfx"\) and message_db\.prefix in .*postal\.yml \("wrong"\) differ/,
      },
      'message_db.prefix in a version 2 file, which Postal 3 ignores': {
        files: () => ({ 'postal.yml': `version: 2\n${main()}${messages('  prefix: wrong\n')}` }),
        args: ['--message-prefix', 'pfx'],
        notes: /message_db\.prefix in .*postal\.yml \("wrong"\) is ignored/,
      },
    };
    it.each(Object.keys(settings))('finds the same by %s', async (name) => {
      const setting = settings[name];
      const place = join(folder, name.replace(/\W+/g, '-'));
      await mkdir(place);
      for (const [file, contents] of Object.entries(setting?.files() ?? {}))
        await writeFile(join(place, file), contents);
      const args = [
        '--postal-config',
        join(place, 'postal.yml'),
        ...(setting?.args ?? []),
        ...tls(),
        ...resolver(),
        ...fromFile(),
        '--no-probe',
        '--json',
      ];
      const result = await auditInShell(args, { ...environment, ...setting?.variables?.() });
      expect(codesIn(result)).toEqual(expected);
      if (setting?.notes === undefined) expect(result.notes).toBeUndefined();
      else expect(result.notes).toMatch(setting.notes);
    });

    it('falls into the trap with Postal: without database_name_prefix the prefix is postal, and nothing may be read', async () => {
      const place = join(folder, 'trap');
      await mkdir(place);
      await writeFile(join(place, 'postal.yml'), `version: 2\n${main()}${messages('  prefix: pfx\n')}`);
      const result = await run(
        '--postal-config',
        join(place, 'postal.yml'),
        ...tls(),
        ...resolver(),
        ...fromFile(),
        '--no-probe',
        '--json',
      );
      const { servers } = JSON.parse(result.text);
      expect(servers.map(({ deliveries }: { deliveries: string }) => deliveries)).toEqual(Array(4).fill('not granted'));
      expect(servers[0].grants[0]).toContain('ON `postal-server-7`.`messages`');
    });

    it('shows nothing of what it does not need', async () => {
      const outputs = await Promise.all([
        run(...database(), ...fromFile()),
        run(...database(), ...fromFile(), '--json', '--no-probe'),
        run(...database(), ...fromFile(), '--format', 'prometheus'),
        run('--grants', '--use-postal-account', '--postal-config', join(folder, 'postal.yml'), ...tls()),
      ]);
      for (const { text, notes = '' } of outputs) {
        expect(`${text}${notes}`).not.toContain(planted);
        expect(`${text}${notes}`).not.toContain(password);
        expect(`${text}${notes}`).not.toContain('Postals-Own');
        expect(text.length).toBeGreaterThan(100);
      }
    });

    it('prints a table for 80 columns, the worst first, then every finding with its remedy', async () => {
      const { text, exitCode } = await run(...database(), ...fromFile(), '--no-probe');
      const lines = text.split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(lines[0]).toBe('6 of 9 endpoints are broken, 2 with warnings, 1 fine.');
      expect(lines.slice(5, 14).map((line) => line[0])).toEqual([...'✗✗✗✗✗✗!!✓']);
      expect(text).toContain('route-dangling: Mail for lost@acme.example is accepted and lost');
      expect(exitCode).toBe(2);
    });

    it('ends with 0 where nothing is wrong, and with 0 whenever metrics were written', async () => {
      const quiet = await run(...database(), ...fromFile(), '--no-probe', '--server', 'quiet');
      expect({ exitCode: quiet.exitCode, head: quiet.text.split('\n')[0] }).toEqual({
        exitCode: 0,
        head: 'No endpoint is broken: 1 fine.',
      });
      const metrics = await run(...database(), ...fromFile(), '--no-probe', '--format', 'prometheus');
      expect(metrics.exitCode).toBe(0);
      expect(metrics.text).not.toMatch(/^postal_endpoint_(up|failure)/m);
      const other = await run(...database(), '--no-probe', '--server', 'nowhere');
      expect(other).toMatchObject({ exitCode: 3, text: expect.stringContaining('no mail server "nowhere"') });
    });

    it.each(['deliveries', 'messages'])(
      'names a mail server whose %s it may not read, with the statements, and takes the queue for what fails',
      async (table) => {
        await db.sql(`REVOKE ALL PRIVILEGES ON \`pfx-server-7\`.\`${table}\` FROM 'postal_endpoint'@'127.0.0.1'`);
        const result = await run(...database(), ...fromFile(), '--no-probe', '--json');
        const { servers, endpoints } = JSON.parse(result.text);
        const { grants: statements, deliveries } = servers[0];
        expect(deliveries).toBe('not granted');
        expect(endpoints[2]).toMatchObject({
          failingNow: true,
          failingSince: null,
          deliveries: null,
          lastFailure: null,
        });
        await db.sql(statements.join('\n'));
        expect(codesIn(await run(...database(), ...fromFile(), '--no-probe', '--json'))).toEqual(expected);
      },
    );

    it('makes an account that may not read anything else', async () => {
      expect(grants).toMatch(
        /^CREATE USER 'postal_endpoint'@'127\.0\.0\.1' IDENTIFIED BY PASSWORD '\*[0-9A-F]{40}' REQUIRE SSL/m,
      );
      const columns = await db.sql(
        "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.column_privileges WHERE grantee LIKE '\\'postal_endpoint\\'%'",
      );
      for (const secret of [
        'messages.subject',
        'messages.rcpt_to',
        'messages.mail_from',
        'servers.token',
        'routes.token',
        'domains.dkim_private_key',
        'queued_messages.domain',
      ])
        expect(columns.split('\n')).not.toContain(secret);
      expect(columns.split('\n')).toContain('smtp_endpoints.hostname');
    });

    it('prints statements before the account exists, without asking the server', async () => {
      const { text, exitCode } = await auditInShell(
        ['--grants', '--database', 'mysql://postal_endpoint@127.0.0.1:1/postal'],
        {},
      );
      expect(exitCode).toBe(0);
      expect(text).toMatch(/^CREATE USER 'postal_endpoint'@'127\.0\.0\.1' IDENTIFIED BY '[\w-]{32}' WITH/m);
      expect(text).toContain('ON `postal-server-ID`.`deliveries`');
    });

    it.each([
      [
        'a password in the URL',
        () => ['--database', `mysql://postal_endpoint:secret-in-url@127.0.0.1:${db.port}/postal`],
        /process list/,
      ],
      ['another protocol', () => ['--database', 'http://127.0.0.1/'], /not a database URL/],
      ['no place', () => [], /postal-config: give/],
      ['two places', () => ['--database', url(), '--postal-config', 'x'], /give one of them/],
      [
        "Postal's account without its file",
        () => ['--database', url(), '--use-postal-account'],
        /needs --postal-config/,
      ],
      [
        'a file that is missing',
        () => ['--postal-config', '/nowhere/postal.yml'],
        /\/nowhere\/postal\.yml: there is no such file/,
      ],
      [
        'two accounts',
        () => ['--postal-config', join(folder, 'postal.yml'), '--use-postal-account', '--user', 'x'],
        /user, use-postal-account: give one/,
      ],
      [
        'a release without a file',
        () => [...database(), '--postal-version', '2'],
        /it says how --postal-config FILE is read/,
      ],
      [
        'a certificate for plaintext',
        () => [...database(), '--insecure-plaintext'],
        /A plaintext connection has no certificate/,
      ],
      ['an unknown format', () => [...database(), '--format', 'xml'], /unknown format "xml"/],
      [
        'an unknown release',
        () => ['--postal-config', join(folder, 'postal.yml'), '--postal-version', '1'],
        /Write 2 or 3/,
      ],
      ['a registry that is none', () => [...database(), '--registry', join(folder, 'postal.yml')], /it is not JSON/],
    ])('refuses %s', async (_name, args, message) => {
      const failure = run(...args());
      await expect(failure).rejects.toThrow(message);
      await expect(failure).rejects.not.toThrow('secret-in-url');
    });

    it.each([
      ['main_db:\n  password: a: {quoted-secret\n', /postal\.yml is not valid YAML: look at line 2/],
      ['main_db:\n  password: *quoted-secret\n', /postal\.yml is not valid YAML/],
      ['- quoted-secret\n', /postal\.yml: /],
    ])('quotes nothing of a configuration file that it cannot read', async (text, message) => {
      const place = join(await mkdtemp(join(folder, 'broken-')), 'postal.yml');
      await writeFile(place, text);
      const failure = run('--postal-config', place);
      await expect(failure).rejects.toThrow(message);
      await expect(failure).rejects.not.toThrow('quoted-secret');
    });

    it('wants the password from the environment', async () => {
      await expect(auditInShell(database(), {})).rejects.toThrow('POSTAL_DATABASE_PASSWORD: set it');
    });

    it.each([
      [
        'a wrong password',
        () => database(),
        { POSTAL_DATABASE_PASSWORD: 'wrong' },
        [/error 1045/, /The server sees this machine as 127\.0\.0\.1/, /REQUIRE SSL/],
      ],
      [
        'an account that does not exist',
        () => [...database(), '--user', 'nobody'],
        environment,
        [/The account nobody does not exist yet/],
      ],
      [
        'nothing there',
        () => ['--database', 'mysql://127.0.0.1:1/postal'],
        environment,
        [/127\.0\.0\.1:1 could not be read/, /Is MariaDB running/],
      ],
      [
        'a database that is not Postal’s',
        () => ['--database', `mysql://postal_endpoint@127.0.0.1:${db.port}/mysql`, ...tls()],
        environment,
        [/could not be read/],
      ],
      [
        'a certificate of an unknown authority',
        () => [...database(), '--ca-file', join(folder, 'other.pem')],
        environment,
        [/certificate has to be signed/],
      ],
    ] as const)('explains %s, with exit status 3', async (_name, args, variables, messages) => {
      await writeFile(
        join(folder, 'other.pem'),
        (await makeCertificate({ commonName: 'Another', isAuthority: true })).cert,
      );
      const result = await auditInShell([...args(), '--no-probe'], variables);
      expect(result.exitCode).toBe(3);
      for (const message of messages) expect(result.text).toMatch(message);
      expect(result.text).not.toContain(password);
    });

    it.skipIf(prometheusMissing() !== undefined)(
      `writes metrics that promtool has nothing against, and node_exporter serves${prometheusMissing() === undefined ? '' : ` (skipped: ${prometheusMissing()})`}`,
      async () => {
        const audited = await run(...database(), ...fromFile(), '--format', 'prometheus');
        const checked = await checkInShell([
          'good.example.test',
          '--port',
          String(ports.good),
          ...resolver(),
          '--format',
          'prometheus',
        ]);
        const refused = await checkInShell([
          'closed.example.test',
          '--port',
          String(ports.closed),
          ...resolver(),
          '--format',
          'prometheus',
        ]);
        const place = join(folder, 'metrics');
        await mkdir(place);
        for (const [name, { text, exitCode }] of Object.entries({ audited, checked, refused })) {
          expect(exitCode).toBe(0);
          expect(await promtoolCheck(`${text}\n`)).toEqual({ output: '', exitCode: 0 });
          await writeFile(join(place, `${name}.prom`), `${text}\n`);
        }
        const all = await servedByNodeExporter(place);
        const served = all
          .split('\n')
          .filter((line) => line.startsWith('postal_endpoint_'))
          .join('\n');
        expect(all).toContain('node_textfile_scrape_error 0');
        const good = `endpoint="Endpoint 1",endpoint_id="1",hostname="good.example.test",port="${ports.good}",server="acme/production"`;
        expect(served).toContain(`postal_endpoint_up{${good}} 1`);
        expect(served).toMatch(/postal_endpoint_certificate_expiry_timestamp_seconds\{endpoint="Endpoint 1".*\} \d/);
        expect(served).toMatch(
          /postal_endpoint_failure\{endpoint="Endpoint 5".*reason="refused".*stage="connect".*\} 1/,
        );
        expect(served).toMatch(/postal_endpoint_up\{hostname="closed\.example\.test".*ssl_mode="Auto"\} 0/);
        expect(served).toMatch(/postal_endpoint_waiting_messages\{endpoint="Endpoint 3".*\} 1/);
        expect(served).toMatch(/postal_endpoint_failing_since_timestamp_seconds\{endpoint="Endpoint 3".*\} \d/);
      },
    );

    it('leaves nothing open and locks nothing', async () => {
      await run(...database(), ...fromFile(), '--no-probe');
      const open = await db.sql(
        "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'postal_endpoint' AND command <> 'Sleep'",
      );
      expect(open.trim()).toBe('0');
    });
  },
);
