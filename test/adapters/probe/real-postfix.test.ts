import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProber } from '../../../lib/adapters/probe/prober.ts';
import type { ProbeReport, ProbeRequest } from '../../../lib/core/probe-report/report.ts';
import { describeRecipients } from '../../contracts/real-recipients.ts';
import { type Postfix, postfixMissing, startPostfix } from '../../support/postfix.ts';
import { addressesIn, clock, never, profileFor, reportOf, request } from '../../support/probe-request.ts';
import { assessServer, findingsIn, securedStages, stagesIn } from '../../support/real-server.ts';
import { type ScriptedDns, startDns } from '../../support/scripted-dns.ts';

const missing = postfixMissing();
describe.skipIf(missing)(`a real Postfix${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let postfix: Postfix;
  let dns: ScriptedDns;
  beforeAll(async () => {
    postfix = await startPostfix();
    dns = await startDns(addressesIn('127.0.0.1'));
  });
  afterAll(async () => {
    await postfix[Symbol.asyncDispose]();
    await dns[Symbol.asyncDispose]();
  });

  const probe = async (port: number, sslMode: ProbeRequest['sslMode'], ca?: string): Promise<ProbeReport> => {
    const policy = { cidrs: ['127.0.0.0/8'], ports: [postfix.port, postfix.tlsPort] };
    const prober = createProber({ policy, profile: profileFor(dns), clock, ...(ca !== undefined && { ca }) });
    return reportOf(await prober.probe(request(port, { sslMode, recordTypes: ['A'] }), never));
  };

  it.each(['Auto', 'STARTTLS'] as const)(
    '%s: reports its banner, its STARTTLS and its certificate, and takes leave',
    async (sslMode) => {
      const [address] = (await probe(postfix.port, sslMode)).addresses;
      expect(stagesIn(address)).toEqual([...securedStages, 'quit passed']);
      expect(address?.banner).toBe('220 mail.example.test ESMTP Postfix');
      expect(address?.stages[2]?.reply?.lines).toContain('250-STARTTLS');
      expect(address?.capabilities).toContain('SMTPUTF8');
      expect(address?.capabilities).not.toContain('STARTTLS');
      expect(address?.tls).toMatchObject({
        protocol: 'TLSv1.3',
        certificate: {
          subject: 'CN=mail.example.test',
          issuer: 'CN=mail.example.test',
          subjectAltNames: ['mail.example.test'],
          key: 'RSA 2048',
          selfSigned: true,
          chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
          nameMatches: true,
        },
      });
      const notAfter = Date.parse(address?.tls?.certificate?.notAfter ?? '');
      expect(Math.round((notAfter - Date.now()) / 86_400_000)).toBe(61);
    },
  );

  it('leaves two clean lines in its log', async () => {
    const isQuiet = async (): Promise<boolean> => {
      const log = await postfix.log();
      return log.split(': connect from').length === log.split(': disconnect from').length;
    };
    await expect.poll(isQuiet, { timeout: 10_000 }).toBe(true);
    const before = (await postfix.log()).length;
    await probe(postfix.port, 'Auto');
    const lines = async (): Promise<readonly string[]> => (await postfix.log()).slice(before).trim().split('\n');
    await expect
      .poll(lines, { timeout: 10_000 })
      .toEqual([
        expect.stringMatching(/: connect from unknown\[127\.0\.0\.1\]$/),
        expect.stringMatching(/: disconnect from unknown\[127\.0\.0\.1\] ehlo=2 starttls=1 quit=1 commands=4$/),
      ]);
  });

  it('TLS: from the first byte', async () => {
    const [address] = (await probe(postfix.tlsPort, 'TLS')).addresses;
    expect(stagesIn(address)).toEqual(['connect passed', 'tls passed', 'banner passed', 'ehlo passed', 'quit passed']);
  });

  it('None: in plaintext', async () => {
    const [address] = (await probe(postfix.port, 'None')).addresses;
    expect(address?.capabilities).toContain('STARTTLS');
    expect(address?.tls).toBeUndefined();
  });

  it('TLS on its plaintext port', async () => {
    const [swapped] = (await probe(postfix.port, 'TLS')).addresses;
    expect(swapped?.stages[1]).toMatchObject({ stage: 'tls', reason: 'wrong-version', detail: 'wrong version number' });
  });

  it('verifies against the certificates that Postal trusts', async () => {
    const [address] = (await probe(postfix.port, 'Auto', postfix.certificate)).addresses;
    expect(address?.tls?.certificate).toMatchObject({ selfSigned: true, nameMatches: true });
    expect(address?.tls?.certificate?.chainError).toBeUndefined();
  });

  it.each([
    ['Auto', 'Postal will get in, encrypted.', []],
    ['STARTTLS', 'Postal will get in, but in PLAINTEXT.', ['warning ssl-mode-starttls']],
    ['None', 'Postal will get in, but in PLAINTEXT.', ['warning ssl-mode-none']],
    ['TLS', 'Postal will get in, encrypted.', []],
  ] as const)('%s: %s', async (sslMode, sentence, findings) => {
    const assessment = await assessServer(postfix, { sslMode });
    expect(assessment.verdict.sentence).toBe(sentence);
    expect(findingsIn(assessment)).toEqual(findings);
  });

  describeRecipients(() => postfix, {
    sslMode: 'Auto',
    greeted: securedStages,
    unknown: 'nobody@mail.example.test',
    refusal: '550 5.1.1 <nobody@mail.example.test>: Recipient address rejected',
  });
});
