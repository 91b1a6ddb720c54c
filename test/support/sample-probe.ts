import type { Prediction } from '../../lib/core/postal/prediction.ts';
import type {
  AddressReport,
  DnsAnswer,
  ProbeReport,
  Resolution,
  SmtpReply,
  Stage,
  StageFailure,
  StageName,
  TlsFacts,
} from '../../lib/core/probe-report/report.ts';

export const sampleHost = 'mx.corp.internal';
export const sampleNowMs = Date.parse('2026-03-02T14:02:00Z');

type Certificate = NonNullable<TlsFacts['certificate']>;

export const reply = (...lines: readonly string[]): SmtpReply => {
  const first = lines[0] ?? '';
  const enhanced = /^\d{3}[ -](\d\.\d+\.\d+)/.exec(first)?.[1];
  return { code: Number(first.slice(0, 3)), lines, ...(enhanced === undefined ? {} : { enhancedStatus: enhanced }) };
};

export const passed = (stage: StageName, more: Partial<Stage> = {}): Stage => ({
  stage,
  status: 'passed',
  durationMs: 1,
  ...more,
});

export const failed = (stage: StageName, reason: StageFailure, more: Partial<Stage> = {}): Stage => ({
  stage,
  status: 'failed',
  reason,
  durationMs: 1,
  ...more,
});

/** A stage that failed because of what the server said. */
export const answered = (stage: StageName, ...lines: readonly string[]): Stage =>
  failed(stage, (lines[0] ?? '').startsWith('4') ? 'rejected-temporarily' : 'rejected-permanently', {
    reply: reply(...lines),
  });

export const skipped = (...names: readonly StageName[]): Stage[] =>
  names.map((stage) => ({ stage, status: 'skipped', durationMs: 0 }));

export const ehlo = (...keywords: readonly string[]): Stage =>
  passed('ehlo', {
    reply: reply(
      ...['mx.corp.internal', ...keywords].map((text, index) => `250${index === keywords.length ? ' ' : '-'}${text}`),
    ),
  });

export const sampleCertificate: Certificate = {
  subject: 'CN=mx.corp.internal',
  issuer: 'CN=Corp CA',
  subjectAltNames: ['mx.corp.internal'],
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2026-12-01T00:00:00.000Z',
  fingerprint256: 'AA',
  key: 'EC prime256v1',
  selfSigned: false,
  nameMatches: true,
};

export const tls = (more: Partial<Certificate> = {}): TlsFacts => ({
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  certificate: { ...sampleCertificate, ...more },
});

export const address = (ip: string, stages: readonly Stage[], more: Partial<AddressReport> = {}): AddressReport => ({
  ip,
  port: 25,
  stages,
  capabilities: [],
  ...more,
});

const greeting = passed('banner', { reply: reply('220 mx.corp.internal ESMTP') });
export const hello = (...keywords: readonly string[]): Stage[] => [passed('connect'), greeting, ehlo(...keywords)];

/** An address at which STARTTLS goes well. */
export const encrypted = (ip: string, certificate: Partial<Certificate> = {}): AddressReport =>
  address(
    ip,
    [
      ...hello('PIPELINING', 'STARTTLS'),
      passed('starttls', { reply: reply('220 2.0.0 go ahead') }),
      passed('tls', { durationMs: 9 }),
      passed('session-ticket'),
      passed('ehlo-tls', { reply: reply('250-mx.corp.internal', '250 PIPELINING') }),
      passed('quit', { reply: reply('221 2.0.0 bye') }),
    ],
    { banner: '220 mx.corp.internal ESMTP', capabilities: ['PIPELINING'], tls: tls(certificate) },
  );

/** An address at which no encryption is offered. */
export const plain = (ip: string): AddressReport =>
  address(ip, [
    ...hello('PIPELINING'),
    failed('starttls', 'not-offered'),
    ...skipped('tls', 'session-ticket', 'ehlo-tls'),
    passed('quit'),
  ]);

/** An address at which TLS is spoken from the first byte. */
export const implicit = (ip: string, certificate: Partial<Certificate> = {}): AddressReport =>
  address(ip, [passed('connect'), passed('tls'), greeting, ehlo('PIPELINING'), passed('quit')], {
    tls: tls(certificate),
  });

export const refusing = (ip: string): AddressReport =>
  address(ip, [failed('connect', 'refused', { detail: `connect ECONNREFUSED ${ip}:25` })]);

export const dropping = (ip: string): AddressReport =>
  address(ip, [
    failed('connect', 'slow', { detail: 'no answer within 10000 ms; Postal would wait 30000 ms', durationMs: 10_000 }),
  ]);

export const dnsAnswer = (more: Partial<DnsAnswer> = {}): DnsAnswer => ({
  nameserver: '10.0.0.2',
  type: 'A',
  transport: 'udp',
  records: [],
  durationMs: 1,
  ...more,
});

const resolutionTo = (ips: readonly string[]): Resolution => ({
  answers: (['AAAA', 'A'] as const)
    .map((type) => ({ type, own: ips.filter((ip) => ip.includes(':') === (type === 'AAAA')) }))
    .filter(({ own }) => own.length > 0)
    .map(({ type, own }) =>
      dnsAnswer({
        type,
        rcode: 'NOERROR',
        records: own.map((data) => ({ name: sampleHost, type, ttlSeconds: 60, data })),
      }),
    ),
  cnameChain: [],
  addresses: ips,
});

export const report = (addresses: readonly AddressReport[], more: Partial<ProbeReport> = {}): ProbeReport => ({
  requestId: 'r',
  hostname: sampleHost,
  port: 25,
  sslMode: 'Auto',
  startedAt: '2026-03-02T14:02:00.000Z',
  durationMs: 38,
  seenFrom: '10.0.0.7',
  resolution: resolutionTo(addresses.map(({ ip }) => ip)),
  addresses,
  ...more,
});

/** A prediction that Postal does not get in. */
export const shutOut = (ips: readonly string[], more: Partial<Prediction> = {}): Prediction => ({
  class: 'connect_fail',
  result: 'SoftFail',
  resolvedIpsInOrder: ips,
  attemptedIpsInOrder: ips,
  acceptedByIp: null,
  wireSecurity: null,
  bouncesToSender: false,
  willRetry: true,
  retryAfterSeconds: null,
  hostnameCanBeSaved: true,
  details: `No SMTP servers were available for customer.example. Tried ${sampleHost}.`,
  output: 'Connection refused - connect(2) for "10.0.4.12" port 25',
  stallSeconds: 0,
  ...more,
});

/** A prediction that Postal gets in at one of these addresses, and that no recipient was tried. */
export const letIn = (
  ips: readonly string[],
  ip: string,
  security: 'tls' | 'plaintext',
  more: Partial<Prediction> = {},
): Prediction => ({
  ...shutOut(ips),
  class: 'inconclusive',
  result: null,
  attemptedIpsInOrder: ips.slice(0, ips.indexOf(ip) + 1),
  willRetry: false,
  details: '',
  output: '',
  inconclusive: { reason: 'recipient-not-tried', message: 'No recipient was tried.' },
  entry: { ip, security },
  ...more,
});

export const noHosts = (more: Partial<Prediction> = {}): Prediction =>
  shutOut([], {
    class: 'no_hosts',
    details: 'No SMTP servers were available for customer.example. No hosts to try.',
    output: '',
    ...more,
  });
