import { describe, expect, it } from 'vitest';
import { createProber, type ProberSettings } from '../../../lib/adapters/probe/prober.ts';
import type { ProbeRequest, ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { startFullBacklog } from '../../support/oracle/full-backlog.ts';
import { addressesIn, clock, hostname, never, profileFor, reportOf, request } from '../../support/probe-request.ts';
import { addressRecord, type DnsScript, startDns } from '../../support/scripted-dns.ts';
import { closedPort, mailServer, startScript } from '../../support/smtp-script.ts';

const probeWith = async (
  dnsScript: DnsScript,
  policy: NonNullable<ProberSettings['policy']>,
  asked: ProbeRequest,
  more: Partial<ProberSettings> = {},
): Promise<ProbeResult> => {
  await using dns = await startDns(dnsScript);
  return await createProber({ policy, profile: profileFor(dns), clock, ...more }).probe(asked, never);
};

describe('createProber', () => {
  it('reports what it met, from where, and when', async () => {
    await using server = await startScript(mailServer());
    const result = await probeWith(
      addressesIn('127.0.0.1'),
      { cidrs: ['127.0.0.0/8'], ports: [server.port] },
      request(server.port),
    );
    expect(result).toMatchObject({
      ok: true,
      report: {
        requestId: 'request-1',
        hostname,
        port: server.port,
        sslMode: 'Auto',
        startedAt: '2026-01-02T03:04:05.000Z',
        seenFrom: '127.0.0.1',
        resolution: { addresses: ['127.0.0.1'] },
        addresses: [
          {
            ip: '127.0.0.1',
            port: server.port,
            banner: '220 mail.example.test ESMTP',
            capabilities: ['SIZE 10240000'],
          },
        ],
      },
    });
    expect(server.heard).toEqual(['EHLO postal.example.test', 'QUIT']);
  });

  it('says that a name leads nowhere without an address to probe', async () => {
    const report = reportOf(
      await probeWith(() => ({ rcode: 3 }), { cidrs: ['127.0.0.0/8'], ports: [25] }, request(25)),
    );
    expect(report).toMatchObject({
      addresses: [],
      resolution: { addresses: [], answers: [{ rcode: 'NXDOMAIN' }, { rcode: 'NXDOMAIN' }] },
    });
    expect(report.seenFrom).toBeUndefined();
  });

  it('probes every address, and reports them in the order of Postal', async () => {
    await using alive = await startScript(mailServer(), '127.0.0.2');
    const dns = addressesIn('127.0.0.3', '127.0.0.2', '::1');
    const report = reportOf(
      await probeWith(dns, { cidrs: ['127.0.0.0/8', '::1/128'], ports: [alive.port] }, request(alive.port)),
    );
    expect(report.addresses.map(({ ip, stages }) => [ip, stages[0]?.reason ?? stages[0]?.status])).toEqual([
      ['::1', 'refused'],
      ['127.0.0.3', 'refused'],
      ['127.0.0.2', 'passed'],
    ]);
  });

  describe('stays inside policy', () => {
    it.each([
      ['another port', { hostname }, /Port \d+ is not one that policy allows.*25, 587.*Nothing was probed/],
      ['a label too long', { hostname: `${'a'.repeat(64)}.example.test`, port: 25 }, /label of 64 octets.*at most 63/],
      ['a name too long', { hostname: 'abc.'.repeat(64), port: 25 }, /255 octets.*at most 253/],
      ['no name', { hostname: '.', port: 25 }, /empty/],
    ])('refuses %s without asking or connecting to anything', async (_name, more, message) => {
      await using server = await startScript(mailServer());
      await using dns = await startDns(addressesIn('127.0.0.1'));
      const prober = createProber({
        policy: { cidrs: ['127.0.0.0/8'], ports: [25, 587] },
        profile: profileFor(dns),
        clock,
      });
      const result = await prober.probe(request(server.port, more), never);
      expect(result).toMatchObject({
        ok: false,
        failure: { kind: 'refused', message: expect.stringMatching(message) },
      });
      expect({ connections: server.connections, asked: dns.asked }).toEqual({ connections: 0, asked: [] });
    });

    it.each([
      ['127.0.0.1', ['10.0.0.0/8']],
      ['127.0.0.1', ['0.0.0.0/0']],
      ['127.0.0.1', ['127.0.0.2/32']],
      ['::ffff:127.0.0.1', ['::/0']],
      ['::ffff:127.0.0.1', ['10.0.0.0/8']],
      ['0.0.0.0', ['0.0.0.0/0', '127.0.0.0/8']],
    ])('never connects to %s where policy allows %j', async (address, cidrs) => {
      await using server = await startScript(mailServer(), '0.0.0.0');
      const report = reportOf(
        await probeWith(addressesIn(address), { cidrs, ports: [server.port] }, request(server.port)),
      );
      expect(report.addresses).toMatchObject([
        { stages: [{ stage: 'connect', status: 'failed', reason: 'outside-policy' }] },
      ]);
      expect(server.connections).toBe(0);
    });

    it('connects to those inside, even when others are outside', async () => {
      await using server = await startScript(mailServer(), '0.0.0.0');
      const report = reportOf(
        await probeWith(
          addressesIn('127.0.0.9', '127.0.0.1'),
          { cidrs: ['127.0.0.1/32'], ports: [server.port] },
          request(server.port),
        ),
      );
      expect(report.addresses.map(({ stages }) => stages[0]?.reason ?? stages[0]?.status)).toEqual([
        'outside-policy',
        'passed',
      ]);
      expect(server.connections).toBe(1);
    });

    it('takes an IPv4-mapped address for the IPv4 address that it is', async () => {
      await using server = await startScript(mailServer(), '0.0.0.0');
      const report = reportOf(
        await probeWith(
          addressesIn('::ffff:127.0.0.1'),
          { cidrs: ['127.0.0.0/8'], ports: [server.port] },
          request(server.port),
        ),
      );
      expect(report.addresses).toMatchObject([{ ip: '::ffff:7f00:1', banner: '220 mail.example.test ESMTP' }]);
    });

    it('leaves out what is beyond 32 addresses, and says so', async () => {
      const port = await closedPort();
      const many = Array.from({ length: 34 }, (_, index) => addressRecord(hostname, `127.0.1.${index}`));
      const dns: DnsScript = ({ transport }) => (transport === 'udp' ? { truncated: true } : { answers: many });
      const report = reportOf(
        await probeWith(dns, { cidrs: ['127.0.0.0/8'], ports: [port] }, request(port, { recordTypes: ['A'] })),
      );
      const outcomes = report.addresses.map(({ stages }) => stages[0]?.reason ?? stages[0]?.detail);
      expect(outcomes.slice(31)).toEqual([
        'refused',
        'only the first 32 addresses are probed',
        'only the first 32 addresses are probed',
      ]);
    });
  });

  it('walks with a recipient to the last address where there is no policy, as Postal does', async () => {
    await using alive = await startScript(mailServer(), '127.0.1.99');
    const ips = [...Array.from({ length: 33 }, (_, index) => `127.0.1.${index + 1}`), '127.0.1.99'];
    const answers = ips.map((ip) => addressRecord(hostname, ip));
    await using dns = await startDns(({ transport }) => (transport === 'udp' ? { truncated: true } : { answers }));
    const prober = createProber({ profile: profileFor(dns), clock });
    const asked = request(alive.port, { recordTypes: ['A'], recipient: 'user@customer.example' });
    const report = reportOf(await prober.probe(asked, never));
    expect(report.addresses.map(({ ip }) => ip)).toEqual(ips);
    expect(alive.heard).toContain('MAIL FROM:<postal-endpoint@rp.example.test>');
  });

  it('holds at most two sessions at once with one address', async () => {
    let open = 0;
    let most = 0;
    await using server = await startScript(async (connection) => {
      open += 1;
      most = Math.max(most, open);
      connection.socket.on('close', () => {
        open -= 1;
      });
      await mailServer()(connection);
    });
    await using dns = await startDns(addressesIn('127.0.0.1'));
    const prober = createProber({
      policy: { cidrs: ['127.0.0.0/8'], ports: [server.port] },
      profile: profileFor(dns),
      clock,
    });
    const results = await Promise.all(
      Array.from({ length: 12 }, () => prober.probe(request(server.port, { recordTypes: ['A'] }), never)),
    );
    expect(results.every((result) => result.ok && result.report.addresses[0]?.stages.at(-1)?.status === 'passed')).toBe(
      true,
    );
    expect(server.connections).toBe(12);
    // A server counts a session until it has seen the end of it, a moment after the prober has.
    expect(most).toBeLessThanOrEqual(4);
  });

  it('tells all names of a machine that answers nothing, although they cannot all have a session there in time', async () => {
    const port = await closedPort();
    await using _silent = await startFullBacklog('127.0.0.1', port);
    await using dns = await startDns(addressesIn('127.0.0.1'));
    const policy = { cidrs: ['127.0.0.0/8'], ports: [port] };
    const prober = createProber({ policy, profile: profileFor(dns), clock, connectBudgetMs: 1000 });
    const asked = request(port, { recordTypes: ['A'], deadlineMs: 6000 });
    const results = await Promise.all(Array.from({ length: 24 }, () => prober.probe(asked, never)));
    const reasons = results.map((result) => reportOf(result).addresses[0]?.stages[0]?.reason);
    expect(reasons).toEqual(Array.from({ length: 24 }, () => 'slow'));
  });

  it('waits as long as Postal when it is asked to, and no longer than fits', async () => {
    await using silent = await startScript(() => {});
    await using dns = await startDns(addressesIn('127.0.0.1'));
    const asked = request(silent.port, { recordTypes: ['A'], patience: 'postal' });
    const met = async (readTimeoutSeconds: number, longestPatienceMs: number) => {
      const profile = { ...profileFor(dns), readTimeoutSeconds };
      const report = reportOf(
        await createProber({ profile, clock, replyBudgetMs: 50, longestPatienceMs }).probe(asked, never),
      );
      return report.addresses[0]?.stages.find(({ stage }) => stage === 'banner');
    };
    expect(await met(1, 35_000)).toMatchObject({ reason: 'timeout', detail: 'no answer within 1000 ms' });
    expect(await met(60, 200)).toMatchObject({
      reason: 'slow',
      detail: 'no answer within 200 ms; Postal would wait 60000 ms',
    });
  });

  it('answers when its time is over, with what it has seen by then', async () => {
    await using silent = await startScript(() => {}, '0.0.0.0');
    const started = performance.now();
    const asked = request(silent.port, { deadlineMs: 300, recordTypes: ['A'] });
    const dns = addressesIn('127.0.0.1', '127.0.0.2');
    const report = reportOf(await probeWith(dns, { cidrs: ['127.0.0.0/8'], ports: [silent.port] }, asked));
    expect(performance.now() - started).toBeLessThan(3000);
    for (const { stages } of report.addresses)
      expect(stages).toMatchObject([
        { status: 'passed' },
        { stage: 'banner', reason: 'deadline' },
        {},
        {},
        {},
        {},
        {},
        {},
      ]);
  });

  it('says so when its time is over before a session was free', async () => {
    await using silent = await startScript(() => {});
    await using dns = await startDns(addressesIn('127.0.0.1'));
    const prober = createProber({
      policy: { cidrs: ['127.0.0.0/8'], ports: [silent.port] },
      profile: profileFor(dns),
      clock,
      sessionsPerAddress: 1,
    });
    const holder = new AbortController();
    const holding = prober.probe(request(silent.port, { recordTypes: ['A'] }), holder.signal);
    await expect.poll(() => silent.connections, { timeout: 10_000 }).toBe(1);
    const waiting = await prober.probe(request(silent.port, { deadlineMs: 300, recordTypes: ['A'] }), never);
    expect(reportOf(waiting).addresses).toMatchObject([
      { stages: [{ stage: 'connect', status: 'failed', reason: 'deadline' }] },
    ]);
    holder.abort();
    await holding;
    expect(silent.connections).toBe(1);
  });

  it('stops when the caller does', async () => {
    await using dns = await startDns(() => undefined);
    const prober = createProber({ policy: { cidrs: ['127.0.0.0/8'], ports: [25] }, profile: profileFor(dns), clock });
    const report = reportOf(await prober.probe(request(25), AbortSignal.abort()));
    expect(report.addresses).toEqual([]);
  });

  it('turns what it did not expect into an answer', async () => {
    const broken = { now: () => Number.NaN, sleep: () => Promise.resolve() };
    const result = await probeWith(addressesIn('127.0.0.1'), { cidrs: ['127.0.0.0/8'], ports: [25] }, request(25), {
      clock: broken,
    });
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'unavailable', message: expect.stringContaining('The prober itself failed') },
    });
  });

  it('does not start with a nameserver or certificates that are none', async () => {
    await using dns = await startDns(() => undefined);
    const policy = { cidrs: ['127.0.0.0/8'], ports: [25] };
    expect(() =>
      createProber({ policy, profile: { ...profileFor(dns), nameservers: ['resolver.example'] }, clock }),
    ).toThrow(RangeError);
    expect(() =>
      createProber({
        policy,
        profile: profileFor(dns),
        clock,
        ca: '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----',
      }),
    ).toThrow();
  });
});
