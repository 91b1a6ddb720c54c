import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProbeRequest, ProbeResult } from '../../lib/core/probe-report/report.ts';
import { bundleFunction, bytesAtStart } from '../../scripts/build/bundle.ts';
import { makeCertificate } from '../support/certificate.ts';
import { addressRecord, startDns, zone } from '../support/scripted-dns.ts';
import { mailServer, startScript } from '../support/smtp-script.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const hostname = 'mail.example.test';

type Setting = { readonly port: number; readonly profile?: object; readonly files?: Readonly<Record<string, string>> };

/** The handler as Lambda would load it, beside a policy and a profile. */
const loadHandler = async (folder: string, nameserver: string, { port, profile = {}, files = {} }: Setting) => {
  const policy = {
    zones: [{ name: 'example.test', id: 'Z0123456789ABC' }],
    cidrs: ['127.0.0.0/8'],
    ports: [port],
    auditChannel: 'C0AUDIT0001',
    grants: [{ name: 'everyone', teams: ['T1'], verbs: ['*'] }],
  };
  const postal = {
    heloHostname: 'postal.example.test',
    returnPathDomain: 'rp.example.test',
    nameservers: [nameserver],
    ...profile,
  };
  const all = { 'policy.json': JSON.stringify(policy), 'profile.json': JSON.stringify(postal), ...files };
  for (const [name, content] of Object.entries(all)) await writeFile(join(folder, name), content);
  vi.stubEnv('POLICY_FILE', join(folder, 'policy.json'));
  vi.stubEnv('POSTAL_PROFILE_FILE', join(folder, 'profile.json'));
  vi.resetModules();
  const { handler } = await import('../../functions/prober.ts');
  const run = (event: unknown, remainingMs: number) =>
    handler(event, { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => remainingMs });
  const one = async (event: unknown, remainingMs = 45_000): Promise<ProbeResult> => {
    const result = await run(event, remainingMs);
    if (!('ok' in result)) throw new Error('the prober answered many');
    return result;
  };
  const many = async (batch: readonly unknown[], remainingMs = 45_000): Promise<readonly ProbeResult[]> => {
    const results = await run({ batch }, remainingMs);
    return 'ok' in results ? [results] : results;
  };
  return Object.assign(one, { many });
};

const request = (port: number, more: Partial<ProbeRequest> = {}): ProbeRequest => ({
  requestId: 'request-1',
  hostname,
  port,
  sslMode: 'Auto',
  recordTypes: ['A'],
  deadlineMs: 20_000,
  ...more,
});

const logged: string[] = [];
beforeEach(() => {
  logged.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('the prober function', () => {
  const here = zone([addressRecord(hostname, '127.0.0.1')]);

  it('probes what the worker asks for', async () => {
    await using folder = await temporaryFolder();
    await using dns = await startDns(here);
    await using server = await startScript(mailServer());
    const handler = await loadHandler(folder.path, `127.0.0.1:${dns.nameserver.port}`, { port: server.port });
    expect(await handler(request(server.port))).toMatchObject({
      ok: true,
      report: { requestId: 'request-1', addresses: [{ banner: '220 mail.example.test ESMTP' }] },
    });
    expect(await handler(request(server.port))).toMatchObject({ ok: true });
    expect(server.connections).toBe(2);
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { ProbesPassed: 1 },
      { level: 'INFO', message: 'probed', requestId: 'request-1', awsRequestId: 'invocation-1' },
      { ProbesPassed: 1 },
      { message: 'probed' },
    ]);
  });

  it('probes what watch asks for, in one go and in its order, and what it cannot reach does not hold up the rest', async () => {
    await using folder = await temporaryFolder();
    const names = Array.from({ length: 30 }, (_, index) => `mail-${index}.example.test`);
    await using dns = await startDns(zone(names.map((name) => addressRecord(name, '127.0.0.1'))));
    await using server = await startScript(mailServer());
    const handler = await loadHandler(folder.path, `127.0.0.1:${dns.nameserver.port}`, { port: server.port });
    const batch = names.map((name, index) =>
      request(index === 7 ? 26 : server.port, { requestId: `request-${index}`, hostname: name }),
    );
    const results = await handler.many(batch);
    expect(results.map((result) => (result.ok ? result.report.hostname : result.failure.kind))).toEqual(
      names.map((name, index) => (index === 7 ? 'refused' : name)),
    );
    expect(results.filter((result) => result.ok && result.report.addresses[0]?.banner !== undefined)).toHaveLength(29);
    // One address behind them all: never more than two sessions at a time.
    expect(server.connections).toBe(29);
  });

  it('takes no more than a hundred at once, and no batch of nothing', async () => {
    await using folder = await temporaryFolder();
    const handler = await loadHandler(folder.path, '127.0.0.1', { port: 25 });
    for (const batch of [[], Array.from({ length: 101 }, () => request(25)), ['probe']])
      expect(await handler.many(batch)).toMatchObject([
        { ok: false, failure: { kind: 'refused', message: expect.stringMatching(/batch|the request/) } },
      ]);
  });

  it('refuses only the one of many that it does not understand', async () => {
    await using folder = await temporaryFolder();
    const handler = await loadHandler(folder.path, '127.0.0.1', { port: 25 });
    const longest = `${'a'.repeat(63)}.`.repeat(3) + 'b'.repeat(61);
    const batch = [request(26), { odd: true }, request(26, { requestId: `watch ${longest}`, hostname: longest })];
    const kinds = (await handler.many(batch)).map((result) => (result.ok ? 'probed' : result.failure.message));
    expect(kinds).toEqual([
      expect.stringMatching(/^Port 26/),
      expect.stringMatching(/did not understand/),
      expect.stringMatching(/^Port 26/),
    ]);
  });

  it('verifies against the CA file that is beside the profile', async () => {
    const certificate = await makeCertificate({ commonName: hostname });
    await using folder = await temporaryFolder();
    await using dns = await startDns(here);
    await using server = await startScript(mailServer({ certificate }));
    const setting = { port: server.port, profile: { caFile: 'ca.pem' }, files: { 'ca.pem': certificate.cert } };
    const handler = await loadHandler(folder.path, `127.0.0.1:${dns.nameserver.port}`, setting);
    const result = await handler(request(server.port));
    const tls = result.ok ? result.report.addresses[0]?.tls : undefined;
    expect(tls?.certificate?.nameMatches).toBe(true);
    expect(tls?.certificate).not.toHaveProperty('chainError');
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /the request: /],
    ['text', 'probe', /the request: /],
    ['a port that is none', { ...request(25), port: 70_000 }, /port: /],
    ['a mode that is none', { ...request(25), sslMode: 'STARTLS' }, /sslMode: /],
    ['something more', { ...request(25), rcpt: 'a@b' }, /rcpt/],
    ['a deadline of nothing', { ...request(25), deadlineMs: 0 }, /deadlineMs: /],
  ])('refuses %s, and says what is wrong', async (_name, event, message) => {
    await using folder = await temporaryFolder();
    const handler = await loadHandler(folder.path, '127.0.0.1', { port: 25 });
    expect(await handler(event)).toEqual({
      ok: false,
      failure: { kind: 'refused', message: expect.stringMatching(message) },
    });
  });

  it('answers before Lambda ends it', async () => {
    await using folder = await temporaryFolder();
    await using dns = await startDns(() => undefined);
    const handler = await loadHandler(folder.path, `127.0.0.1:${dns.nameserver.port}`, { port: 25 });
    expect(await handler(request(25), 1700)).toMatchObject({
      ok: true,
      report: { addresses: [], resolution: { answers: [{ reason: 'timeout' }] } },
    });
    expect(await handler(request(25), 1000)).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
  });

  it.each<[string, Setting, RegExp]>([
    ['a profile that is none', { port: 25, files: { 'profile.json': '{' } }, /not set up.*profile\.json/s],
    ['a CA file that is not there', { port: 25, profile: { caFile: 'missing.pem' } }, /not set up.*missing\.pem/s],
    [
      'a CA file that is none',
      { port: 25, profile: { caFile: 'ca.pem' }, files: { 'ca.pem': 'nonsense' } },
      /not set up.*PEM/s,
    ],
  ])('says what is wrong with %s', async (_name, setting, message) => {
    await using folder = await temporaryFolder();
    const handler = await loadHandler(folder.path, '127.0.0.1', setting);
    expect(await handler(request(25))).toEqual({
      ok: false,
      failure: { kind: 'unavailable', message: expect.stringMatching(message) },
    });
  });

  it('loads little at start: at most 200 KB, and no SDK whatever it is asked', async () => {
    const bundle = await bundleFunction('prober');
    expect(bytesAtStart(bundle)).toBeLessThan(200_000);
    expect(Object.keys(bundle.inputs).filter((input) => /@aws-sdk|@smithy|@slack/.test(input))).toEqual([]);
  });
});
