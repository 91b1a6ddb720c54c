import { describe, expect, it } from 'vitest';
import { observe, type ProbedDefinition } from '../../../lib/app/watch/observe.ts';
import type { Definition, SslMode } from '../../../lib/core/endpoint/definition.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import { postalProfileSchema } from '../../../lib/core/postal/profile.ts';
import type { AddressReport, DnsAnswer, ProbeReport, ProbeResult } from '../../../lib/core/probe-report/report.ts';
import {
  address,
  answered,
  dnsAnswer,
  dropping,
  encrypted,
  failed,
  implicit,
  passed,
  plain,
  refusing,
  reply,
  report,
  sampleHost,
  sampleNowMs,
} from '../../support/sample-probe.ts';

const ip = '10.0.4.12';
const other = '10.0.4.13';
const profile = postalProfileSchema.parse({
  heloHostname: 'postal.test',
  returnPathDomain: 'rp.test',
  nameservers: ['10.0.0.2'],
});

const definitionOf = (sslMode: SslMode): Definition => {
  const parsed = parseHostname(sampleHost);
  if (!('hostname' in parsed)) throw new Error(`${sampleHost} is no hostname`);
  return {
    hostname: parsed.hostname,
    targets: { kind: 'addresses', addresses: [ip] },
    port: 25,
    sslMode,
    ttlSeconds: 60,
  };
};

const seen = (result: ProbeResult, more: Partial<ProbedDefinition> & { readonly sslMode?: SslMode } = {}) =>
  observe({
    definition: definitionOf(more.sslMode ?? 'Auto'),
    profile,
    result,
    atMs: sampleNowMs,
    wasEncrypted: false,
    ...more,
  });

const met = (addresses: readonly AddressReport[], more: Partial<ProbeReport> = {}): ProbeResult => ({
  ok: true,
  report: report(addresses, more),
});
const resolving = (...answers: readonly Partial<DnsAnswer>[]): ProbeResult =>
  met([], { resolution: { answers: answers.map(dnsAnswer), cnameChain: [], addresses: [] } });
const saying = (line: string): AddressReport => address(ip, [passed('connect'), answered('banner', line)]);

describe('observe', () => {
  it.each([
    ['in, encrypted', met([encrypted(ip)]), 'up', undefined],
    ['in, never encrypted', met([plain(ip)]), 'up', undefined],
    ['refused', met([refusing(ip)]), 'down', 'refused'],
    ['no answer to any SYN', met([dropping(ip)]), 'down', 'timeout'],
    ['no answer at the first address alone', met([dropping(ip), encrypted(other)]), 'degraded', 'timeout'],
    ['refused at one address', met([encrypted(ip), refusing(other)]), 'degraded', 'refused'],
    ['turned away for good', met([saying('554 5.3.2 no service here')]), 'down', 'smtp'],
    ['NXDOMAIN', resolving({ rcode: 'NXDOMAIN' }), 'down', 'dns'],
    ['no address', resolving({ rcode: 'NOERROR' }), 'down', 'dns'],
    ['SERVFAIL', resolving({ rcode: 'SERVFAIL' }), 'inconclusive', 'resolver'],
    [
      'SERVFAIL for one type, nothing of the other',
      resolving({ rcode: 'SERVFAIL', type: 'AAAA' }, { rcode: 'NOERROR' }),
      'inconclusive',
      'resolver',
    ],
    ['a silent resolver', resolving({ reason: 'timeout' }), 'inconclusive', 'resolver'],
    [
      'a lookup cut short',
      met([], { resolution: { answers: [], cnameChain: [], addresses: [], isCutShort: true } }),
      'inconclusive',
      'resolver',
    ],
    ['greylisting', met([saying('451 4.7.1 greylisted, come back later')]), 'inconclusive', 'busy'],
    ['421', met([saying('421 4.3.2 too many connections')]), 'inconclusive', 'busy'],
    ['a slow banner', met([address(ip, [passed('connect'), failed('banner', 'slow')])]), 'inconclusive', 'timeout'],
    ['an address outside policy', met([address(ip, [failed('connect', 'outside-policy')])]), 'inconclusive', 'policy'],
    ['no prober', { ok: false, failure: { kind: 'unavailable', message: 'It is gone.' } }, 'inconclusive', 'prober'],
    ['a busy prober', { ok: false, failure: { kind: 'busy', message: 'Too much.' } }, 'inconclusive', 'prober'],
  ] as const)('%s', (_, result, state, cause) => {
    const observation = seen(result);
    expect(observation).toMatchObject({ hostname: sampleHost, atMs: sampleNowMs, state });
    expect(observation.cause).toBe(cause);
    expect(observation.sentence).not.toBe('');
  });

  it.each([
    ['is silent', [address(ip, [passed('connect'), failed('banner', 'slow')])]],
    [
      'is silent, and another answers nothing',
      [dropping(other), address(ip, [passed('connect'), failed('banner', 'slow')])],
    ],
    [
      'greets, and is silent then',
      [address(ip, [passed('connect'), passed('banner', { reply: reply('220 ready') }), failed('ehlo', 'slow')])],
    ],
  ])('is degraded where Postal has more patience than watch, and the server %s', (_, addresses) => {
    const slowly = { ...profile, readTimeoutSeconds: 60 };
    expect(seen(met(addresses), { profile: slowly }).state).toBe('inconclusive');
    expect(seen(met(addresses), { profile: slowly, waitedMs: 35_000 })).toMatchObject({
      state: 'degraded',
      cause: 'timeout',
      sentence:
        'Postal would still be waiting: the server was silent for 35 s. Every delivery to it delays Postal by at least that long.',
    });
  });

  it('takes missing encryption for a loss only where there was some, and the mode asks for it', () => {
    const result = met([plain(ip)]);
    expect(seen(result, { wasEncrypted: true })).toMatchObject({ state: 'plaintext', cause: 'tls', encrypted: false });
    expect(seen(result, { wasEncrypted: false }).state).toBe('up');
    expect(seen(met([plain(ip)], { sslMode: 'None' }), { wasEncrypted: true, sslMode: 'None' }).state).toBe('up');
  });

  it('does not get in with an untrusted certificate where the mode verifies', () => {
    const result = met([implicit(ip, { chainError: 'CERT_HAS_EXPIRED', chainErrorText: 'certificate has expired' })], {
      sslMode: 'TLS',
    });
    expect(seen(result, { sslMode: 'TLS' })).toMatchObject({ state: 'down' });
  });

  it('measures where Postal settles', () => {
    const observation = seen(met([refusing(ip), encrypted(other)]));
    expect(observation).toMatchObject({ encrypted: true, certificateExpiresAtMs: Date.parse('2026-12-01T00:00:00Z') });
    // connect, banner, EHLO, STARTTLS, session ticket and EHLO 1 ms each, TLS 9 ms; QUIT does not count.
    expect(observation.latencyMs).toBe(15);
    expect(seen(met([refusing(ip)]))).not.toHaveProperty('latencyMs');
  });

  it('tells drift, first, and only where mail gets in', () => {
    const drift = { code: 'drift-marker', text: 'The marker is gone.', remedy: 'Put it back.' };
    const observation = seen(met([encrypted(ip)]), { drift });
    expect(observation).toMatchObject({ state: 'drifted', cause: 'dns', findings: [drift] });
    expect(seen(met([refusing(ip)]), { drift })).toMatchObject({
      state: 'down',
      findings: [drift, { code: 'connect-refused' }],
    });
    const inRoute53 = [{ name: sampleHost, type: 'A', ttlSeconds: 60, values: [other] }];
    expect(seen(met([encrypted(ip)]), { inRoute53 })).toMatchObject({ state: 'drifted' });
  });

  it('keeps to findings that want somebody', () => {
    expect(seen(met([encrypted(ip, { nameMatches: false })])).findings).toEqual([]);
    expect(seen(met([refusing(ip)])).findings).toEqual([
      expect.objectContaining({ code: 'connect-refused', remedy: expect.any(String) }),
    ]);
  });
});
