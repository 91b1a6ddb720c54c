import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from './certificates.ts';
import { reservePort } from './reserved-port.ts';
import type { Listener, SmtpBehaviour } from './scenario.ts';
import { startSmtpServer } from './smtp-server.ts';
import type { Dialogue } from './smtp-session.ts';
import { TestClient } from './test-client.ts';

let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(Date.now());
});

const ip = '127.77.0.1';
const banner = '220 mx.oracle.test ESMTP ready';

const start = async (given: Omit<Listener, 'ip' | 'port'>) => {
  await using starting = new AsyncDisposableStack();
  const { port } = starting.use(await reservePort());
  const dialogues: Dialogue[] = [];
  starting.use(await startSmtpServer({ listener: { ip, port, ...given }, certificates, dialogues }));
  const running = starting.move();
  return {
    port,
    dialogues,
    client: () => new TestClient(ip, port),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};

const serve = (smtp: SmtpBehaviour) => start({ smtp });

const since = (startedMs: number): number => performance.now() - startedMs;

describe('a session', () => {
  test('takes a message as an ordinary server does, and says so afterwards', async () => {
    await using server = await serve({});
    using client = server.client();
    expect(await client.hear()).toBe(banner);
    client.say('EHLO postal.example.com');
    expect(await client.hearLines(5)).toEqual([
      '250-mx.oracle.test Hello',
      '250-PIPELINING',
      '250-SIZE 52428800',
      '250-8BITMIME',
      '250 SMTPUTF8',
    ]);
    client.say(
      'MAIL FROM:<a@oracle.test>',
      'RCPT TO:<b@oracle.test>',
      'DATA',
      'Subject: x',
      '',
      'x',
      '.',
      'RSET',
      'NOOP',
      'QUIT',
    );
    expect(await client.hearLines(8)).toEqual([
      '250 2.1.0 OK',
      '250 2.1.5 OK',
      '354 End data with <CR><LF>.<CR><LF>',
      '250 2.0.0 Ok: queued as ABC123',
      '250 2.0.0 OK',
      '500 5.5.2 Error: bad syntax',
      '221 2.0.0 Bye',
      '(FIN)',
    ]);
    expect(server.dialogues).toMatchObject([{ tls: null, messageOver: 'plaintext' }]);
    expect(server.dialogues[0]?.lines.slice(-3)).toEqual(['C: QUIT', 'S: 221 2.0.0 Bye', '[we_close]']);
  });

  test('takes its replies in turn, over all connections, the last one for ever', async () => {
    await using server = await serve({ banner: ['220 first', { reply: '421 second', afterwards: 'close' }] });
    const heard = async () => {
      using client = server.client();
      return await client.hear();
    };
    expect([await heard(), await heard(), await heard()]).toEqual(['220 first', '421 second', '421 second']);
  });

  test('puts STARTTLS second among what it offers, in the letters given, and nothing when it offers nothing', async () => {
    await using server = await serve({ starttls: true, starttls_keyword: 'starttls', caps: ['SIZE 1', 'X'] });
    using client = server.client();
    client.say('EHLO a');
    expect(await client.hearLines(5)).toEqual([
      banner,
      '250-mx.oracle.test Hello',
      '250-SIZE 1',
      '250-starttls',
      '250 X',
    ]);
    await using bare = await serve({ caps: [] });
    using other = bare.client();
    other.say('EHLO a', 'STARTTLS', 'HELO a');
    expect((await other.hearLines(4)).slice(1)).toEqual([
      '250 mx.oracle.test Hello',
      '502 5.5.1 not implemented',
      '250 mx.oracle.test Hello',
    ]);
  });

  test('waits before a reply, and before each line of one', async () => {
    await using server = await serve({
      banner: { reply: '220-a\n220 b', drip: 0.1 },
      helo: { reply: '250 late', delay: 0.2 },
    });
    const startedMs = performance.now();
    using client = server.client();
    client.say('HELO a');
    expect(await client.hearLines(3)).toEqual(['220-a', '220 b', '250 late']);
    expect(since(startedMs)).toBeGreaterThan(390);
  });

  test.each([
    ['CLOSE', '(FIN)'],
    ['RESET', '(ECONNRESET)'],
  ])('ends a connection by %s, with nothing said', async (rcpt, ending) => {
    await using server = await serve({ rcpt });
    using client = server.client();
    expect(await client.hear()).toBe(banner);
    client.say('RCPT TO:<b@oracle.test>');
    expect(await client.hear()).toBe(ending);
  });

  test('falls silent at HANG, without closing', async () => {
    await using server = await serve({ banner: { reply: '220 now', afterwards: 'hang' } });
    using client = server.client();
    expect(await client.hear()).toBe('220 now');
    client.say('EHLO a');
    const next = await Promise.race([client.hear(), sleep(200, 'silence')]);
    expect(next).toBe('silence');
    expect(server.dialogues[0]?.lines).toEqual(['S: 220 now', '[we_hang]']);
  });

  test('resets in the middle of a message that grows too long', async () => {
    await using server = await serve({ drop_in_data: 20 });
    using client = server.client();
    client.say('DATA');
    expect(await client.hearLines(2)).toEqual([banner, '354 End data with <CR><LF>.<CR><LF>']);
    client.say('Subject: longer than twenty octets');
    expect(await client.hear()).toBe('(ECONNRESET)');
  });

  test('can answer every line with the same', async () => {
    await using server = await serve({ banner: '', http: 'HTTP/1.1 400 Bad Request' });
    using client = server.client();
    client.say('EHLO a', 'QUIT');
    expect(await client.hearLines(2)).toEqual(['HTTP/1.1 400 Bad Request', 'HTTP/1.1 400 Bad Request']);
  });
});

describe('TLS', () => {
  const upgrade = async (client: TestClient): Promise<string | null> => {
    client.say('STARTTLS');
    expect(await client.hearLines(2)).toEqual([banner, '220 Ready to start TLS']);
    return client.secure();
  };

  test('begins after STARTTLS; then other replies hold', async () => {
    await using server = await serve({
      starttls: true,
      tls: {},
      caps: ['OUTSIDE'],
      caps_tls: ['INSIDE'],
      mail: '250 inside',
      mail_plain: '530 outside',
    });
    using client = server.client();
    expect(await client.hear()).toBe(banner);
    client.say('MAIL FROM:<>', 'STARTTLS');
    expect(await client.hearLines(2)).toEqual(['530 outside', '220 Ready to start TLS']);
    expect(await client.secure()).toBe('TLSv1.3');
    client.say('EHLO a', 'MAIL FROM:<>');
    expect(await client.hearLines(3)).toEqual(['250-mx.oracle.test Hello', '250 INSIDE', '250 inside']);
    expect(server.dialogues).toMatchObject([{ tls: 'TLSv1.3', servername: 'mail.oracle.test' }]);
    expect(server.dialogues[0]?.lines.slice(-2)).toEqual(['C*: MAIL FROM:<>', 'S*: 250 inside']);
  });

  test('is there from the first byte when implicit', async () => {
    await using server = await serve({ tls: { mode: 'implicit' } });
    using client = server.client();
    expect(await client.secure()).toBe('TLSv1.3');
    expect(await client.hear()).toBe(banner);
  });

  test('keeps to one version', async () => {
    await using server = await serve({ tls: { mode: 'implicit', only: 'TLS1.0', ciphers: 'ALL:@SECLEVEL=0' } });
    using client = server.client();
    expect(await client.secure()).toBe('TLSv1');
  });

  test.each([
    ['close', 'ECONNRESET'],
    ['reset', 'ECONNRESET'],
    ['garbage', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ] as const)('fails when the server answers a handshake with %s', async (handshake, code) => {
    await using server = await serve({ starttls: true, tls: { handshake } });
    using client = server.client();
    expect(await upgrade(client)).toBe(code);
  });

  test('says all that it had to say before it closes, with close_notify or without', async () => {
    await using server = await serve({ tls: { mode: 'implicit' }, helo: ['CLOSE_NOTIFY', 'CLOSE'] });
    const ending = async () => {
      using client = server.client();
      await client.secure();
      client.say('HELO a');
      return [await client.hear(), await client.hear()];
    };
    expect(await ending()).toEqual([banner, '(FIN)']);
    expect(await ending()).toEqual([banner, '(FIN)']);
    expect(server.dialogues.map(({ lines }) => lines.at(-1))).toEqual(['[we_close]', '[we_close]']);
  });

  test('refuses a client that shows no certificate', async () => {
    await using server = await serve({ tls: { mode: 'implicit', client_cert: 'required' } });
    using client = server.client();
    await client.secure();
    expect(await client.hear()).toBe('(ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)');
    expect(server.dialogues[0]?.lines).toEqual(['[tls_fail]']);
  });
});

describe('below SMTP', () => {
  test('accept_close and accept_rst end what they accept', async () => {
    await using closing = await start({ tcp: 'accept_close' });
    using first = closing.client();
    expect(await first.hear()).toBe('(FIN)');
    await using resetting = await start({ tcp: 'accept_rst' });
    using second = resetting.client();
    expect(await second.hear()).toBe('(ECONNRESET)');
    expect(resetting.dialogues[0]?.lines).toEqual(['[we_reset]']);
  });

  test('a closed port refuses', async () => {
    await using server = await start({ tcp: 'closed' });
    using client = server.client();
    expect(await client.hear()).toBe('(ECONNREFUSED)');
  });

  test('a black hole neither accepts nor refuses', async () => {
    await using server = await start({ tcp: 'blackhole' });
    const socket = connect({ host: ip, port: server.port });
    const outcome = once(socket, 'connect').then(
      () => 'connected',
      (error: Error) => error.message,
    );
    expect(await Promise.race([outcome, sleep(400, 'silence')])).toBe('silence');
    socket.destroy();
  });
});
