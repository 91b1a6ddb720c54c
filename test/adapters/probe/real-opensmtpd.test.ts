import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeRecipients } from '../../contracts/real-recipients.ts';
import { type OpenSmtpd, openSmtpdMissing, startOpenSmtpd } from '../../support/opensmtpd.ts';
import { assessServer, findingsIn, plainStages, stagesIn } from '../../support/real-server.ts';

const missing = openSmtpdMissing();
describe.skipIf(missing)(`a real OpenSMTPD${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let smtpd: OpenSmtpd;
  beforeAll(async () => {
    smtpd = await startOpenSmtpd();
  });
  afterAll(() => smtpd[Symbol.asyncDispose]());

  /** What every handshake comes to where openssl's own client does not succeed either. */
  const handshake = (): string => (smtpd.speaksTls ? 'tls passed' : 'tls failed tls-handshake');

  it('None: in, but in plaintext', async () => {
    const assessment = await assessServer(smtpd, { sslMode: 'None' });
    const [address] = assessment.report.addresses;
    expect(stagesIn(address)).toEqual([...plainStages, 'quit passed']);
    expect(address?.banner).toBe('220 mail.example.test ESMTP OpenSMTPD');
    expect(address?.capabilities).toEqual(
      expect.arrayContaining(['8BITMIME', 'ENHANCEDSTATUSCODES', 'DSN', 'STARTTLS']),
    );
    expect(assessment.verdict.sentence).toBe('Postal will get in, but in PLAINTEXT.');
    expect(findingsIn(assessment)).toEqual(['warning ssl-mode-none']);
  });

  it('Auto: encrypted where it can do what it offers, or else by a second connection in plaintext', async () => {
    const assessment = await assessServer(smtpd, { sslMode: 'Auto' });
    const [address] = assessment.report.addresses;
    expect(stagesIn(address).slice(0, 5)).toEqual([...plainStages, 'starttls passed', handshake()]);
    if (smtpd.speaksTls) {
      expect(assessment.prediction.entry?.security).toBe('tls');
      expect(findingsIn(assessment)).toEqual([]);
    } else {
      expect(address?.stages[4]?.detail).toMatch(/alert/);
      expect(address?.further?.map((session) => [session.purpose, ...stagesIn(session)])).toEqual([
        ['plaintext-retry', ...plainStages, 'quit passed'],
      ]);
      expect(assessment.verdict.sentence).toBe('Postal will get in, but in PLAINTEXT.');
      expect(findingsIn(assessment)).toEqual(['warning tls-handshake-failed']);
    }
  });

  it('STARTTLS: in, but in plaintext, for Postal does not use it; what it would meet is told all the same', async () => {
    const assessment = await assessServer(smtpd, { sslMode: 'STARTTLS' });
    expect(stagesIn(assessment.report.addresses[0]).slice(0, 5)).toEqual([
      ...plainStages,
      'starttls passed',
      handshake(),
    ]);
    expect(assessment.verdict.sentence).toBe('Postal will get in, but in PLAINTEXT.');
    expect(findingsIn(assessment)).toEqual([
      'warning ssl-mode-starttls',
      ...(smtpd.speaksTls ? [] : ['info tls-handshake-failed']),
    ]);
  });

  it('TLS: from the first byte, or not in', async () => {
    const assessment = await assessServer(smtpd, { sslMode: 'TLS' });
    expect(stagesIn(assessment.report.addresses[0]).slice(0, 2)).toEqual(['connect passed', handshake()]);
    if (smtpd.speaksTls) expect(assessment.prediction.entry?.security).toBe('tls');
    else {
      expect(assessment.prediction.class).toBe('connect_fail');
      expect(findingsIn(assessment)).toEqual(['critical tls-handshake-failed']);
    }
  });

  describeRecipients(() => smtpd, {
    sslMode: 'None',
    greeted: plainStages,
    unknown: 'nobody@elsewhere.example.test',
    refusal: '550 Invalid recipient: <nobody@elsewhere.example.test>',
    findings: ['warning ssl-mode-none'],
  });

  it('is left by QUIT', async () => {
    const before = smtpd.log.length;
    await assessServer(smtpd, { sslMode: 'None' });
    await expect.poll(() => smtpd.log.slice(before), { timeout: 10_000 }).toMatch(/smtp disconnected reason=quit/);
  });
});
