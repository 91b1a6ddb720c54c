import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { createDnsServer } from '../../lib/local/dns-server.ts';
import { listenOnLoopback } from '../../lib/local/loopback-server.ts';
import { createLocalRoute53 } from '../../lib/local/route53/local-route53.ts';
import { startSmtpSamples } from '../../lib/local/smtp/samples.ts';
import { runShell } from '../../lib/shell/run-shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'postal-endpoint-shell-'));
const policyFile = join(folder, 'policy.json');
const profileFile = join(folder, 'postal-profile.json');
const files = ['--policy', policyFile, '--profile', profileFile];
const closing: (() => Promise<unknown>)[] = [];
let port = 0;

beforeAll(async () => {
  const samples = await startSmtpSamples({
    port: 0,
    implicitTlsPort: 0,
    certificateNames: ['up.corp.internal'],
    nowEpochMs: Date.now(),
  });
  for (const sample of samples) closing.push(() => sample.close());
  port = samples.find(({ name }) => name === 'starttls')?.port ?? 0;
  const recordSets = [
    { name: 'up.corp.internal', type: 'A', ttlSeconds: 60, values: ['127.20.0.11'] },
    { name: 'outside.corp.internal', type: 'A', ttlSeconds: 60, values: ['127.0.0.1'] },
  ];
  const { zones } = createLocalRoute53({
    clock: systemClock,
    zones: [{ id: 'Z0', name: 'corp.internal', isPrivate: true, vpcs: [], recordSets }],
  });
  const server = createDnsServer({ zones });
  const dns = await server.listen();
  closing.push(() => server.close());
  const policy = {
    zones: [{ name: 'corp.internal', id: 'Z0CORP' }],
    cidrs: ['127.20.0.0/16'],
    ports: [25, port],
    auditChannel: 'C0AUDIT',
    grants: [{ name: 'all', teams: ['T0TEAM'], verbs: ['*'] }],
  };
  writeFileSync(policyFile, JSON.stringify(policy));
  const profile = {
    heloHostname: 'postal.example.com',
    returnPathDomain: 'rp.example.com',
    nameservers: [`${dns.address}:${dns.port}`],
  };
  writeFileSync(profileFile, JSON.stringify(profile));
});

afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  rmSync(folder, { recursive: true });
});

describe('postal-endpoint check', () => {
  it('probes a name and says what it met', async () => {
    const { text, exitCode } = await runShell(['check', 'up.corp.internal', '--port', String(port), ...files]);
    expect(text.split('\n')[0]).toBe('Postal will get in, encrypted.');
    expect(text).toContain('self-signed');
    expect(exitCode).toBe(0);
  });

  it('prints the whole report as one JSON object', async () => {
    const { text } = await runShell(['check', 'up.corp.internal', '--port', String(port), '--json', ...files]);
    expect(JSON.parse(text)).toMatchObject({ hostname: 'up.corp.internal', addresses: [{ ip: '127.20.0.11' }] });
  });

  it('says that a name does not exist', async () => {
    const { text, exitCode } = await runShell(['check', 'nobody.corp.internal', ...files]);
    expect(text).toContain('NXDOMAIN');
    expect(exitCode).toBe(2);
  });

  it('connects to nothing outside policy', async () => {
    let connections = 0;
    const listener = createServer(() => {
      connections += 1;
    });
    await listenOnLoopback(listener, port);
    const { text, exitCode } = await runShell(['check', 'outside.corp.internal', '--port', String(port), ...files]);
    listener.close();
    expect(text).toContain('outside the ranges');
    expect(exitCode).toBe(3);
    expect(connections).toBe(0);
  });
});

describe('postal-endpoint, used wrongly', () => {
  it.each([
    [[], 'postal-endpoint: checks the mail endpoints'],
    [['chekc'], 'Did you mean check?'],
    [['check'], 'hostname: give one'],
    [['check', 'a.corp.internal', '--policy', 'missing.json'], 'missing.json cannot be used'],
    [['check', 'a.corp.internal', ...files, '--port', '70000'], 'port: 70000 is above 65535'],
    [['check', 'a.corp.internal', ...files, '--ssl-mode', 'ssl'], 'ssl-mode: Postal has no SSL mode "ssl"'],
    [['check', 'a.corp.internal', '--frobnicate'], '--frobnicate'],
    [['validate'], 'give --policy FILE'],
  ])('%j: one message that names the argument', async (args, part) => {
    const { text, exitCode } = await runShell(args);
    expect(text).toContain(part);
    expect(exitCode).toBe(3);
  });
});

describe('postal-endpoint validate', () => {
  it('says that the files of the example are valid, and that its ids have to be replaced', async () => {
    const { text, exitCode } = await runShell(['validate', ...files]);
    expect(text).toMatch(/policy\.json: valid, version [0-9a-f]{12}, with \d+ warnings:\n- /);
    expect(text).toContain('postal-profile.json: valid, Postal ');
    expect(exitCode).toBe(1);
  });

  it('warns of registered hostnames that the policy leaves out', async () => {
    const registry = join(folder, 'registry.jsonl');
    const row = {
      hostname: 'a.mail.corp.internal',
      targets: ['10.0.4.12'],
      standby: [],
      port: 2500,
      sslMode: 'Auto',
      ttl: 60,
      name: null,
      owner: null,
      note: null,
    };
    writeFileSync(registry, `${JSON.stringify(row)}\n`);
    const { text, exitCode } = await runShell(['validate', ...files, '--registry', registry]);
    expect(text).toContain('- ports: 1 of 1 registered hostnames would be left out (a.mail.corp.internal)');
    expect(exitCode).toBe(1);
    writeFileSync(registry, '{"stream":"_audit"}\n');
    expect(await runShell(['validate', ...files, '--registry', registry])).toMatchObject({
      text: expect.stringContaining('line 1 of'),
      exitCode: 3,
    });
  });

  it('lists every mistake of a file', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, JSON.stringify({ zones: [], cidrs: ['10.0.0.0/99'], auditChannel: '', grants: [] }));
    const { text, exitCode } = await runShell(['validate', '--policy', broken]);
    for (const path of ['zones', 'auditChannel', 'grants']) expect(text).toContain(path);
    expect(exitCode).toBe(2);
  });
});
