import { describe, expect, it } from 'vitest';
import type { AddressReport, ProbeReport, Resolution, Stage, TlsFacts } from '../../lib/probe/report.ts';
import { summarise } from '../../lib/probe/summary.ts';

const now = Date.parse('2026-03-02T14:02:00Z');
const passed = (...names: readonly Stage['stage'][]): Stage[] => names.map((stage) => ({ stage, status: 'passed', durationMs: 1 }));
const certificate: NonNullable<TlsFacts['certificate']> = {
  subject: 'CN=mx',
  issuer: 'CN=ca',
  subjectAltNames: ['mx.corp.internal'],
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-05-02T14:02:00.000Z',
  fingerprint256: 'AA',
  key: 'EC prime256v1',
  selfSigned: false,
  nameMatches: true,
};
const tls = (more: Partial<typeof certificate> = {}): TlsFacts => ({
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  certificate: { ...certificate, ...more },
});
const encrypted = (ip: string, more: Partial<typeof certificate> = {}): AddressReport => ({
  ip,
  port: 25,
  stages: passed('connect', 'banner', 'ehlo', 'starttls', 'tls', 'session-ticket', 'ehlo-tls', 'quit'),
  capabilities: ['PIPELINING'],
  tls: tls(more),
});
const plain = (ip: string): AddressReport => ({ ip, port: 25, stages: passed('connect', 'banner', 'ehlo', 'quit'), capabilities: ['PIPELINING'] });
const failing = (ip: string, stage: Stage): AddressReport => ({ ip, port: 25, stages: [stage], capabilities: [] });
const refusedAt = (ip: string): AddressReport =>
  failing(ip, { stage: 'connect', status: 'failed', reason: 'refused', detail: 'connect ECONNREFUSED', durationMs: 1 });

const report = (addresses: readonly AddressReport[], answers: Resolution['answers'] = []): ProbeReport => ({
  requestId: 'r',
  hostname: 'mx.corp.internal',
  port: 25,
  sslMode: 'Auto',
  startedAt: '2026-03-02T14:02:00.000Z',
  durationMs: 10,
  resolution: { answers, cnameChain: [], addresses: addresses.map(({ ip }) => ip) },
  addresses,
});
const answer = (more: Partial<Resolution['answers'][number]>): Resolution['answers'][number] => ({
  nameserver: '10.0.0.2',
  type: 'A',
  transport: 'udp',
  records: [],
  durationMs: 1,
  ...more,
});

describe('summarise', () => {
  it.each([
    ['all encrypted', [encrypted('10.0.0.1')], 'good', 'A mail server answers on port 25, encrypted.'],
    ['two encrypted', [encrypted('10.0.0.1'), encrypted('10.0.0.2')], 'good', 'All 2 addresses answer on port 25, encrypted.'],
    ['plaintext', [plain('10.0.0.1')], 'partial', 'A mail server answers on port 25, in plaintext.'],
    ['one of two encrypted', [encrypted('10.0.0.1'), plain('10.0.0.2')], 'partial', 'All 2 addresses answer on port 25, 1 of 2 encrypted.'],
    ['one of two dead', [encrypted('10.0.0.1'), refusedAt('10.0.0.2')], 'partial', '1 of 2 addresses answer on port 25; not 10.0.0.2.'],
    ['all dead', [refusedAt('10.0.0.1'), refusedAt('10.0.0.2')], 'bad', 'No mail server answers on port 25.'],
    [
      'only slow',
      [failing('10.0.0.1', { stage: 'banner', status: 'failed', reason: 'slow', durationMs: 10_000 })],
      'unknown',
      'Whether a mail server answers on port 25 could not be told.',
    ],
  ] as const)('%s', (_, addresses, grade, headline) => {
    expect(summarise(report(addresses), now)).toMatchObject({ grade, headline });
  });

  it.each([
    [
      [answer({ rcode: 'NXDOMAIN', soa: { zone: 'corp.internal', negativeTtlSeconds: 900 } })],
      'does not exist in DNS (NXDOMAIN). A resolver may remember that for 900 s.',
    ],
    [[answer({ rcode: 'NOERROR' })], 'has no address'],
    [[answer({ rcode: 'SERVFAIL' })], 'answers SERVFAIL'],
    [[answer({ reason: 'timeout' })], 'No nameserver answered'],
    [[], 'was not looked up'],
  ])('says what DNS said when there is no address: %#', (answers, part) => {
    expect(summarise(report([], answers), now)).toMatchObject({ grade: 'bad', headline: expect.stringContaining(part) });
  });

  it('quotes the server where it said something, and not the system where the phrase says it all', () => {
    const refusing = failing('10.0.0.1', {
      stage: 'banner',
      status: 'failed',
      reason: 'rejected-permanently',
      reply: { code: 554, lines: ['554 No SMTP service here'] },
      durationMs: 1,
    });
    expect(summarise(report([refusing]), now).addresses[0]?.text).toBe('banner: refused (554 No SMTP service here)');
    expect(summarise(report([refusedAt('10.0.0.1')]), now).addresses[0]?.text).not.toContain('ECONNREFUSED');
  });

  it.each([
    [{}, 'The certificate expires in 61 days.'],
    [{ notAfter: '2026-02-20T14:02:00.000Z' }, 'The certificate expired 10 days ago.'],
    [{ notBefore: '2026-06-01T00:00:00.000Z' }, 'is not valid before'],
    [{ selfSigned: true, chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'is self-signed: fine with Auto, fails with TLS'],
    [{ chainError: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }, 'does not verify (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)'],
    [{ nameMatches: false }, 'names another host'],
  ])('notes of the certificate %j', (more, note) => {
    expect(summarise(report([encrypted('10.0.0.1', more)]), now).notes.join('\n')).toContain(note);
  });
});
