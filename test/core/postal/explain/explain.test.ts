import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../../lib/core/postal/explain/explain.ts';
import type { ExplainedItem } from '../../../../lib/core/postal/explain/explanation.ts';
import { explainStages } from '../../../../lib/core/postal/explain/explanation.ts';
import { signatures } from '../../../../lib/core/postal/explain/signatures.ts';
import { allDeliveries, type Delivery, pasted, wrapped } from './pasted.ts';

const itemsOf = (text: string): readonly ExplainedItem[] => {
  const explanation = explain(text);
  return explanation.recognised ? explanation.items : [];
};

const codesOf = (text: string): readonly string[] => itemsOf(text).map(({ code }) => code);

const expectRightStages = (items: readonly ExplainedItem[], { stages }: Delivery): void => {
  expect(items).toHaveLength(stages.length);
  items.forEach((item, index) => {
    expect(item.stages).toContain(stages[index]);
  });
};

describe('what Postal said of 151 deliveries', () => {
  it.each(allDeliveries.map((delivery) => [delivery.id, delivery] as const))('%s', (_, delivery) => {
    const items = itemsOf(pasted(delivery));
    expectRightStages(items, delivery);
    for (const { fate } of items) expect(fate).toBe(delivery.fate);
    const hostname = /Tried (.*)\.$|\(([^()]*)\)$/.exec(delivery.details);
    const named = hostname?.[1] ?? hostname?.[2];
    if (named !== undefined) expect(items[0]?.endpoint.hostname).toBe(named);
    const [, ip, port] =
      / (?:to|by) (\S+):(\d+) \(/.exec(delivery.details) ?? /"([^"]+)" port (\d+)/.exec(delivery.output) ?? [];
    if (ip !== undefined) expect(items[0]?.endpoint).toMatchObject({ ip, port: Number(port) });
    const domain =
      /available for (\S+)\. /.exec(delivery.details)?.[1] ?? /^Message for \S+@(\S+) /.exec(delivery.details)?.[1];
    expect(items[0]?.recipientDomain).toBe(domain);
  });

  it('tells when Postal tries again where a reply says so', () => {
    for (const delivery of allDeliveries) {
      const [item] = itemsOf(pasted(delivery));
      if (delivery.retryAfterSeconds === 310) expect(item?.postal).toContain('tries again in 5 minutes');
      if (delivery.retryAfterSeconds === 86_410) expect(item?.postal).toContain('tries again in 24 hours');
      if (delivery.retryAfterSeconds === undefined && delivery.fate === 'retried')
        expect(item?.postal).toContain('about 31 hours');
    }
  });

  it('ignores what a greeting asks for, as Postal does', () => {
    const [item] = itemsOf(pasted(allDeliveries.find(({ id }) => id === 'ban-421') ?? { details: '', output: '' }));
    expect(item?.postal).toContain('about 31 hours');
  });
});

describe('the same, as people paste it', () => {
  const anyDelivery = fc.constantFrom(...allDeliveries);

  it('wrapped at any column', async () => {
    await fc.assert(
      fc.property(
        anyDelivery,
        fc.array(fc.integer({ min: 12, max: 110 }), { minLength: 1, maxLength: 8 }),
        (delivery, columns) => {
          expectRightStages(itemsOf(wrapped(pasted(delivery), columns)), delivery);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('wrapped at spaces, with an indent', async () => {
    await fc.assert(
      fc.property(anyDelivery, fc.integer({ min: 1, max: 5 }), (delivery, every) => {
        let count = 0;
        const text = pasted(delivery).replace(/ /g, () => (++count % every === 0 ? '\n    ' : ' '));
        expectRightStages(itemsOf(text), delivery);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a log record', '2026-03-02 14:02:11 +0000 ERROR   '],
    ['docker', 'postal-worker-1  | 2026-03-02T14:02:11.250Z '],
    [
      'logfmt',
      'time=2026-03-02T14:02:11Z severity=error component=worker log_id=QW3RT450 queued_message=550 message="',
    ],
    ['colours', '\u001b[31mERROR   \u001b[0m\u001b[37m'],
    ['the web UI', 'March 02, 2026 14:02\nSoft fail\n'],
  ])('behind %s', (_, prefix) => {
    for (const delivery of allDeliveries) {
      const text = `${prefix}${delivery.details}\nTime: 0.33s\n${prefix}${delivery.output}`;
      expectRightStages(itemsOf(text), delivery);
    }
  });

  it.each<[string, (text: string) => string]>([
    ['smart quotes', (text) => text.replace(/"([^"]*)"/g, '“$1”')],
    ['no-break spaces', (text) => text.replaceAll(' ', '\u00a0')],
    [
      'entities',
      (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ],
    ['long dashes', (text) => text.replaceAll(' - ', ' – ')],
    ['zero-width spaces', (text) => text.replaceAll('.', '.\u200b')],
    ['one line', (text) => text.replaceAll('\n', ' ')],
    ['JSON', (text) => JSON.stringify({ status: 'SoftFail', details: text })],
    ['JSON in JSON', (text) => JSON.stringify(JSON.stringify({ text }))],
    ['Windows line ends', (text) => text.replaceAll('\n', '\r\n')],
    ['mail links', (text) => text.replace(/(\S+@[\w.]+)/g, '<mailto:$1|$1>')],
  ])('mangled: %s', (_, mangle) => {
    for (const delivery of allDeliveries) expectRightStages(itemsOf(mangle(pasted(delivery))), delivery);
  });

  it('cut off anywhere from the 25th character on', () => {
    for (const delivery of allDeliveries) {
      const text = pasted(delivery);
      for (let length = 25; length <= text.length; length += 1) {
        const items = itemsOf(text.slice(0, length));
        expect(items.length, text.slice(0, length)).toBeGreaterThan(0);
        expect(items[0]?.stages, text.slice(0, length)).toContain(delivery.stages[0]);
      }
    }
  });

  it('the technical details alone', () => {
    for (const delivery of allDeliveries) {
      const items = itemsOf(delivery.output);
      if (items.length > 0) expect(items[0]?.stages, delivery.output).toContain(delivery.stages[0]);
      else expect(delivery.output.trim(), delivery.output).toMatch(/^$|^354 |^250 ok queued$/);
    }
  });

  it('twice is once', () => {
    for (const delivery of allDeliveries)
      expectRightStages(itemsOf(`${pasted(delivery)}\n${pasted(delivery)}`), delivery);
  });

  it('several deliveries are several items', async () => {
    await fc.assert(
      fc.property(anyDelivery, anyDelivery, (one, other) => {
        const codes = new Set([...itemsOf(pasted(one)), ...itemsOf(pasted(other))].map(({ code }) => code));
        expect(new Set(codesOf(`${pasted(one)}\n${pasted(other)}`))).toEqual(codes);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('lines of the log of Postal’s worker', () => {
  it.each([
    [
      'Cannot connect to 10.0.4.12:25 (mx.corp.internal) (Errno::ECONNREFUSED: Connection refused - connect(2) for "10.0.4.12" port 25)',
      'refused',
      'connect',
    ],
    [
      'Cannot connect to 10.0.4.12:25 (mx.corp.internal) (Net::OpenTimeout: execution expired)',
      'connect-timeout',
      'connect',
    ],
    ['Cannot connect to 10.0.4.12:465 (mx.corp.internal) (Net::OpenTimeout: Net::OpenTimeout)', 'tls-timeout', 'tls'],
    [
      'Cannot connect to fd00::12:25 (mx.corp.internal) (Errno::EHOSTUNREACH: No route to host - connect(2) for "fd00::12" port 25)',
      'unreachable',
      'connect',
    ],
    [
      'Cannot connect to 10.0.4.12:25 (mx.corp.internal) (EOFError: end of file reached)',
      'closed',
      'banner,ehlo,starttls',
    ],
    [
      'Cannot connect to 10.0.4.12:25 (mx.corp.internal) (Net::SMTPFatalError: 554 5.7.1 go away)',
      'reply-permanent',
      'banner',
    ],
    ['Cannot connect to 10.0.4.12:25 (mx.corp.internal)', 'cannot-connect', 'connect,banner,ehlo,starttls,tls'],
    [
      'Net::SMTPFatalError: 550 5.1.1 <a@example.com>: Recipient address rejected: User unknown',
      'reply-user-unknown',
      'rcpt,end-of-data',
    ],
    ['Net::SMTPServerBusy: 452 4.3.1 Insufficient system storage', 'reply-no-space', 'mail,rcpt,end-of-data'],
    [
      'OpenSSL::SSL::SSLError: SSL_connect SYSCALL returned=5 errno=0 peeraddr=10.0.4.12:465 state=SSLv3/TLS write client hello',
      'tls-closed',
      'tls',
    ],
    [
      'SSL error (SSL_connect returned=1 errno=0 peeraddr=10.0.4.12:25 state=error: unsupported protocol), retrying without SSL',
      'tls-version',
      'tls',
    ],
    ['internal error: SocketError: getaddrinfo: Name or service not known', 'name-lookup', 'resolve'],
    ['Accepted by 10.0.4.12:25 (mx.corp.internal) for a@example.com', 'accepted', 'accepted'],
    ['Errno::EPIPE: Broken pipe', 'broken-pipe', 'banner,ehlo,starttls,mail,rcpt,data,end-of-data'],
    ['message requeued for trying later, at 2026-03-02 14:07:11 UTC', 'retry-later', 'queue'],
    [
      'Maximum number of delivery attempts (18) has been reached. Bounce sent to sender (see message <msg:12>)',
      'attempts-exhausted',
      'queue',
    ],
    ['Message does not have a route and/or endpoint available for delivery.', 'no-route', 'queue'],
    ['This message will be retried automatically in about 1 hour.', 'retry-later', 'queue'],
  ])('%s', (line, code, stages) => {
    const [item, ...others] = itemsOf(
      `2026-03-02 14:02:11 +0000 ERROR   ${line} component=smtp-sender log_id=AB12CD34`,
    );
    expect(others).toEqual([]);
    expect(item).toMatchObject({ code });
    expect(item?.stages.join(',')).toBe(stages);
  });

  it('says that Auto goes on in plaintext', () => {
    const [item] = itemsOf(
      'SSL error (SSL_connect returned=1 errno=0 peeraddr=10.0.4.12:25 state=error: unsupported protocol), retrying without SSL',
    );
    expect(item?.postal).toContain('plaintext');
    expect(item?.endpoint).toEqual({ ip: '10.0.4.12', port: 25 });
  });

  it('keeps two hosts apart', () => {
    const refusal = (host: string, ip: string) =>
      `Cannot connect to ${ip}:25 (${host}) (Errno::ECONNREFUSED: Connection refused - connect(2) for "${ip}" port 25)`;
    const text = `${refusal('a.example', '10.0.0.1')}\n${refusal('b.example', '10.0.0.2')}\n${refusal('a.example', '10.0.0.1')}`;
    expect(itemsOf(text).map(({ endpoint }) => endpoint.hostname)).toEqual(['a.example', 'b.example']);
    expect(explain(text)).toMatchObject({ hostnames: ['a.example', 'b.example'] });
  });

  it('leaves to the server what the server says', () => {
    const text =
      'Temporary SMTP delivery error when sending to 10.0.4.12:25 (mx.example)\n451 4.4.1 lookup failed: Connection timed out';
    expect(codesOf(text)).toEqual(['reply-server-fault']);
  });

  it('reads several hosts of one sentence', () => {
    const text =
      'No SMTP servers were available for example.com. Tried a.example, b.example, and c.example.\nexecution expired';
    expect(explain(text)).toMatchObject({ hostnames: ['a.example', 'b.example', 'c.example'] });
  });
});

describe('replies of mail servers', () => {
  it.each([
    ['454 4.7.0 TLS not available due to local problem', 'reply-tls-unavailable'],
    ['530 5.7.0 Must issue a STARTTLS command first', 'reply-starttls-first'],
    ['535 5.7.8 Error: authentication failed', 'reply-authenticate-first'],
    ['450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted', 'reply-greylisted'],
    ['421 4.7.0 mx.example Error: too many connections from 10.0.0.7', 'reply-busy'],
    ['554 5.7.1 <a@b.example>: Relay access denied', 'reply-relay-denied'],
    [
      '550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in local recipient table',
      'reply-user-unknown',
    ],
    ['552 5.2.2 over quota', 'reply-mailbox-full'],
    ['550 5.2.1 mailbox disabled', 'reply-recipient-refused'],
    ['552 5.3.4 Message size exceeds fixed limit', 'reply-too-large'],
    ['452 4.3.1 Insufficient system storage', 'reply-no-space'],
    ['450 4.1.8 <a@b.example>: Sender address rejected: Domain not found', 'reply-sender-unverified'],
    [
      '550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n550 5.7.26 SPF did not pass',
      'reply-origin-refused',
    ],
    ['554 5.7.1 Service unavailable; Client host [10.0.0.7] blocked using zen.spamhaus.org', 'reply-client-refused'],
    ['550 5.7.1 message content rejected as spam', 'reply-content-refused'],
    ['504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname', 'reply-helo-refused'],
    ['502 5.5.1 command not recognised', 'reply-syntax'],
    ['451 4.3.5 Server configuration error', 'reply-server-fault'],
    ['550 5.7.1 no', 'reply-permanent'],
    ['554 no SMTP service here', 'reply-permanent'],
  ])('%s', (text, code) => {
    expect(codesOf(text)).toEqual([code]);
    expect(codesOf(text.toUpperCase())).toEqual([code]);
  });
});

describe('words around a reply', () => {
  it.each([
    ['Message accepted by 10.0.4.12:25 (mx.example)\n250 2.0.0 Ok: queued as 4Bx\n221 2.0.0 Bye'],
    ['Permanent SMTP delivery error when sending to 10.0.4.12:25 (mx.example)\n550 5.7.1 no\n221 Bye'],
  ])('a goodbye after a reply says nothing: %s', (text) => {
    expect(codesOf(text)).not.toContain('reply-unexpected');
  });

  it.each([
    'Delivery to 10.0.220.12 (ftpserver.corp.internal) Connection refused - connect(2) for 10.0.220.12:25',
    'message_id=2205 host=ftpserver.corp.internal error=Net::ReadTimeout',
    'No SMTP servers were available for corp.example. Tried mx.corp.internal\n550 EHLO bad hostname given',
    "Mysql2::Error: Host 'postal.corp.internal' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'\nTemporary SMTP delivery error when sending to 10.0.4.12:25 (mx.corp.internal)\n450 4.2.0 Greylisted",
    '12:00:05 notice auth: x\nNo SMTP servers were available for corp.example. Tried mx.corp.internal.\nexecution expired',
    'status (success (250 ok)) Net::ReadTimeout',
    'Redis::CommandError - NOAUTH Authentication required. Net::ReadTimeout',
    'TLS error: protocol mismatch. Net::ReadTimeout',
  ])('a host named like another protocol is not that protocol: %s', (text) => {
    expect(codesOf(text)).not.toContain('reply-wrong-protocol');
  });

  it.each([
    [
      'Temporary SMTP delivery error when sending to 10.0.4.12:25 (mx.example) 212 450 4.2.0 Greylisted',
      'reply-greylisted',
    ],
    ['Permanent SMTP delivery error when sending to 10.0.4.12:25 (mx.example), 235 ms', 'permanent'],
    ['Message for anna@corp.example accepted by 10.0.4.12:25 (mx.example), 221 ms', 'accepted'],
  ])('a number beside it is no reply: %s', (text, code) => {
    expect(codesOf(text)).toEqual([code]);
  });

  it('a goodbye that is the only answer to a delivery is its answer', () => {
    const first = 'Permanent SMTP delivery error when sending to 10.0.4.12:25 (mx.example)\n550 5.1.1 User unknown';
    const second = 'Temporary SMTP delivery error when sending to 10.0.4.13:25 (mx.example)\n221 2.0.0 Bye';
    expect(codesOf(`${first}\n\n${second}`)).toContain('reply-unexpected');
  });

  it('knows a greeting of FTP', () => {
    expect(
      codesOf('No SMTP servers were available for corp.example. Tried mx.corp.internal.\n220 (vsFTPd 3.0.5)'),
    ).toEqual(['reply-wrong-protocol']);
  });
});

describe('what a refusal means depends on when it was said', () => {
  it.each([
    ['Permanent SMTP delivery error when sending to 10.0.4.12:25 (mx.example)\n554 5.7.1 no', 'bounced'],
    ['No SMTP servers were available for example.com. Tried mx.example.\n554 5.7.1 no', 'retried'],
    ['554 5.7.1 no', 'open'],
    ['550 5.1.1 no such user', 'bounced'],
    ['530 5.7.0 Authentication required', 'retried'],
    ['503 5.5.1 need MAIL first', 'retried'],
    ['could not get 3xx (550: 550 5.7.1 no)', 'retried'],
    ['450 4.2.0 Greylisted', 'retried'],
    ['250 2.0.0 Ok: queued as 4Bx', 'sent'],
  ])('%s', (text, fate) => {
    expect(itemsOf(text).map((item) => item.fate)).toEqual([fate]);
  });
});

describe('what is not Postal’s', () => {
  it.each([
    '',
    '   \n\t ',
    'hello',
    'is the mail server down?',
    'took 250 ms, then 450 more',
    'An error occurred while starting nginx',
    '10.0.4.12:25',
    'gitlab.mail.corp.internal',
    '2026-03-02 14:02:11 +0000 INFO    processed 450 messages in 421 seconds',
    'order 550 shipped',
    '-----BEGIN CERTIFICATE-----',
    '220 mail.example ESMTP\n250-mail.example\n250 STARTTLS',
  ])('%j is not guessed at', (text) => {
    expect(explain(text)).toMatchObject({ recognised: false });
  });

  it.each([
    ['550 Could not resolve MAIL FROM domain', 'reply-sender-unverified'],
    ['451 4.1.8 Could not resolve sender domain', 'reply-sender-unverified'],
    ['421 4.7.0 mx.corp.internal Error: too many connections from 10.0.4.7', 'reply-busy'],
  ])('what a server says is no outcome of Postal’s: %s', (said, code) => {
    const explanation = explain(
      `Temporary SMTP delivery error when sending to 10.0.4.12:25 (mx.corp.internal)\n${said}`,
    );
    expect(explanation.recognised && explanation.items.map((item) => item.code)).toEqual([code]);
  });

  it('shows an example that it would recognise', () => {
    const unknown = explain('');
    expect(unknown.recognised || explain(unknown.example).recognised).toBe(true);
  });

  it('never throws, and always says where it can be', async () => {
    await fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 400 })),
        (text) => {
          for (const { stages } of itemsOf(text)) for (const stage of stages) expect(explainStages).toContain(stage);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('never throws on pieces of Postal’s words in any order', async () => {
    const pieces = allDeliveries.flatMap((delivery) => pasted(delivery).split(/(?<=[ .,(])/));
    await fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (some) => {
        explain(some.join(''));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('100 KB of text made to be slow', () => {
  const size = 100_000;
  const repeated = (piece: string): string => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

  it.each([
    'No SMTP servers were available for ',
    'No SMTP servers were available for a.',
    'Message for a@',
    'Message for a@b',
    'Connection refused - connect(2) for "',
    'SSL_connect returned=1 errno=0 peeraddr=1',
    'SSL_connect returned=1 errno=0 state=a',
    'SSL error (',
    'Cannot connect to ::1:1 (',
    'Tried a, ',
    'No SMTP servers were available for a. Tried a. ',
    'could not get 3xx (450: ',
    '450-4.2.0 ',
    '450 4.2.0 a ',
    '1:',
    ':',
    ' ',
    '\n',
    '\\',
    '&',
    '<http:',
    '\u001b[',
    'a',
    '.',
    '4',
    '(',
    '"',
  ])('%j ends', (piece) => {
    explain(repeated(piece));
    explain(`${repeated(piece)}!`);
  });

  it('every signature has bounded repetitions only', () => {
    for (const { pattern } of signatures) expect(pattern.source).not.toMatch(/(?<!\\)(?<!\[[^\]]{0,30})[*+]|\{\d+,\}/);
  });
});
