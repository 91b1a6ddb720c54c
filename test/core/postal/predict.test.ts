import { describe, expect, it } from 'vitest';
import { type PostalEndpoint, predict } from '../../../lib/core/postal/predict.ts';
import type { PostalProfile } from '../../../lib/core/postal/profile.ts';
import type {
  AddressReport,
  FurtherSession,
  ProbeReport,
  SessionFacts,
  Stage,
  StageFailure,
  StageName,
} from '../../../lib/core/probe-report/report.ts';

const hostname = 'mail.example.test';
const profile: PostalProfile = {
  version: '3.3.6',
  heloHostname: 'postal.example.test',
  returnPathDomain: 'rp.example.test',
  nameservers: ['10.0.0.2'],
  openTimeoutSeconds: 30,
  readTimeoutSeconds: 30,
  dnsTimeoutSeconds: 5,
};

const said = (stage: StageName, ...lines: readonly string[]): Stage => ({
  stage,
  status: /^[23]/.test(lines[0] ?? '') ? 'passed' : 'failed',
  reply: { code: Number(lines[0]?.slice(0, 3)), lines },
  durationMs: 1,
});
const passed = (stage: StageName): Stage => ({ stage, status: 'passed', durationMs: 1 });
const failed = (stage: StageName, reason: StageFailure, more: Partial<Stage> = {}): Stage => ({
  stage,
  status: 'failed',
  reason,
  durationMs: 1,
  ...more,
});

const greeting = [passed('connect'), said('banner', '220 hi')];
const plain = [...greeting, said('ehlo', '250-hi', '250 SIZE')];
const offered = [...greeting, said('ehlo', '250-hi', '250 STARTTLS')];
const encrypted = [...offered, said('starttls', '220 go'), passed('tls'), said('ehlo-tls', '250-hi', '250 SIZE')];
const certificate = (chainError?: string): NonNullable<SessionFacts['tls']> => ({
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  certificate: {
    subject: 'CN=x',
    issuer: 'CN=y',
    subjectAltNames: [],
    notBefore: '',
    notAfter: '',
    fingerprint256: '',
    key: 'RSA 2048',
    selfSigned: false,
    nameMatches: false,
    ...(chainError !== undefined && { chainError, chainErrorText: 'self-signed certificate' }),
  },
});

const at = (ip: string, stages: readonly Stage[], more: Partial<AddressReport> = {}): AddressReport => ({
  ip,
  port: 25,
  stages,
  capabilities: [],
  ...more,
});
const again = (purpose: FurtherSession['purpose'], stages: readonly Stage[]): FurtherSession => ({
  purpose,
  stages,
  capabilities: [],
});

const report = (addresses: readonly AddressReport[], more: Partial<ProbeReport> = {}): ProbeReport => ({
  requestId: 'r',
  hostname,
  port: 25,
  sslMode: 'Auto',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  resolution: {
    answers: [{ nameserver: '10.0.0.2', type: 'A', transport: 'udp', rcode: 'NOERROR', records: [], durationMs: 1 }],
    cnameChain: [],
    addresses: addresses.map(({ ip }) => ip),
    postalAddresses: addresses.map(({ ip }) => ip),
  },
  transaction: { mailFrom: 'abc@rp.example.test', recipient: 'user@customer.example', deliver: true },
  addresses,
  ...more,
});
const endpoint = (more: Partial<PostalEndpoint> = {}): PostalEndpoint => ({
  hostname,
  port: 25,
  sslMode: 'Auto',
  profile,
  ...more,
});
const predicted = (addresses: readonly AddressReport[], more: Partial<PostalEndpoint> = {}) =>
  predict(report(addresses), endpoint(more));

const accepted = [
  said('mail', '250 ok'),
  said('rcpt', '250 ok'),
  said('data', '354 go'),
  said('end-of-data', '250 queued'),
];

describe('the way in', () => {
  it.each([
    ['None', encrypted, 'plaintext'],
    ['Auto', plain, 'plaintext'],
    ['Auto', encrypted, 'tls'],
    ['STARTTLS', encrypted, 'plaintext'],
  ])('%s over %#: %s', (sslMode, stages, security) => {
    expect(predicted([at('10.0.0.1', stages)], { sslMode })).toMatchObject({
      class: 'inconclusive',
      inconclusive: { reason: 'recipient-not-tried' },
      entry: { ip: '10.0.0.1', security },
    });
  });

  it('demands STARTTLS and verifies where the constant is spelt right', () => {
    const mended = { sslMode: 'STARTTLS', profile: { ...profile, version: '2.3.2' } };
    expect(predicted([at('10.0.0.1', encrypted, { tls: certificate() })], mended).entry).toEqual({
      ip: '10.0.0.1',
      security: 'tls',
    });
    expect(predicted([at('10.0.0.1', plain)], mended)).toMatchObject({
      class: 'connect_fail',
      output: 'STARTTLS is not supported on this server',
    });
    expect(
      predicted([at('10.0.0.1', encrypted, { tls: certificate('DEPTH_ZERO_SELF_SIGNED_CERT') })], mended).output,
    ).toBe(
      'SSL_connect returned=1 errno=0 peeraddr=10.0.0.1:25 state=error: certificate verify failed (self-signed certificate)',
    );
  });

  it.each([
    ['10.0.0.1', '10.0.0.1:25'],
    ['fd00::2', '[fd00::2]:25'],
    ['::ffff:a00:1', '[::ffff:10.0.0.1]:25'],
  ])('verifies in mode TLS, and names the peer %s', (ip, peer) => {
    const implicit = [passed('connect'), passed('tls'), said('banner', '220 hi'), said('ehlo', '250 hi')];
    expect(predicted([at(ip, implicit, { tls: certificate('X') })], { sslMode: 'TLS' })).toMatchObject({
      class: 'connect_fail',
      output: `SSL_connect returned=1 errno=0 peeraddr=${peer} state=error: certificate verify failed (self-signed certificate)`,
    });
    expect(predicted([at(ip, implicit, { tls: certificate() })], { sslMode: 'TLS' }).entry).toEqual({
      ip,
      security: 'tls',
    });
  });

  it('goes on to the next address after any failure up to EHLO, and tells each error once', () => {
    const dead = [failed('connect', 'refused', { detail: 'connect ECONNREFUSED 10.0.0.1:25' })];
    const busy = [passed('connect'), said('banner', '421 busy')];
    expect(
      predicted([at('10.0.0.1', dead), at('10.0.0.2', busy), at('10.0.0.3', busy), at('10.0.0.4', plain)]),
    ).toMatchObject({
      attemptedIpsInOrder: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'],
      entry: { ip: '10.0.0.4', security: 'plaintext' },
    });
    expect(predicted([at('10.0.0.1', dead), at('10.0.0.2', busy), at('10.0.0.3', busy)])).toMatchObject({
      class: 'connect_fail',
      result: 'SoftFail',
      willRetry: true,
      details: `No SMTP servers were available for customer.example. Tried ${hostname}.`,
      output: 'Connection refused - connect(2) for "10.0.0.1" port 25, 421 busy\n',
    });
  });

  it('falls back to HELO, without STARTTLS', () => {
    const helo = [...greeting, said('ehlo', '502 what'), said('helo', '250 hi')];
    expect(predicted([at('10.0.0.1', helo)]).entry).toEqual({ ip: '10.0.0.1', security: 'plaintext' });
  });

  it.each<[string, Stage, string]>([
    ['silence', failed('banner', 'timeout'), 'Net::ReadTimeout with #<TCPSocket:(closed)>'],
    ['the end', failed('banner', 'closed'), 'end of file reached'],
    ['a reset', failed('banner', 'reset', { detail: 'read ECONNRESET' }), 'Connection reset by peer'],
    [
      'HTTP',
      failed('banner', 'not-smtp', { asRead: { text: 'HTTP/1.1 400 Bad Request\n' } }),
      'HTTP/1.1 400 Bad Request\n',
    ],
    [
      'SSH',
      failed('banner', 'not-smtp', { asRead: { text: 'SSH-2.0\n', ended: 'timeout' } }),
      'Net::ReadTimeout with #<TCPSocket:(closed)>',
    ],
  ])('instead of a banner %s', (_name, stage, output) => {
    expect(predicted([at('10.0.0.1', [passed('connect'), stage])])).toMatchObject({ class: 'connect_fail', output });
  });

  it.each<[string, Stage, boolean]>([
    ['closed', failed('tls', 'closed'), true],
    ['no common version', failed('tls', 'wrong-version', { detail: 'tlsv1 alert protocol version' }), true],
    ['plaintext', failed('tls', 'wrong-version', { detail: 'wrong version number' }), true],
    ['reset', failed('tls', 'reset'), false],
    ['silent', failed('tls', 'timeout'), false],
  ])('a handshake that is %s makes Auto try plaintext: %s', (_name, stage, retries) => {
    const stages = [...offered, said('starttls', '220 go'), stage];
    const prediction = predicted([at('10.0.0.1', stages, { further: [again('plaintext-retry', plain)] })]);
    expect(prediction.attemptedIpsInOrder).toHaveLength(retries ? 2 : 1);
    expect(prediction.entry).toEqual(retries ? { ip: '10.0.0.1', security: 'plaintext' } : undefined);
  });

  it.each([
    ['Auto', 'end of file reached'],
    ['TLS', 'Connection reset by peer - SSL_connect'],
  ])('a reset that overtakes the connection itself is met in mode %s by the first that uses it', (sslMode, output) => {
    const reset = [failed('connect', 'reset', { detail: 'connect ECONNRESET 10.0.0.1:25' })];
    expect(predicted([at('10.0.0.1', reset)], { sslMode })).toMatchObject({
      class: 'connect_fail',
      attemptedIpsInOrder: ['10.0.0.1'],
      output,
    });
  });

  it('does not guess what a plaintext retry would bring that the probe did not make', () => {
    const stages = [...offered, said('starttls', '220 go'), failed('tls', 'closed')];
    expect(predicted([at('10.0.0.1', stages)])).toMatchObject({
      class: 'inconclusive',
      inconclusive: { reason: 'probe-failed' },
    });
  });

  it.each<[StageFailure, string]>([
    ['slow', 'slow'],
    ['outside-policy', 'outside-policy'],
    ['deadline', 'probe-failed'],
  ])('a connection that is %s leaves it open: %s', (reason, why) => {
    const prediction = predicted([at('10.0.0.1', [failed('connect', reason)]), at('10.0.0.2', plain)]);
    expect(prediction).toMatchObject({
      class: 'inconclusive',
      result: null,
      inconclusive: { reason: why },
      details: '',
      output: '',
    });
    expect(prediction.entry).toBeUndefined();
  });
});

describe('the transaction', () => {
  const outcomeAfter = (...stages: readonly Stage[]) => predicted([at('10.0.0.1', [...plain, ...stages])]);
  const where = `10.0.0.1:25 (${hostname})`;

  it('is accepted', () => {
    expect(outcomeAfter(...accepted)).toEqual({
      class: 'sent_plaintext',
      result: 'Sent',
      resolvedIpsInOrder: ['10.0.0.1'],
      attemptedIpsInOrder: ['10.0.0.1'],
      acceptedByIp: '10.0.0.1',
      wireSecurity: 'plaintext',
      bouncesToSender: false,
      willRetry: false,
      retryAfterSeconds: null,
      hostnameCanBeSaved: true,
      details: `Message for user@customer.example accepted by ${where}`,
      output: '250 queued\n',
      entry: { ip: '10.0.0.1', security: 'plaintext' },
      stallSeconds: 0,
    });
  });

  it('is accepted inside TLS', () => {
    expect(predicted([at('10.0.0.1', [...encrypted, ...accepted])])).toMatchObject({
      class: 'sent_tls',
      wireSecurity: 'tls',
    });
  });

  it.each<[string, readonly Stage[], string, string]>([
    ['MAIL 4…', [said('mail', '451 later')], 'softfail_smtp', 'Temporary SMTP delivery error'],
    ['MAIL 530', [said('mail', '530 log in')], 'softfail_smtp', 'Temporary SMTP delivery error'],
    ['RCPT 503', [said('mail', '250 ok'), said('rcpt', '503 first')], 'softfail_smtp', 'Temporary SMTP delivery error'],
    ['RCPT 550', [said('mail', '250 ok'), said('rcpt', '550 no')], 'hardfail', 'Permanent SMTP delivery error'],
    ['silence', [said('mail', '250 ok'), failed('rcpt', 'timeout')], 'softfail_smtp', 'Temporary SMTP delivery error'],
    [
      'the end',
      [said('mail', '250 ok'), failed('rcpt', 'closed')],
      'softfail_error',
      'An error occurred while sending the message',
    ],
  ])('%s: %s', (_name, stages, kind, details) => {
    const prediction = outcomeAfter(...stages);
    expect(prediction).toMatchObject({
      class: kind,
      acceptedByIp: null,
      wireSecurity: null,
      willRetry: kind !== 'hardfail',
      bouncesToSender: kind === 'hardfail',
    });
    expect(prediction.details).toMatch(new RegExp(`^${details}.* to ${where.replace(/[().]/g, '\\$&')}$`));
  });

  it('never bounces over DATA itself, whatever the code', () => {
    expect(outcomeAfter(said('mail', '250 ok'), said('rcpt', '250 ok'), said('data', '550 no'))).toMatchObject({
      class: 'softfail_smtp',
      output: 'could not get 3xx (550: 550 no\n)',
    });
  });

  it('is tried again when the server says', () => {
    expect(outcomeAfter(said('mail', '250 ok'), said('rcpt', '450-wait', '450 300 seconds'))).toMatchObject({
      class: 'softfail_smtp',
      retryAfterSeconds: 310,
    });
  });

  it('makes no bounce of a bounce', () => {
    const bounce = report([at('10.0.0.1', [...plain, said('mail', '550 no')])], {
      transaction: { mailFrom: '', recipient: 'a@b.example', deliver: true },
    });
    expect(predict(bounce, endpoint())).toMatchObject({ class: 'hardfail', bouncesToSender: false });
  });

  const broken = [...plain, said('mail', '250 ok'), failed('rcpt', 'reset', { detail: 'read ECONNRESET' })];
  const reconnecting = (...stages: readonly Stage[]) =>
    predicted([at('10.0.0.1', broken, { further: [again('reconnect', stages)] })]);

  it.each<[string, readonly Stage[], string]>([
    ['is accepted', [...plain, ...accepted], 'sent_plaintext'],
    ['breaks off again', broken, 'softfail_error'],
    ['is greeted with 421', [passed('connect'), said('banner', '421 busy 5 seconds')], 'softfail_smtp'],
    ['is greeted with 554', [passed('connect'), said('banner', '554 gone')], 'hardfail'],
    ['is refused', [failed('connect', 'refused', { detail: 'connect ECONNREFUSED' })], 'softfail_error'],
    ['meets silence', [passed('connect'), failed('banner', 'timeout')], 'softfail_smtp'],
  ])('connects once more after a reset, and %s', (_name, stages, kind) => {
    expect(reconnecting(...stages)).toMatchObject({ class: kind, attemptedIpsInOrder: ['10.0.0.1', '10.0.0.1'] });
  });

  it('stays open where it was not tried to its end', () => {
    expect(outcomeAfter(said('mail', '250 ok'), said('rcpt', '250 ok'))).toMatchObject({
      inconclusive: { reason: 'message-not-delivered' },
    });
    expect(outcomeAfter(said('mail', '250 ok'), failed('rcpt', 'slow'))).toMatchObject({
      inconclusive: { reason: 'slow' },
    });
  });

  it('is not judged by what a stranger is told', () => {
    const greylisted = [at('10.0.0.1', [...plain, said('mail', '250 ok'), said('rcpt', '450 4.2.0 greylisted')])];
    expect(predicted(greylisted)).toMatchObject({ class: 'softfail_smtp' });
    expect(predicted(greylisted, { seenFromElsewhere: true })).toMatchObject({
      class: 'inconclusive',
      inconclusive: { reason: 'put-off' },
    });
    const busy = [at('10.0.0.1', [passed('connect'), said('banner', '421 busy')])];
    expect(predicted(busy, { seenFromElsewhere: true })).toMatchObject({
      class: 'inconclusive',
      inconclusive: { reason: 'put-off' },
    });
  });
});

describe('before any connection', () => {
  it('has no hosts to try', () => {
    expect(predicted([])).toMatchObject({
      class: 'no_hosts',
      result: 'SoftFail',
      details: 'No SMTP servers were available for customer.example. No hosts to try.',
      output: '',
    });
  });

  it.each<[string, Partial<PostalProfile>, string]>([
    [
      'no nameserver',
      { nameservers: [] },
      'DNSResolver::LocalResolversUnavailableError: Could not find nameservers in /etc/resolv.conf',
    ],
    ['a DNS timeout of one second', { dnsTimeoutSeconds: 1 }, 'ArgumentError: timeout=0 must be positive'],
  ])('breaks down over %s', (_name, more, output) => {
    expect(predicted([at('10.0.0.1', plain)], { profile: { ...profile, ...more } })).toMatchObject({
      class: 'internal_error',
      result: 'Error',
      willRetry: true,
      resolvedIpsInOrder: [],
      output,
    });
  });

  it('does not say what a deadline kept it from seeing', () => {
    const cut = report([], {
      resolution: { answers: [], cnameChain: [], addresses: [], postalAddresses: [], isCutShort: true },
    });
    expect(predict(cut, endpoint())).toMatchObject({ class: 'inconclusive', inconclusive: { reason: 'probe-failed' } });
  });

  it('shows the port as it was typed', () => {
    expect(
      predict(
        report([at('10.0.0.1', [failed('connect', 'refused', { detail: 'connect ECONNREFUSED' })])]),
        endpoint({ port: 65_561 }),
      ).output,
    ).toBe('Connection refused - connect(2) for "10.0.0.1" port 65561');
    expect(predicted([at('10.0.0.1', plain)], { port: 'nonsense' }).output).toContain('Servname not supported');
  });

  it('adds up what Postal waits for in vain', () => {
    const answers = [
      { nameserver: '10.0.0.2', type: 'A', transport: 'udp', reason: 'timeout', records: [], durationMs: 9000 },
    ] as const;
    const dead = at('10.0.0.1', [failed('connect', 'timeout')]);
    const alive = at('10.0.0.9', plain);
    const resolution = { answers, cnameChain: [], addresses: [], postalAddresses: ['10.0.0.1', '10.0.0.9'] };
    expect(predict(report([dead, alive], { resolution }), endpoint()).stallSeconds).toBe(39);
  });
});
