import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeRecipients } from '../../contracts/real-recipients.ts';
import { type Exim, eximMissing, startExim } from '../../support/exim.ts';
import { assessServer, findingsIn, plainStages, securedStages, stagesIn } from '../../support/real-server.ts';

const missing = eximMissing();
describe.skipIf(missing)(`a real Exim${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let exim: Exim;
  beforeAll(async () => {
    exim = await startExim();
  });
  afterAll(() => exim[Symbol.asyncDispose]());

  it('Auto: in, encrypted', async () => {
    const assessment = await assessServer(exim, { sslMode: 'Auto' });
    const [address] = assessment.report.addresses;
    expect(stagesIn(address)).toEqual([...securedStages, 'quit passed']);
    expect(address?.banner).toMatch(/^220 mail\.example\.test ESMTP Exim \d/);
    expect(address?.capabilities).toEqual(expect.arrayContaining(['8BITMIME', 'PIPELINING', 'CHUNKING']));
    expect(address?.capabilities).not.toContain('STARTTLS');
    expect(address?.tls).toMatchObject({
      protocol: 'TLSv1.3',
      certificate: { key: 'RSA 2048', selfSigned: true, nameMatches: true },
    });
    expect(assessment.verdict).toMatchObject({ level: 'good', sentence: 'Postal will get in, encrypted.' });
    expect(findingsIn(assessment)).toEqual([]);
  });

  it('STARTTLS: in, but in plaintext, for Postal does not use it', async () => {
    const assessment = await assessServer(exim, { sslMode: 'STARTTLS' });
    expect(stagesIn(assessment.report.addresses[0])).toEqual([...securedStages, 'quit passed']);
    expect(assessment.verdict.sentence).toBe('Postal will get in, but in PLAINTEXT.');
    expect(findingsIn(assessment)).toEqual(['warning ssl-mode-starttls']);
  });

  it('None: in, but in plaintext', async () => {
    const assessment = await assessServer(exim, { sslMode: 'None' });
    const [address] = assessment.report.addresses;
    expect(stagesIn(address)).toEqual([...plainStages, 'quit passed']);
    expect(address?.capabilities).toContain('STARTTLS');
    expect(address?.tls).toBeUndefined();
    expect(assessment.verdict.sentence).toBe('Postal will get in, but in PLAINTEXT.');
    expect(findingsIn(assessment)).toEqual(['warning ssl-mode-none']);
  });

  it('TLS: from the first byte, where Postal trusts the certificate', async () => {
    const assessment = await assessServer(exim, { sslMode: 'TLS' });
    expect(stagesIn(assessment.report.addresses[0])).toEqual([
      'connect passed',
      'tls passed',
      'banner passed',
      'ehlo passed',
      'quit passed',
    ]);
    expect(assessment.verdict).toMatchObject({ level: 'good', sentence: 'Postal will get in, encrypted.' });
    expect(findingsIn(assessment)).toEqual([]);
  });

  it('TLS: not in, where it does not', async () => {
    const assessment = await assessServer(exim, { sslMode: 'TLS', trusts: false });
    expect(assessment.prediction.class).toBe('connect_fail');
    expect(findingsIn(assessment)).toEqual(['critical certificate-self-signed']);
  });

  it('TLS on its plaintext port: the wrong mode', async () => {
    const assessment = await assessServer(exim, { sslMode: 'TLS', port: exim.port });
    expect(stagesIn(assessment.report.addresses[0]).slice(0, 2)).toEqual([
      'connect passed',
      'tls failed wrong-version',
    ]);
    expect(assessment.prediction.class).toBe('connect_fail');
    expect(findingsIn(assessment)[0]).toBe('critical port-mode-swapped');
  });

  describeRecipients(() => exim, {
    sslMode: 'Auto',
    greeted: securedStages,
    unknown: 'nobody@mail.example.test',
    refusal: '550 no such user here',
  });

  it('writes nothing about a probe in its log but the clean end of its session', async () => {
    const helo = 'clean-end.example.test';
    await assessServer(exim, { sslMode: 'Auto', helo });
    const lines = async (): Promise<readonly string[]> =>
      (await exim.log()).split('\n').filter((line) => line.includes(helo));
    await expect
      .poll(lines, { timeout: 10_000 })
      .toEqual([
        expect.stringMatching(/ SMTP connection from \(clean-end\.example\.test\) \[127\.0\.0\.1\] closed by QUIT$/),
        expect.stringMatching(
          / no MAIL in SMTP connection from \(clean-end\.example\.test\) \[127\.0\.0\.1\] .* C=EHLO,STARTTLS,EHLO,QUIT$/,
        ),
      ]);
  });
});
