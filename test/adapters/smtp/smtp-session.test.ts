import { beforeAll, describe, expect, it } from 'vitest';
import type { SessionSettings, SessionTarget } from '../../../lib/adapters/smtp/session-target.ts';
import { runSmtpSession } from '../../../lib/adapters/smtp/smtp-session.ts';
import { createTlsTrust } from '../../../lib/adapters/smtp/tls-context.ts';
import { encryptionOf } from '../../../lib/core/postal/encryption.ts';
import type { SessionFacts, Stage, StageName } from '../../../lib/core/probe-report/report.ts';
import { type Certificate, makeCertificate } from '../../support/certificate.ts';
import {
  closedPort,
  mailServer,
  type Script,
  type ScriptedConnection,
  startScript,
} from '../../support/smtp-script.ts';

const settings: SessionSettings = {
  heloHostname: 'postal.example.test',
  tls: createTlsTrust(undefined),
  connectBudgetMs: 10_000,
  replyBudgetMs: 10_000,
  postalOpenTimeoutMs: 10_000,
  postalReadTimeoutMs: 10_000,
};

const hostname = 'mail.example.test';
const never = new AbortController().signal;

let certificate: Certificate;
beforeAll(async () => {
  certificate = await makeCertificate({ commonName: hostname });
});

const sessionWith = async (
  script: Script,
  sslMode: 'None' | 'Auto' | 'STARTTLS' | 'TLS' = 'Auto',
  more: Partial<SessionSettings> = {},
  signal = never,
  how: Partial<Pick<SessionTarget, 'encryption' | 'transaction'>> = {},
): Promise<SessionFacts & { readonly heard: readonly string[] }> => {
  await using server = await startScript(script);
  const target = {
    hostname,
    ip: '127.0.0.1',
    port: server.port,
    sslMode,
    encryption: encryptionOf(sslMode, { version: '3.3.6' }),
    ...how,
  };
  const { facts } = await runSmtpSession(target, { ...settings, ...more }, signal);
  return { ...facts, heard: [...server.heard] };
};

/** Whether a ticket comes within its 20 ms is a matter of the machine's load. */
const summary = ({ stages }: SessionFacts): readonly string[] =>
  stages.map(({ stage, status, reason, detail }) =>
    stage === 'session-ticket' && detail?.startsWith('none came') ? `${stage} passed` : `${stage} ${reason ?? status}`,
  );
const stageOf = ({ stages }: SessionFacts, name: StageName): Stage | undefined =>
  stages.find(({ stage }) => stage === name);

describe('stages', () => {
  it('None: greets, lists what is offered and takes leave in plaintext', async () => {
    const report = await sessionWith(mailServer({ certificate }), 'None');
    expect(summary(report)).toEqual(['connect passed', 'banner passed', 'ehlo passed', 'quit passed']);
    expect(report).toMatchObject({
      banner: '220 mail.example.test ESMTP',
      capabilities: ['SIZE 10240000', 'STARTTLS'],
      heard: ['EHLO postal.example.test', 'QUIT'],
    });
    expect(report.tls).toBeUndefined();
  });

  it.each(['Auto', 'STARTTLS'] as const)(
    '%s: starts TLS where it is offered, waits for the ticket and greets again',
    async (mode) => {
      const report = await sessionWith(
        mailServer({ certificate, ehloInTls: '250-mail.example.test\r\n250 AUTH PLAIN' }),
        mode,
      );
      expect(summary(report)).toEqual([
        'connect passed',
        'banner passed',
        'ehlo passed',
        'starttls passed',
        'tls passed',
        'session-ticket passed',
        'ehlo-tls passed',
        'quit passed',
      ]);
      expect(report.heard).toEqual(['EHLO postal.example.test', 'STARTTLS', 'EHLO postal.example.test', 'QUIT']);
      expect(report.capabilities).toEqual(['AUTH PLAIN']);
      expect(report.tls).toMatchObject({ protocol: 'TLSv1.3', certificate: { nameMatches: true, selfSigned: true } });
    },
  );

  it('TLS: from the first byte', async () => {
    const report = await sessionWith(mailServer({ certificate, implicitTls: true }), 'TLS');
    expect(summary(report)).toEqual(['connect passed', 'tls passed', 'banner passed', 'ehlo passed', 'quit passed']);
    expect(report.tls?.certificate?.chainError).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('goes on in plaintext where STARTTLS is not offered', async () => {
    const report = await sessionWith(mailServer());
    expect(summary(report).slice(3)).toEqual([
      'starttls not-offered',
      'tls skipped',
      'session-ticket skipped',
      'ehlo-tls skipped',
      'quit passed',
    ]);
  });

  it('falls back to HELO where EHLO is refused', async () => {
    const report = await sessionWith(mailServer({ ehlo: '502 5.5.1 what' }), 'None');
    expect(summary(report)).toEqual([
      'connect passed',
      'banner passed',
      'ehlo rejected-permanently',
      'helo passed',
      'quit passed',
    ]);
    expect(stageOf(report, 'ehlo')?.reply).toEqual({ code: 502, lines: ['502 5.5.1 what'], enhancedStatus: '5.5.1' });
    expect(report.capabilities).toEqual([]);
  });

  it('falls back to HELO inside TLS too, and reports what was refused twice', async () => {
    const report = await sessionWith(mailServer({ certificate, ehloInTls: '550 5.7.1 no', helo: '550 5.7.1 no' }));
    expect(summary(report).slice(4)).toEqual([
      'tls passed',
      'session-ticket passed',
      'ehlo-tls rejected-permanently',
      'helo rejected-permanently',
      'quit passed',
    ]);
  });

  it('takes a banner of 250, as Postal does', async () => {
    expect(summary(await sessionWith(mailServer({ banner: '250 hello' }), 'None'))).toContain('banner passed');
  });

  it('keeps a banner and a greeting of several lines whole', async () => {
    const report = await sessionWith(mailServer({ banner: '220-one\r\n220-two\r\n220 three' }), 'None');
    expect(report.banner).toBe('220-one\n220-two\n220 three');
  });

  it('survives a server that says one octet at a time', async () => {
    const script: Script = async (connection) => {
      const dribble = (text: string): void => {
        for (const octet of Buffer.from(text)) connection.say(Buffer.of(octet));
      };
      connection.socket.setNoDelay(true);
      dribble('220-slow\r\n220 server\r\n');
      await connection.hear();
      dribble('250-slow\r\n250 PIPELINING\r\n');
      await connection.hear();
      dribble('221 bye\r\n');
    };
    const report = await sessionWith(script, 'None');
    expect(summary(report)).toEqual(['connect passed', 'banner passed', 'ehlo passed', 'quit passed']);
    expect(report.capabilities).toEqual(['PIPELINING']);
  });
});

describe('failures', () => {
  const says =
    (text: string | Buffer, then: 'wait' | 'close' = 'wait'): Script =>
    async (connection: ScriptedConnection) => {
      connection.say(text);
      if (then === 'close' || (await connection.hear()) === 'QUIT') connection.close();
    };
  const silent: Script = () => {};
  const impatient = { replyBudgetMs: 100, postalReadTimeoutMs: 100 };

  it('refused', async () => {
    const port = await closedPort();
    const target = { hostname, ip: '127.0.0.1', port, sslMode: 'Auto', encryption: 'opportunistic' } as const;
    const { facts, localAddress } = await runSmtpSession(target, settings, never);
    expect(facts.stages[0]).toMatchObject({
      stage: 'connect',
      status: 'failed',
      reason: 'refused',
      detail: `connect ECONNREFUSED 127.0.0.1:${port}`,
    });
    expect(facts.stages.slice(1).every(({ status }) => status === 'skipped')).toBe(true);
    expect(localAddress).toBeUndefined();
  });

  const banner: readonly (readonly [string, Script, string, Partial<SessionSettings>])[] = [
    ['nothing, as long as Postal would wait', silent, 'timeout', impatient],
    ['nothing, though Postal would wait longer', silent, 'slow', { replyBudgetMs: 100 }],
    ['the end', (connection) => connection.close(), 'closed', {}],
    ['554', says('554 5.7.1 go away\r\n'), 'rejected-permanently', {}],
    ['421', says('421 4.3.2 busy\r\n'), 'rejected-temporarily', {}],
    ['354', says('354 go on\r\n'), 'malformed-reply', {}],
    ['SSH', says('SSH-2.0-OpenSSH_9.2\r\n'), 'not-smtp', impatient],
    ['IMAP', says('* OK IMAP4rev1\r\n'), 'not-smtp', {}],
    ['HTTP, then the end', says('HTTP/1.1 400 Bad Request', 'close'), 'not-smtp', {}],
    ['a line that is no SMTP and never ends', says(Buffer.from([0x4a, 0, 0, 0, 0x0a, 0x38])), 'not-smtp', impatient],
    ['a line that is no SMTP and has no end yet', says('+OK POP3'), 'not-smtp', impatient],
    ['an empty line', says('\r\n'), 'not-smtp', {}],
    ['a code out of range', says('620 hello\r\n'), 'malformed-reply', {}],
    ['two codes in one reply', says('220-one\r\n250 two\r\n'), 'malformed-reply', impatient],
    ['half a reply, then the end', says('220-one\r\n', 'close'), 'closed', {}],
    ['a line without end', says('220 '.padEnd(5000, 'x')), 'reply-too-long', impatient],
    ['a reply without end', says('220-more\r\n'.repeat(101)), 'reply-too-long', impatient],
    ['a reply of many octets', says(`220-${'x'.repeat(1000)}\r\n`.repeat(10)), 'reply-too-long', impatient],
  ];
  it.each(banner)('a banner of %s', async (_name, script, reason, more) => {
    expect(stageOf(await sessionWith(script, 'None', more), 'banner')).toMatchObject({ status: 'failed', reason });
  });

  it('a reset instead of a banner, which may overtake the connection itself', async () => {
    const report = await sessionWith((connection) => connection.reset());
    expect(report.stages.find(({ status }) => status === 'failed')).toMatchObject({ reason: 'reset' });
  });

  it('says how long it waited, and how long Postal would', async () => {
    const report = await sessionWith(silent, 'None', { replyBudgetMs: 100, postalReadTimeoutMs: 30_000 });
    expect(stageOf(report, 'banner')?.detail).toBe('no answer within 100 ms; Postal would wait 30000 ms');
  });

  it('has patience, as Postal has, with a server that is never silent for long', async () => {
    const script: Script = async (connection) => {
      for (const line of ['220-one', '220-two', '220-three', '220-four', '220 five']) {
        connection.say(`${line}\r\n`);
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      await mailServer({ banner: '' })(connection);
    };
    const report = await sessionWith(script, 'None', { replyBudgetMs: 1000, postalReadTimeoutMs: 1000 });
    expect(stageOf(report, 'banner')).toMatchObject({ status: 'passed' });
  });

  it.each([
    ['SSH-2.0-OpenSSH_9.2\r\n', 'not-smtp', { text: 'SSH-2.0-OpenSSH_9.2\n', ended: 'timeout' }],
    ['* OK IMAP4rev1\r\n', 'not-smtp', { text: '* OK IMAP4rev1\n' }],
    ['220-one\r\n550 two\r\n', 'malformed-reply', { text: '220-one\n550 two\n' }],
    ['220-one\r\n', 'timeout', { text: '220-one\n', ended: 'timeout' }],
  ])('keeps what Postal reads in %j', async (text, reason, asRead) => {
    expect(stageOf(await sessionWith(says(text), 'None', impatient), 'banner')).toMatchObject({ reason, asRead });
  });

  it('takes leave of a server that refuses, and of none that it does not understand', async () => {
    const polite = mailServer({ banner: '554 5.7.1 go away' });
    expect(await sessionWith(polite)).toMatchObject({ heard: ['QUIT'] });
    expect((await sessionWith(polite)).stages.at(-1)).toMatchObject({ stage: 'quit', status: 'passed' });
    const ssh = await sessionWith(says('SSH-2.0-OpenSSH_9.2\r\n'), 'Auto', impatient);
    expect(ssh.heard).toEqual([]);
    expect(ssh.stages.at(-1)).toMatchObject({ stage: 'quit', status: 'skipped' });
  });

  it.each([
    ['454 4.7.0 TLS not available', 'rejected-temporarily'],
    ['501 5.5.4 syntax', 'rejected-permanently'],
    ['what', 'malformed-reply'],
  ])('STARTTLS answered with %j', async (startTls, reason) => {
    const report = await sessionWith(mailServer({ ehlo: '250-hi\r\n250 STARTTLS', startTls }));
    expect(stageOf(report, 'starttls')).toMatchObject({ status: 'failed', reason });
    expect(stageOf(report, 'tls')).toMatchObject({ status: 'skipped' });
    expect(report.heard).toContain('QUIT');
  });

  it.each(['250 you are', '2'])(
    'says that %j stood behind the answer to STARTTLS, drops it and goes on',
    async (injected) => {
      const script: Script = async (connection) => {
        connection.say('220 hi\r\n');
        await connection.hear();
        connection.say('250-hi\r\n250 STARTTLS\r\n');
        await connection.hear();
        connection.say(`220 ready\r\n${injected}`);
        await connection.secure(certificate);
        await mailServer()({ ...connection, say: connection.say });
      };
      const report = await sessionWith(script);
      expect(stageOf(report, 'starttls')).toMatchObject({
        status: 'failed',
        reason: 'injected-plaintext',
        detail: injected,
      });
      expect(stageOf(report, 'tls')).toMatchObject({ status: 'passed' });
    },
  );

  const afterStartTls =
    (then: Script): Script =>
    async (connection) => {
      connection.say('220 hi\r\n');
      await connection.hear();
      connection.say('250-hi\r\n250 STARTTLS\r\n');
      await connection.hear();
      connection.say('220 ready\r\n');
      connection.socket.once('data', () => void then(connection));
    };
  const handshakes: readonly (readonly [string, Script, string, Partial<SessionSettings>])[] = [
    ['plaintext', says('500 what is this\r\n'), 'wrong-version', {}],
    ['garbage', says(Buffer.from([0x16, 3, 3, 0xff, 0xff, 1, 2, 3])), 'tls-handshake', {}],
    ['an alert of the wrong version', says(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])), 'wrong-version', {}],
    ['the end', (connection) => connection.close(), 'closed', {}],
    ['a reset', (connection) => connection.reset(), 'reset', {}],
    ['silence', silent, 'timeout', { connectBudgetMs: 200, postalOpenTimeoutMs: 200 }],
    ['silence, though Postal would wait longer', silent, 'slow', { connectBudgetMs: 200 }],
  ];
  it.each(handshakes)('a TLS handshake answered with %s', async (_name, script, reason, more) => {
    const report = await sessionWith(afterStartTls(script), 'Auto', more);
    expect(stageOf(report, 'tls')).toMatchObject({ status: 'failed', reason });
    expect(stageOf(report, 'tls')?.detail).not.toBe('');
    expect(report.stages.at(-1)).toMatchObject({ stage: 'quit', status: 'skipped' });
  });

  it('a reset right behind the answer to STARTTLS', async () => {
    const script: Script = async (connection) => {
      connection.say('220 hi\r\n');
      await connection.hear();
      connection.say('250-hi\r\n250 STARTTLS\r\n');
      await connection.hear();
      connection.say('220 ready\r\n');
      connection.reset();
    };
    expect(stageOf(await sessionWith(script), 'tls')).toMatchObject({ status: 'failed', reason: 'reset' });
  });

  it('TLS to a plaintext port', async () => {
    const report = await sessionWith(mailServer(), 'TLS');
    expect(stageOf(report, 'tls')).toMatchObject({ reason: 'wrong-version', detail: 'wrong version number' });
  });

  it('a server that will not go on without a client certificate', async () => {
    const report = await sessionWith(mailServer({ certificate, implicitTls: true, requestCert: true }), 'TLS');
    expect(report.stages.find(({ status }) => status === 'failed')).toMatchObject({ reason: 'certificate' });
  });

  it('the deadline of the whole, in the middle of a stage', async () => {
    const deadline = new AbortController();
    const script: Script = async (connection) => {
      connection.say('220 hi\r\n');
      await connection.hear();
      deadline.abort();
    };
    const report = await sessionWith(script, 'Auto', {}, deadline.signal);
    expect(stageOf(report, 'ehlo')).toMatchObject({ status: 'failed', reason: 'deadline' });
    expect(report.heard).toContain('EHLO postal.example.test');
  });

  it('the deadline of the whole, before anything', async () => {
    const report = await sessionWith(mailServer(), 'Auto', {}, AbortSignal.abort());
    expect(stageOf(report, 'connect')).toMatchObject({ status: 'failed', reason: 'deadline' });
  });

  it('a connection that is closed instead of answered', async () => {
    const script: Script = async (connection) => {
      connection.say('220 hi\r\n');
      await connection.hear();
      connection.close();
    };
    expect(stageOf(await sessionWith(script), 'ehlo')).toMatchObject({ reason: 'closed' });
  });
});
