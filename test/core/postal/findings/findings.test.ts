import { describe, expect, it } from 'vitest';
import { type FindingCode, findingCodes, severities } from '../../../../lib/core/postal/findings/finding.ts';
import { findingsOf } from '../../../../lib/core/postal/findings/findings.ts';
import type { FindingsInput } from '../../../../lib/core/postal/findings/situation.ts';
import type { Prediction } from '../../../../lib/core/postal/prediction.ts';
import type { PostalProfile } from '../../../../lib/core/postal/profile.ts';
import type { AddressReport, ProbeReport } from '../../../../lib/core/probe-report/report.ts';
import {
  address,
  answered,
  dnsAnswer,
  dropping,
  ehlo,
  encrypted,
  failed,
  hello,
  implicit,
  letIn,
  noHosts,
  passed,
  plain,
  refusing,
  reply,
  report,
  sampleHost,
  sampleNowMs,
  shutOut,
} from '../../../support/sample-probe.ts';
import { exampleProfile } from '../../validation/example-policy.ts';

const one = '10.0.4.12';
const two = '10.0.4.13';
const six = 'fd00::12';

const found = (
  probe: ProbeReport,
  prediction: Prediction,
  more: Partial<FindingsInput> & { profileMore?: Partial<PostalProfile> } = {},
) => {
  const { profileMore, ...rest } = more;
  return findingsOf({ report: probe, prediction, profile: exampleProfile(profileMore), nowMs: sampleNowMs, ...rest });
};
const told = (...input: Parameters<typeof found>): string[] =>
  found(...input).map(({ severity, code }) => `${severity} ${code}`);
const ipsOf = (addresses: readonly AddressReport[]): string[] => addresses.map(({ ip }) => ip);
const out = (
  addresses: readonly AddressReport[],
  more: Partial<ProbeReport> = {},
  predicted: Partial<Prediction> = {},
) => told(report(addresses, more), shutOut(ipsOf(addresses), predicted));
const inAt = (
  ip: string,
  security: 'tls' | 'plaintext',
  addresses: readonly AddressReport[],
  more: Partial<ProbeReport> = {},
) => told(report(addresses, more), letIn(ipsOf(addresses), ip, security));
const nowhere = (answers: ProbeReport['resolution']['answers'], more: Partial<ProbeReport['resolution']> = {}) =>
  report([], { resolution: { answers, cnameChain: [], addresses: [], ...more } });

const atBanner = (...stages: AddressReport['stages']): AddressReport => address(one, [passed('connect'), ...stages]);
const afterEhlo = (...stages: AddressReport['stages']): AddressReport =>
  address(one, [...hello('STARTTLS'), ...stages]);
const inTransaction = (...stages: AddressReport['stages']): AddressReport => ({
  ...encrypted(one),
  stages: [...encrypted(one).stages.slice(0, -1), ...stages],
});

describe('a healthy endpoint', () => {
  it('has no findings, however it is encrypted', () => {
    expect(inAt(one, 'tls', [encrypted(one)])).toEqual([]);
    expect(inAt(one, 'tls', [encrypted(one), encrypted(two)])).toEqual([]);
    expect(inAt(one, 'tls', [implicit(one)], { sslMode: 'TLS', port: 465 })).toEqual([]);
  });
});

describe('names', () => {
  it('says that Postal cannot use an address', () => {
    expect(told(report([], { hostname: '10.0.4.12' }), noHosts())).toEqual(['critical hostname-is-ip']);
    const [misled] = found(report([], { hostname: '10.0.4.12' }), letIn(['10.9.9.9'], '10.9.9.9', 'tls'));
    expect(misled?.message).toContain('wrong machine');
  });

  it.each([
    ['Mail.Corp.internal', 'Enter mail.corp.internal instead.'],
    ['my_mail.corp.internal', 'Register a name'],
  ])('says that Postal refuses to save %s', (hostname, remedy) => {
    const [first] = found(
      report([encrypted(one)], { hostname }),
      letIn([one], one, 'tls', { hostnameCanBeSaved: false }),
    );
    expect(first).toMatchObject({
      code: 'hostname-not-savable',
      severity: 'critical',
      remedy: expect.stringContaining(remedy),
    });
  });

  it('says that 0.0.0.0 is Postal itself', () => {
    expect(inAt('0.0.0.0', 'plaintext', [plain('0.0.0.0')])[0]).toBe('critical address-is-postal-itself');
  });
});

describe('DNS', () => {
  const denied = dnsAnswer({ rcode: 'NXDOMAIN', soa: { zone: 'corp.internal', negativeTtlSeconds: 900 } });

  it.each([
    ['NXDOMAIN', nowhere([denied]), 'dns-nxdomain', 'cache the NXDOMAIN for up to 900 s'],
    ['NOERROR without address', nowhere([dnsAnswer({ rcode: 'NOERROR' })]), 'dns-no-address', 'Add an A record'],
    [
      'a CNAME to nowhere',
      nowhere([dnsAnswer({ rcode: 'NOERROR' })], { cnameChain: ['gone.corp.internal'] }),
      'dns-no-address',
      'Give gone.corp.internal',
    ],
    [
      'a CNAME to a name that does not exist',
      nowhere([denied], { cnameChain: ['alias.corp.internal', 'gone.example.com'] }),
      'dns-nxdomain',
      'Create gone.example.com',
    ],
    ['SERVFAIL', nowhere([dnsAnswer({ rcode: 'SERVFAIL' })]), 'dns-error', 'forwarding rule'],
    ['REFUSED', nowhere([dnsAnswer({ rcode: 'REFUSED' })]), 'dns-error', 'forwarding rule'],
    ['silence', nowhere([dnsAnswer({ reason: 'timeout' })]), 'dns-silent', 'port 53'],
  ] as const)('%s', (_, probe, code, remedy) => {
    expect(found(probe, noHosts())).toEqual([
      expect.objectContaining({ code, severity: 'critical', remedy: expect.stringContaining(remedy) }),
    ]);
  });

  it('says how long a silent resolver holds Postal up', () => {
    expect(found(nowhere([dnsAnswer({ reason: 'timeout' })]), noHosts({ stallSeconds: 18.4 }))[0]?.message).toContain(
      '18 s',
    );
  });

  it('says that the second nameserver is not asked after an error', () => {
    const profileMore = { nameservers: ['10.0.0.2', '10.0.0.3'] };
    expect(found(nowhere([denied]), noHosts(), { profileMore })[0]?.remedy).toContain(
      'asks its next nameserver only after a timeout',
    );
    expect(found(nowhere([denied]), noHosts())[0]?.remedy).not.toContain('next nameserver');
  });

  it('does not call a remembered "no" drift a second time', () => {
    const inRoute53 = [{ name: sampleHost, type: 'A', ttlSeconds: 60, values: [one] }];
    const [only, ...more] = found(nowhere([denied]), noHosts(), { inRoute53 });
    expect(only).toMatchObject({
      code: 'dns-nxdomain',
      message: expect.stringContaining('though Route 53 has the record'),
    });
    expect(more).toEqual([]);
  });

  it('sees a CNAME whose target Postal would not ask for', () => {
    const probe = report([encrypted(one)], {
      resolution: { answers: [dnsAnswer({ rcode: 'NOERROR' })], cnameChain: ['b.corp.internal'], addresses: [one] },
    });
    expect(told(probe, noHosts())).toContain('critical dns-cname-not-followed');
  });

  it('sees that the OS domain was added', () => {
    const probe = report([], { resolution: { answers: [denied], cnameChain: [], addresses: [] } });
    const predicted = letIn(['10.9.9.9'], '10.9.9.9', 'tls');
    expect(told(probe, predicted, { profileMore: { osHostname: 'postal.corp3.test' } })).toEqual([
      'critical dns-os-domain',
    ]);
    expect(told(probe, predicted, { profileMore: { osHostname: 'postal' } })).toEqual([]);
  });

  it('sees a nameserver that is waited for in vain, and a type that failed', () => {
    const mute = dnsAnswer({ nameserver: '10.0.0.1', reason: 'timeout' });
    const whole = report([encrypted(one)]);
    const withAnswers = (...answers: ProbeReport['resolution']['answers']): ProbeReport => ({
      ...whole,
      resolution: { ...whole.resolution, answers: [...answers, ...whole.resolution.answers] },
    });
    expect(told(withAnswers(mute), letIn([one], one, 'tls'))).toEqual(['warning dns-nameserver-dead']);
    expect(told(withAnswers(dnsAnswer({ type: 'AAAA', rcode: 'SERVFAIL' })), letIn([one], one, 'tls'))).toEqual([
      'warning dns-type-failed',
    ]);
  });

  it('says that Postal itself breaks', () => {
    expect(told(nowhere([]), noHosts({ class: 'internal_error' }))).toEqual(['critical postal-internal-error']);
  });
});

describe('drift', () => {
  const set = (values: readonly string[], type = 'A') => ({ name: sampleHost, type, ttlSeconds: 60, values });
  const registered = {
    hostname: sampleHost,
    targets: { kind: 'addresses', addresses: [one] },
    port: 25,
    sslMode: 'Auto',
    ttlSeconds: 60,
  };
  const drift = (inRoute53: FindingsInput['inRoute53'], ips: readonly string[] = [one]) =>
    told(
      report(ips.map((ip) => encrypted(ip))),
      letIn(ips, ips[0] ?? '', 'tls'),
      // A definition as the ledger has it; its host name is one by being written here.
      {
        registered: registered as unknown as NonNullable<FindingsInput['registered']>,
        ...(inRoute53 && { inRoute53 }),
      },
    );

  it('is none where definition, Route 53 and resolver say the same, in whatever form', () => {
    expect(drift([set([one])])).toEqual([]);
    expect(drift(undefined)).toEqual([]);
    expect(drift([set([two]), set([one])].slice(1))).toEqual([]);
  });

  it('names Route 53 against the definition', () => {
    expect(drift([set([two])], [two])).toEqual(['warning drift-definition']);
    expect(drift([{ ...set([]), foreign: 'weighted' }])).toEqual(['warning drift-definition']);
  });

  it('names the resolver against Route 53', () => {
    expect(drift([set([one])], [two])).toEqual(['warning drift-resolver']);
  });

  it('compares CNAMEs by their first target', () => {
    const probe = report([encrypted(two)]);
    const chained = { ...probe, resolution: { ...probe.resolution, cnameChain: ['lb.corp.internal'] } };
    for (const spelling of ['LB.corp.internal.', '\\154b.corp.internal'])
      expect(told(chained, letIn([two], two, 'tls'), { inRoute53: [set([spelling], 'CNAME')] })).toEqual([]);
    expect(told(chained, letIn([two], two, 'tls'), { inRoute53: [set(['other.corp.internal'], 'CNAME')] })).toEqual([
      'warning drift-resolver',
    ]);
  });
});

describe('connecting', () => {
  it.each([
    ['refused', [refusing(one)], 'connect-refused'],
    ['dropped', [dropping(one)], 'connect-timeout'],
    ['public on port 25, by AWS', [dropping('198.41.0.4')], 'connect-blocked-by-aws'],
    ['no route', [address(one, [failed('connect', 'unreachable', { detail: 'EHOSTUNREACH' })])], 'connect-failed'],
  ] as const)('%s', (_, addresses, code) => {
    expect(out(addresses)).toEqual([`critical ${code}`]);
  });

  it('says who lies outside policy, and what there was no time for', () => {
    expect(out([address(one, [failed('connect', 'outside-policy')])])).toEqual(['warning outside-policy']);
    expect(out([address(one, [failed('connect', 'deadline')])])).toEqual(['info probe-cut-short']);
  });

  it('speaks of several addresses in one finding', () => {
    expect(found(report([refusing(one), refusing(two)]), shutOut([one, two])).map(({ message }) => message)).toEqual([
      '10.0.4.12 and 10.0.4.13 refuse the connection: the host is up, but nothing listens on port 25.',
    ]);
  });
});

describe('dead addresses beside living ones', () => {
  it('counts them, and what they cost', () => {
    const late = found(report([dropping(one), encrypted(two)]), letIn([one, two], two, 'tls', { stallSeconds: 30 }));
    expect(late.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'warning connect-timeout',
      'warning addresses-dead',
    ]);
    expect(late[1]?.message).toBe(
      '1 of 2 addresses does not work (10.0.4.12); Postal tries it first: every delivery waits 30 s.',
    );
    const behind = found(report([encrypted(one), refusing(two)]), letIn([one, two], one, 'tls'));
    expect(behind[1]?.message).toContain('Postal gets in at 10.0.4.12 before it tries it');
  });

  it('blames IPv6 where that is what is dead', () => {
    expect(inAt(one, 'tls', [dropping(six), encrypted(one)])).toEqual(['warning connect-timeout', 'warning ipv6-dead']);
    expect(inAt(six, 'tls', [encrypted(six), dropping(one)])).toEqual([
      'warning connect-timeout',
      'warning addresses-dead',
    ]);
  });
});

describe('greeting', () => {
  it.each([
    ['silence', [failed('banner', 'slow')], 'banner-silent'],
    ['closed', [failed('banner', 'closed')], 'banner-closed'],
    ['reset', [failed('banner', 'reset')], 'banner-closed'],
    ['HTTP', [failed('banner', 'not-smtp', { detail: 'HTTP/1.1 400 Bad Request' })], 'banner-not-smtp'],
    ['endless', [failed('banner', 'reply-too-long')], 'banner-endless'],
    ['554', [answered('banner', '554 5.7.1 No service')], 'banner-refused'],
    ['450', [answered('banner', '450 not now')], 'banner-deferred'],
  ] as const)('%s', (_, stages, code) => {
    expect(out([atBanner(...stages)])).toEqual([`critical ${code}`]);
  });

  it.each([
    ['SSH-2.0-OpenSSH_9.2', 'speaks SSH'],
    ['HTTP/1.1 400 Bad Request', 'speaks HTTP'],
    ['* OK IMAP4rev1 ready', 'speaks IMAP'],
    ['+OK POP3 ready', 'speaks POP3'],
    ['hello', 'does not speak SMTP'],
  ])('knows %s', (detail, words) => {
    const probe = report([atBanner(failed('banner', 'not-smtp', { detail }))]);
    expect(found(probe, shutOut([one]))[0]?.message).toContain(words);
  });

  it.each([
    ['220 (vsFTPd 3.0.5)', ['critical banner-not-smtp', 'critical ehlo-failed']],
    ['220 ProFTPD Server (Debian) [10.0.4.12]', ['critical banner-not-smtp', 'critical ehlo-failed']],
    ['220 ftp.corp.example ESMTP Postfix', ['critical ehlo-failed']],
  ] as const)('knows FTP, whose greeting Postal accepts: %s', (line, expected) => {
    const greeting = { ...passed('banner'), reply: { code: 220, lines: [line] } };
    expect(out([atBanner(greeting, answered('ehlo', '500 EHLO not understood'), answered('helo', '500 no'))])).toEqual(
      expected,
    );
  });

  it('takes 421 for busy, and no more than a warning', () => {
    expect(out([atBanner(answered('banner', '421 4.7.0 too many connections'))])).toEqual(['warning server-busy']);
    expect(
      out([address(one, [...hello('STARTTLS'), answered('mail', '421 4.3.2 too busy')])], {
        sslMode: 'TLS',
        port: 465,
      }),
    ).toEqual(['warning server-busy']);
  });

  it('knows postscreen by its six seconds', () => {
    const greets = (durationMs: number) => {
      const healthy = encrypted(one);
      return inAt(one, 'tls', [
        {
          ...healthy,
          stages: healthy.stages.map((stage) => (stage.stage === 'banner' ? { ...stage, durationMs } : stage)),
        },
      ]);
    };
    expect(greets(6_010)).toEqual(['info banner-late']);
    expect(greets(9_500)).toEqual(['warning banner-late']);
    expect(greets(800)).toEqual([]);
  });
});

describe('a server that says more than it was asked', () => {
  const talking = { ...passed('rcpt'), reply: reply('250 ok'), unread: '550 no' };

  it('is out of step in whichever session it does so', () => {
    const healthy = encrypted(one);
    const again = { ...healthy, purpose: 'plaintext-retry' as const, stages: [...hello(), passed('mail'), talking] };
    expect(inAt(one, 'plaintext', [{ ...healthy, further: [again] }])).toContain('critical out-of-step');
    expect(inAt(one, 'tls', [inTransaction(passed('mail'), talking)])).toContain('critical out-of-step');
    expect(inAt(one, 'tls', [healthy])).toEqual([]);
  });

  it('is told so once, whatever else is strange', () => {
    const stray = { ...passed('mail'), reply: reply('235 ok'), unread: '250 ok' };
    const findings = inAt(one, 'tls', [inTransaction(stray, passed('rcpt'))]);
    expect(findings.filter((finding) => finding.endsWith('out-of-step'))).toEqual(['critical out-of-step']);
  });
});

describe('port and mode', () => {
  it.each([
    [
      'TLS on 25',
      { sslMode: 'TLS', port: 25 },
      address(one, [passed('connect'), failed('tls', 'wrong-version', { detail: 'wrong version number' })]),
    ],
    [
      'TLS on a plaintext port',
      { sslMode: 'TLS', port: 2525 },
      address(one, [passed('connect'), failed('tls', 'wrong-version', { detail: 'wrong version number' })], {
        port: 2525,
      }),
    ],
    [
      'Auto on 465',
      { sslMode: 'Auto', port: 465 },
      address(one, [passed('connect'), failed('banner', 'slow')], { port: 465 }),
    ],
    [
      'None on 465',
      { sslMode: 'None', port: 465 },
      address(one, [passed('connect'), failed('banner', 'closed')], { port: 465 }),
    ],
    ['a TLS alert', {}, atBanner(failed('banner', 'not-smtp', { detail: '\u0015\u0003\u0001\u0000\u0002' }))],
  ] as const)('%s is one finding', (_, more, met) => {
    expect(out([met], more)).toEqual(['critical port-mode-swapped']);
  });

  it('is none where they work together', () => {
    expect(inAt(one, 'tls', [implicit(one)], { sslMode: 'TLS', port: 587 })).toEqual([]);
  });
});

describe('EHLO and STARTTLS', () => {
  it('says that HELO alone is plaintext', () => {
    const met = address(one, [passed('connect'), passed('banner'), answered('ehlo', '502 what'), passed('helo')]);
    expect(inAt(one, 'plaintext', [met])).toEqual(['warning ehlo-refused']);
  });

  it('says that EHLO came to nothing', () => {
    expect(out([address(one, [passed('connect'), passed('banner'), failed('ehlo', 'closed')])])).toEqual([
      'critical ehlo-failed',
    ]);
    const inTls = [passed('starttls'), passed('tls'), answered('ehlo-tls', '550 no'), answered('helo', '550 no')];
    expect(out([afterEhlo(...inTls)])).toEqual(['critical ehlo-failed']);
  });

  it('says that no STARTTLS is plaintext', () => {
    expect(inAt(one, 'plaintext', [plain(one)])).toEqual(['warning starttls-not-offered']);
    const lower = address(one, [
      passed('connect'),
      passed('banner'),
      ehlo('starttls'),
      passed('starttls'),
      passed('tls'),
      passed('ehlo-tls'),
    ]);
    expect(inAt(one, 'plaintext', [lower])).toEqual(['warning starttls-not-recognised']);
  });

  it('says that mode STARTTLS is broken, up to the version that mends it', () => {
    const probe = report([encrypted(one)], { sslMode: 'STARTTLS' });
    expect(told(probe, letIn([one], one, 'plaintext'))).toEqual(['warning ssl-mode-starttls']);
    expect(told(probe, letIn([one], one, 'tls'), { profileMore: { version: '2.3.2' } })).toEqual([]);
    const without = report([plain(one)], { sslMode: 'STARTTLS' });
    expect(told(without, shutOut([one]), { profileMore: { version: '2.3.2' } })).toEqual([
      'critical starttls-not-offered',
    ]);
    expect(found(without, letIn([one], one, 'plaintext'))[0]?.remedy).toContain('Enable TLS on the server');
  });

  it('says that mode None leaves STARTTLS unused', () => {
    expect(inAt(one, 'plaintext', [address(one, hello('STARTTLS'))], { sslMode: 'None' })).toEqual([
      'warning ssl-mode-none',
    ]);
    expect(inAt(one, 'plaintext', [address(one, hello('SIZE'))], { sslMode: 'None' })).toEqual([
      'info starttls-not-offered',
    ]);
  });

  it('says that a refused STARTTLS is fatal', () => {
    expect(out([afterEhlo(answered('starttls', '454 4.7.0 TLS not available'))])).toEqual([
      'critical starttls-refused',
    ]);
    expect(out([afterEhlo(failed('starttls', 'closed'))])).toEqual(['critical starttls-refused']);
  });

  it('stops at bytes after the reply to STARTTLS', () => {
    const met = afterEhlo(failed('starttls', 'injected-plaintext', { detail: '250 evil', reply: reply('220 go') }));
    expect(told(report([met]), letIn([one], one, 'tls'))).toEqual(['critical starttls-injection']);
  });

  it.each([
    ['wrong-version', 'tls-no-common-version'],
    ['certificate', 'tls-client-certificate'],
    ['tls-handshake', 'tls-handshake-failed'],
    ['closed', 'tls-handshake-failed'],
  ] as const)('says that Auto falls back to plaintext after %s', (reason, code) => {
    const met = afterEhlo(passed('starttls'), failed('tls', reason));
    const [only] = found(report([met]), letIn([one], one, 'plaintext'));
    expect(only).toMatchObject({
      code,
      severity: 'warning',
      message: expect.stringContaining('silently sends the mail in plaintext'),
    });
  });

  it('says that Auto does not fall back after a reset', () => {
    const [only] = found(report([afterEhlo(passed('starttls'), failed('tls', 'reset'))]), shutOut([one]));
    expect(only).toMatchObject({
      code: 'tls-broken-off',
      severity: 'critical',
      message: expect.stringContaining('does not fall back'),
    });
  });
});

describe('certificates', () => {
  it.each([
    [
      'expired',
      { notAfter: '2026-02-20T14:02:00.000Z', chainError: 'CERT_HAS_EXPIRED' },
      'warning certificate-expired',
      'critical certificate-expired',
    ],
    [
      'not yet valid',
      { notBefore: '2026-06-01T00:00:00.000Z', chainError: 'CERT_NOT_YET_VALID' },
      'warning certificate-not-yet-valid',
      'critical certificate-not-yet-valid',
    ],
    [
      'self-signed',
      { selfSigned: true, chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      'info certificate-self-signed',
      'critical certificate-self-signed',
    ],
    [
      'unknown CA',
      { chainError: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
      'info certificate-untrusted',
      'critical certificate-untrusted',
    ],
    ['wrong name', { nameMatches: false }, 'info certificate-name-mismatch', 'info certificate-name-mismatch'],
  ] as const)('%s: Auto does not care, TLS fails', (_, certificate, inAuto, inTls) => {
    expect(inAt(one, 'tls', [encrypted(one, certificate)])).toEqual([inAuto]);
    expect(out([implicit(one, certificate)], { sslMode: 'TLS', port: 465 })).toEqual([inTls]);
  });

  it.each([
    ['2026-03-05T14:02:00.000Z', ['warning certificate-expires-soon']],
    ['2026-03-25T14:02:00.000Z', ['info certificate-expires-soon']],
    ['2026-06-25T14:02:00.000Z', []],
  ])('that ends %s', (notAfter, codes) => {
    expect(inAt(one, 'tls', [encrypted(one, { notAfter })])).toEqual(codes);
  });

  it('are spoken of once, however many addresses show them', () => {
    expect(inAt(one, 'tls', [encrypted(one, { nameMatches: false }), encrypted(two, { nameMatches: false })])).toEqual([
      'info certificate-name-mismatch',
    ]);
  });
});

describe('recipients', () => {
  it.each([
    ['RCPT', '450 4.2.0 greylisted, see http://postgrey', 'info rcpt-greylisted'],
    ['RCPT', '451 4.7.1 try again later', 'warning rcpt-deferred'],
    ['RCPT', '450 4.1.1 no mailbox now', 'warning rcpt-deferred'],
    ['RCPT', '503 5.5.1 need MAIL first', 'critical rcpt-deferred'],
    ['RCPT', '550 5.1.1 <a@b>: user unknown', 'critical rcpt-unknown'],
    ['RCPT', '550 No such user here', 'critical rcpt-unknown'],
    ['RCPT', '550 5.7.1 not allowed', 'critical rcpt-refused'],
    ['RCPT', '554 5.7.1 <a@b>: Relay access denied', 'critical rcpt-relay-denied'],
    ['RCPT', '550 5.7.1 user unknown', 'critical rcpt-unknown'],
    ['RCPT', '552 5.2.2 mailbox full', 'critical rcpt-refused'],
    ['MAIL', '530 5.7.0 Must issue a STARTTLS command first', 'critical mail-requires-tls'],
    ['MAIL', '530 5.7.0 Authentication required', 'critical mail-requires-login'],
    ['MAIL', '535 5.7.8 credentials invalid', 'critical mail-requires-login'],
    ['MAIL', '451 4.3.0 later', 'warning mail-deferred'],
    ['MAIL', '550 5.1.8 sender domain not found', 'critical mail-refused'],
  ] as const)('%s %s', (what, line, expected) => {
    const stage = answered(what === 'MAIL' ? 'mail' : 'rcpt', line);
    expect(inAt(one, 'tls', [inTransaction(stage)])).toEqual([expected]);
  });

  it('says in how many minutes to try again', () => {
    const probe = report([inTransaction(answered('rcpt', '450 4.2.0 greylisted for 300 seconds'))]);
    expect(found(probe, letIn([one], one, 'tls', { retryAfterSeconds: 310 }))[0]?.remedy).toContain('in 6 min');
  });

  it('tells a refused message from one that broke off', () => {
    const upTo = [passed('mail'), passed('rcpt')] as const;
    const refused = inTransaction(...upTo, passed('data'), answered('end-of-data', '552 5.3.4 too big'));
    expect(inAt(one, 'tls', [refused])).toEqual(['critical message-refused']);
    // Whatever refuses DATA itself, Postal tries again.
    expect(inAt(one, 'tls', [inTransaction(...upTo, answered('data', '552 5.3.4 too big'))])).toEqual([
      'critical message-deferred',
    ]);
    expect(inAt(one, 'tls', [inTransaction(passed('mail'), passed('rcpt'), failed('data', 'closed'))])).toEqual([
      'critical message-broken-off',
    ]);
  });
});

describe('the order of findings', () => {
  it('is by severity, then causes before consequences', () => {
    const met = [
      dropping(six),
      {
        ...encrypted(one, { selfSigned: true, chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT', nameMatches: false }),
        stages: inTransaction(answered('rcpt', '550 5.1.1 unknown')).stages,
      },
    ];
    expect(inAt(one, 'tls', met)).toEqual([
      'critical rcpt-unknown',
      'warning connect-timeout',
      'warning ipv6-dead',
      'info certificate-self-signed',
      'info certificate-name-mismatch',
    ]);
  });

  it('has every code once', () => {
    expect(new Set<FindingCode>(findingCodes).size).toBe(findingCodes.length);
    expect(severities).toEqual(['critical', 'warning', 'info']);
  });
});

describe('every finding', () => {
  it('is one sentence with a remedy of one or two, and says nothing twice', () => {
    const probes: readonly [ProbeReport, Prediction][] = [
      [
        report([refusing(one), dropping(two), encrypted('10.0.4.14', { selfSigned: true, chainError: 'X' })]),
        letIn([one, two, '10.0.4.14'], '10.0.4.14', 'tls'),
      ],
      [report([plain(one)], { sslMode: 'STARTTLS' }), letIn([one], one, 'plaintext')],
      [nowhere([dnsAnswer({ rcode: 'NXDOMAIN' })]), noHosts()],
    ];
    for (const [probe, prediction] of probes) {
      const findings = found(probe, prediction);
      expect(new Set(findings.map(({ code }) => code)).size).toBe(findings.length);
      for (const { message, remedy } of findings) {
        expect(message).toMatch(/^[^\n]+\.$/);
        expect(remedy).toMatch(/^[^\n]+\.$/);
      }
    }
  });
});
