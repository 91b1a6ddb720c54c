import { describe, expect, it } from 'vitest';
import { createProber } from '../../../lib/adapters/probe/prober.ts';
import { leadsTo, rememberedSeconds } from '../../../lib/core/probe-report/leads-to.ts';
import type { ProbeRequest, ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { addressesIn, clock, hostname, never, profileFor, reportOf, request } from '../../support/probe-request.ts';
import { addressRecord, type DnsScript, startDns, zone } from '../../support/scripted-dns.ts';
import { mailServer, startScript } from '../../support/smtp-script.ts';

const probe = async (
  script: DnsScript,
  asked: ProbeRequest,
  cidrs = ['127.0.0.0/8', '::1/128'],
): Promise<ProbeResult> => {
  await using dns = await startDns(script);
  return await createProber({ policy: { cidrs, ports: [asked.port] }, profile: profileFor(dns), clock }).probe(
    asked,
    never,
  );
};

describe('a probe of given targets', () => {
  it('goes to the addresses given, IPv6 first, and asks no nameserver', async () => {
    await using server = await startScript(mailServer(), '127.0.0.2');
    const report = reportOf(
      await probe(addressesIn('127.0.0.9'), request(server.port, { targets: ['127.0.0.2', '::1'] })),
    );
    expect(report.addresses.map(({ ip, stages }) => [ip, stages[0]?.status])).toEqual([
      ['::1', 'failed'],
      ['127.0.0.2', 'passed'],
    ]);
    expect(report).toMatchObject({ hostname, resolution: { answers: [], addresses: ['::1', '127.0.0.2'] } });
    expect(server.heard).toEqual(['EHLO postal.example.test', 'QUIT']);
  });

  it('resolves a name given by its own name', async () => {
    await using server = await startScript(mailServer(), '127.0.0.2');
    const script = zone([addressRecord('spare.example.test', '127.0.0.2'), addressRecord(hostname, '127.0.0.9')]);
    const report = reportOf(
      await probe(script, request(server.port, { recordTypes: ['A'], targets: ['spare.example.test'] })),
    );
    expect(report).toMatchObject({
      hostname,
      resolution: {
        cnameChain: ['spare.example.test'],
        addresses: ['127.0.0.2'],
        answers: [{ name: 'spare.example.test', rcode: 'NOERROR' }],
      },
      addresses: [{ ip: '127.0.0.2' }],
    });
  });

  it('stays inside the ranges of the policy', async () => {
    await using server = await startScript(mailServer(), '127.0.0.2');
    const report = reportOf(
      await probe(addressesIn('127.0.0.9'), request(server.port, { targets: ['127.0.0.2'] }), ['127.0.0.9/32']),
    );
    expect(report.addresses[0]?.stages).toMatchObject([{ stage: 'connect', reason: 'outside-policy' }]);
    expect(server.heard).toEqual([]);
  });

  it('is refused for a name that DNS cannot carry', async () => {
    const result = await probe(addressesIn('127.0.0.9'), request(25, { targets: [`${'a'.repeat(64)}.example.test`] }));
    expect(result).toMatchObject({ ok: false, failure: { kind: 'refused' } });
  });
});

describe('a look-up', () => {
  it('asks the nameservers and connects to nothing', async () => {
    await using server = await startScript(mailServer(), '127.0.0.2');
    const report = reportOf(await probe(addressesIn('127.0.0.2'), request(server.port, { lookUpOnly: true })));
    expect(report).toMatchObject({ addresses: [], resolution: { addresses: ['127.0.0.2'] } });
    expect(server.heard).toEqual([]);
    expect(leadsTo(report.resolution, { kind: 'addresses', addresses: ['127.0.0.2'] })).toBe(true);
    expect(leadsTo(report.resolution, { kind: 'addresses', addresses: ['127.0.0.2', '127.0.0.3'] })).toBe(false);
    expect(rememberedSeconds(report.resolution)).toBeGreaterThan(0);
    expect(rememberedSeconds({ ...report.resolution, answers: [] })).toBeUndefined();
  });
});
