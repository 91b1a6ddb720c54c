import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runShell } from '../../lib/shell/run-shell.ts';
import { bundleCommand } from '../../scripts/build/bundle.ts';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import { addressRecord, type ScriptedDns, startDns } from '../support/scripted-dns.ts';
import { mailServer, type Script, type ScriptedServer, startScript } from '../support/smtp-script.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const hostname = 'mail.example.test';
const closing: AsyncDisposable[] = [];

let dns: ScriptedDns;
let certificate: Certificate;
beforeAll(async () => {
  certificate = await makeCertificate({ commonName: hostname });
  dns = await startDns(({ name, type }) => {
    if (name === 'gone.example.test') return { rcode: 3 };
    return { answers: type === 'A' ? [addressRecord(name, '127.0.0.1')] : [] };
  });
  closing.push(dns);
});
afterAll(async () => {
  for (const one of closing) await one[Symbol.asyncDispose]();
});

const served = async (script: Script): Promise<ScriptedServer> => {
  const server = await startScript(script);
  closing.push(server);
  return server;
};

const asPostal = (): readonly string[] => [
  '--resolver',
  `127.0.0.1:${dns.nameserver.port}`,
  '--os-hostname',
  'postal',
  '--helo',
  'postal.example.test',
];

const check = (server: { readonly port: number }, ...more: readonly string[]) =>
  runShell(['check', hostname, '--port', String(server.port), ...asPostal(), ...more]);

const usual: Readonly<Record<string, string>> = { EHLO: '250-hi\r\n250 8BITMIME', DATA: '354 go on', QUIT: '221 bye' };

/** A server that goes through a transaction, with these replies where it is not to accept. */
const taking =
  (replies: Readonly<Record<string, string>> = {}): Script =>
  async (connection) => {
    connection.say('220 hi\r\n');
    for (let line = await connection.hear(); line !== undefined; line = await connection.hear()) {
      const verb = line.split(' ')[0] ?? '';
      connection.say(`${replies[verb] ?? usual[verb] ?? '250 ok'}\r\n`);
      if (verb === 'QUIT') return connection.close();
      if (verb !== 'DATA' || replies['DATA'] !== undefined) continue;
      for (let said = await connection.hear(); said !== '.' && said !== undefined; ) said = await connection.hear();
      connection.say('250 queued\r\n');
    }
  };

describe('check on the Postal host', () => {
  it('needs neither policy nor profile', async () => {
    const server = await served(mailServer({ certificate }));
    const { text, exitCode } = await check(server);
    expect({ first: text.split('\n')[0], exitCode }).toEqual({ first: 'Postal will get in, encrypted.', exitCode: 0 });
    expect(server.heard).toEqual(['EHLO postal.example.test', 'STARTTLS', 'EHLO postal.example.test', 'QUIT']);
  });

  it('prints one JSON object with prediction, addresses and findings', async () => {
    const server = await served(taking());
    const { text } = await check(server, '--json');
    const answer = JSON.parse(text);
    expect(answer).toMatchObject({
      hostname,
      port: server.port,
      sslMode: 'Auto',
      getsIn: true,
      recipient: 'not-tried',
      prediction: {
        class: 'gets_in_plaintext',
        result: null,
        resolvedIpsInOrder: ['127.0.0.1'],
        attemptedIpsInOrder: ['127.0.0.1'],
        acceptedByIp: null,
        wireSecurity: null,
        bouncesToSender: false,
        willRetry: false,
        retryAfterSeconds: null,
        hostnameCanBeSaved: true,
        entry: { ip: '127.0.0.1', security: 'plaintext' },
      },
      addresses: [
        {
          ip: '127.0.0.1',
          stages: [{ stage: 'connect', status: 'passed', durationMs: expect.any(Number) }, {}, {}, {}, {}, {}, {}, {}],
        },
      ],
    });
    for (const { code, severity, message, remedy } of answer.findings) {
      expect([typeof code, typeof message, typeof remedy]).toEqual(['string', 'string', 'string']);
      expect(severity).toMatch(/^(?:critical|warning|info)$/);
    }
  });

  it.each([
    ['accepted', {}, ['--rcpt', 'a@corp.example'], 'gets_in_plaintext'],
    ['accepted', {}, ['--rcpt', 'a@corp.example', '--deliver'], 'sent_plaintext'],
    ['refused', { RCPT: '550 5.1.1 no such user' }, ['--rcpt', 'a@corp.example'], 'hardfail'],
    ['put-off', { RCPT: '450 4.2.0 greylisted' }, ['--rcpt', 'a@corp.example'], 'softfail_smtp'],
    ['not-tried', {}, [], 'gets_in_plaintext'],
  ] as const)(
    'says that Postal gets in, and apart from that: recipient %s',
    async (recipient, replies, more, predicted) => {
      const server = await served(taking(replies));
      const answer = JSON.parse((await check(server, '--json', ...more)).text);
      expect(answer).toMatchObject({ getsIn: true, recipient, prediction: { class: predicted } });
      expect(answer.prediction).not.toHaveProperty('inconclusive');
    },
  );

  it('offers a recipient, and takes leave without a message', async () => {
    const server = await served(taking());
    const { text } = await check(server, '--rcpt', 'user@customer.example', '--mail-from', 'token@rp.example.test');
    expect(text).toContain('The recipient is accepted; no message was delivered.');
    expect(server.heard).toEqual([
      'EHLO postal.example.test',
      'MAIL FROM:<token@rp.example.test>',
      'RCPT TO:<user@customer.example>',
      'RSET',
      'QUIT',
    ]);
  });

  it('says what Postal will say of a recipient that is refused', async () => {
    const server = await served(taking({ RCPT: '550 5.1.1 no such user' }));
    const { text, exitCode } = await check(server, '--rcpt', 'user@customer.example');
    expect(exitCode).toBe(2);
    expect(text).toContain(`Permanent SMTP delivery error when sending to 127.0.0.1:${server.port} (${hostname})`);
    expect(text).toContain('550 5.1.1 no such user');
  });

  it('delivers one marked message', async () => {
    const server = await served(taking());
    await check(server, '--rcpt', 'user@customer.example', '--deliver', '--json');
    const message = server.heard.slice(server.heard.indexOf('DATA') + 1, server.heard.indexOf('.'));
    expect(message).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Resent-Sender: postal-endpoint@/),
        expect.stringMatching(/^Date: \w{3}, \d{2} \w{3} \d{4} [\d:]{8} \+0000$/),
        'To: <user@customer.example>',
        'Auto-Submitted: auto-generated',
        expect.stringMatching(/^X-Postal-Endpoint-Check: [0-9a-f-]{36}$/),
      ]),
    );
  });

  it('says what happens to an address in the place of a name', async () => {
    await using denying = await startDns(() => ({ rcode: 3 }));
    const resolver = `127.0.0.1:${denying.nameserver.port}`;
    const { text, exitCode } = await runShell([
      'check',
      '10.0.4.12',
      '--resolver',
      resolver,
      '--os-hostname',
      'postal',
      '--json',
    ]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(text)).toMatchObject({
      prediction: { class: 'no_hosts', hostnameCanBeSaved: true },
      addresses: [],
    });
  });

  it("waits as long as Postal, and says it in Postal's words", async () => {
    const server = await served(() => {});
    const result = await check(server, '--read-timeout', '0.2');
    expect(result).toMatchObject({ exitCode: 2, isAnswer: true });
    expect(result.text).toContain('Net::ReadTimeout');
  });

  it('trusts whom --ca-file says', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'ca.pem');
    await writeFile(file, certificate.cert);
    const server = await served(mailServer({ certificate, implicitTls: true }));
    expect(await check(server, '--ssl-mode', 'tls')).toMatchObject({ exitCode: 2 });
    expect((await check(server, '--ssl-mode', 'tls', '--ca-file', file)).text).toMatch(
      /^Postal will get in, encrypted\./,
    );
  });

  it('reads resolv.conf as Postal does', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'resolv.conf');
    await writeFile(file, 'search corp.test\n');
    const { text, exitCode } = await runShell(['check', hostname, '--resolv-conf', file]);
    expect(exitCode).toBe(2);
    expect(text).toContain('Could not find nameservers');
  });

  it.each([
    [['--rcpt', 'nobody'], 'rcpt: "nobody" is not a valid address'],
    [['--rcpt', 'a@b.example>\r\nDATA'], 'rcpt:'],
    [['--deliver'], 'deliver: name the recipient'],
    [['--mail-from', 'x y@z'], 'mail-from:'],
    [['--open-timeout', '0'], 'open-timeout: "0" is not a valid number of seconds'],
    [['--dns-timeout', 'soon'], 'dns-timeout:'],
    [['--resolver', 'ns.example'], 'resolver: nameserver "ns.example" is not an address'],
    [['--resolv-conf', '/etc/resolv.conf'], 'resolver, resolv-conf: give one of them'],
    [['--ca-file', '/nonexistent'], 'ca-file:'],
    [['--postal-version', '3'], 'postal-version: "3" is not a valid release'],
    [['--helo', 'a b'], 'helo: "a b" is not a valid host name'],
    [['--port', '70000'], 'port: 70000 is above 65535'],
  ])('%j: one message that names the argument', async (args, part) => {
    const { text, exitCode, isAnswer } = await runShell(['check', hostname, ...asPostal(), ...args]);
    expect({ text, exitCode, isAnswer }).toEqual({
      text: expect.stringContaining(part),
      exitCode: 3,
      isAnswer: undefined,
    });
  });
});

/** The Node.js of the machine, where it is another one than the project's. */
const machineNode = ['/usr/bin/node', '/usr/local/bin/node'].find((file) => existsSync(file));

describe('the bundle', () => {
  const needsNewerNode = /^postal-endpoint needs Node 22\.18 or newer; this is \d+\.\d+\.\d+\n$/;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let file: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    file = join(folder.path, 'postal-endpoint.mjs');
    await writeFile(file, await bundleCommand());
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  const endOf = (args: readonly string[], node = process.execPath): Promise<unknown> =>
    run(node, args).then(
      () => undefined,
      (error: unknown) => error,
    );

  it("runs under the project's Node.js", async () => {
    const server = await served(mailServer({ certificate }));
    const options = ['--port', String(server.port), ...asPostal(), '--json'];
    const { stdout } = await run(process.execPath, [file, 'check', hostname, ...options]);
    expect(JSON.parse(stdout)).toMatchObject({ hostname, prediction: { entry: { ip: '127.0.0.1', security: 'tls' } } });
  }, 60_000);

  it.each(['18.20.0', '20.20.2', '22.17.9'])(
    'says on Node.js %s which one it needs, and ends with 3',
    async (version) => {
      const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
      const ended = await endOf(['--import', pretend, file, 'help']);
      expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(needsNewerNode) });
    },
  );

  it("says it on the machine's own Node.js where that is too old, and runs there otherwise", async () => {
    const ended = await endOf([file, 'help'], machineNode);
    if (ended !== undefined)
      expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(needsNewerNode) });
  });
});
