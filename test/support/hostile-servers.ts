import { randomBytes } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { mailServer, type Script, type ScriptedConnection } from './smtp-script.ts';

const long = 8_192;
const control = '\u0001'.repeat(long);

/** Says one thing at once and then whatever it is asked. */
const always =
  (banner: string | Buffer, answer: string | Buffer = banner): Script =>
  async (connection) => {
    connection.say(banner);
    while ((await connection.hear()) !== undefined) connection.say(answer);
  };

/** Says `words` over and over, as fast as they are taken, after what has come before. */
const endlessly = (connection: ScriptedConnection, words: string | Buffer): void => {
  const many = Buffer.concat(Array.from({ length: 200 }, () => Buffer.from(words)));
  const talk = (): void => {
    while (connection.socket.writable && connection.socket.write(many));
  };
  connection.socket.on('drain', talk);
  talk();
};

const endless =
  (words: string | Buffer): Script =>
  (connection) =>
    endlessly(connection, words);

/** Greets as it should, and answers EHLO with no end. */
const endlessEhlo =
  (words: string): Script =>
  async (connection) => {
    connection.say('220 mail.example.test ESMTP\r\n');
    await connection.hear();
    endlessly(connection, words);
  };

/** Sends a text a few octets at a time. */
const dripping =
  (text: string, everyMs: number): Script =>
  (connection) => {
    let at = 0;
    const timer = setInterval(() => {
      if (at >= text.length || !connection.socket.writable) return clearInterval(timer);
      connection.say(text.slice(at, at + 3));
      at += 3;
    }, everyMs);
    connection.socket.on('close', () => clearInterval(timer));
  };

const after =
  (milliseconds: number, script: Script): Script =>
  (connection) =>
    void setTimeout(() => void script(connection), milliseconds);

const silentAfter =
  (...answers: readonly string[]): Script =>
  async (connection) => {
    for (const answer of answers) {
      connection.say(`${answer}\r\n`);
      if ((await connection.hear()) === undefined) return;
    }
  };

const ehloOf = (keywords: readonly string[]): string =>
  ['mail.example.test', ...keywords]
    .map((word, index) => `250${index === keywords.length ? ' ' : '-'}${word}`)
    .join('\r\n');

const many = (count: number, keyword: (index: number) => string): string =>
  ehloOf(Array.from({ length: count }, (_, index) => keyword(index)));

/** Mail servers as nobody should run one, by what they do. */
export const hostileServers = (certificate: Certificate): ReadonlyMap<string, Script> =>
  new Map<string, Script>([
    ['endless banner without line end', endless('x')],
    ['endless banner of continued lines', endless('220-still talking\r\n')],
    ['endless banner of control characters', endless(control)],
    ['endless banner of NULs', endless(Buffer.alloc(1_000))],
    ['endless banner of four-byte characters', endless('220-😀😀😀😀\r\n')],
    ['endless line ends', endless('\r\n')],
    ['endless whole banners', endless('220 mail.example.test\r\n')],
    ['endless EHLO of continued lines', endlessEhlo('250-X-MORE\r\n')],
    ['endless EHLO of whole replies', endlessEhlo('250 mail.example.test\r\n')],
    [
      'endless words after STARTTLS',
      async (connection) => {
        connection.say('220 mail.example.test ESMTP\r\n');
        await connection.hear();
        connection.say(`${ehloOf(['STARTTLS'])}\r\n`);
        await connection.hear();
        connection.say('220 go ahead\r\n');
        endlessly(connection, '250 not TLS\r\n');
      },
    ],
    ['8 KB of control characters for every command', always(`220 ${control}\r\n`, `250 ${control}\r\n`)],
    ['8 KB of control characters without a code', always(`${control}\r\n`)],
    [
      '2 KB lines of quotes and backslashes',
      always(`220 ${'"\\'.repeat(1_000)}\r\n`, `250 ${'"\\'.repeat(1_000)}\r\n`),
    ],
    ['2 KB lines of four-byte characters', always(`220 ${'😀'.repeat(500)}\r\n`, `250 ${'😀'.repeat(500)}\r\n`)],
    ['a banner of 1 MB', always(`220 ${'x'.repeat(1_000_000)}\r\n`, '250 ok\r\n')],
    [
      'a banner of 100 lines',
      always(
        `${Array.from({ length: 99 }, () => '220-x'.padEnd(80, '\u0001')).join('\r\n')}\r\n220 x\r\n`,
        '250 ok\r\n',
      ),
    ],
    [
      'EHLO of 99 keywords of control characters',
      mailServer({ ehlo: many(99, (index) => `X${index} ${'\u0001'.repeat(70)}`), certificate }),
    ],
    ['EHLO of 1,000 keywords', mailServer({ ehlo: many(1_000, (index) => `X-${index}`) })],
    ['EHLO with one keyword of 2 KB', mailServer({ ehlo: many(1, () => 'X'.repeat(2_000)) })],
    [
      'mentions and markup',
      mailServer({
        banner: '220 <!channel> <@U0MARIA> *bold* `code` &amp; <https://evil.example|click>',
        ehlo: ehloOf(['<!here>', '```']),
      }),
    ],
    [
      'ANSI escapes and right-to-left marks',
      mailServer({ banner: '220 \u001b[31mred\u001b[0m \u202egnp.exe\u202c \u2066x' }),
    ],
    ['HTML', always('<html><script>alert(1)</script></html>\r\n')],
    ['a banner that drips', dripping('220 mail.example.test ESMTP ready when you are\r\n', 40)],
    [
      'an EHLO that drips',
      async (connection) => {
        connection.say('220 mail.example.test ESMTP\r\n');
        await connection.hear();
        await dripping(`${ehloOf(['SIZE', 'STARTTLS'])}\r\n`, 40)(connection);
      },
    ],
    ['a banner that comes late', after(200, mailServer())],
    ['silence', () => {}],
    ['silence after the banner', silentAfter('220 mail.example.test ESMTP')],
    ['silence after EHLO', silentAfter('220 mail.example.test ESMTP', ehloOf(['STARTTLS']))],
    ['silence after STARTTLS', silentAfter('220 mail.example.test ESMTP', ehloOf(['STARTTLS']), '220 go ahead')],
    ['silence within a reply', silentAfter('220 mail.example.test ESMTP', '250-mail.example.test')],
    ['random octets', always(randomBytes(4_096))],
    ['0xFF', always(Buffer.alloc(2_000, 0xff))],
    ['a TLS alert in the clear', always(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28]))],
    ['SSH', always('SSH-2.0-OpenSSH_9.9\r\n')],
    ['HTTP', always('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')],
    ['code 250 for a banner', always('250 hello\r\n', '250 ok\r\n')],
    ['code 354 for EHLO', always('220 mail.example.test\r\n', '354 go on\r\n')],
    ['codes that do not exist', always('999 what\r\n', '000 nothing\r\n')],
    ['codes that change within a reply', always('220-one\r\n221 two\r\n', '250-a\r\n550 b\r\n')],
    ['421 for everything', always('421 4.3.2 too many connections\r\n')],
    ['554 for everything', always('554 5.7.1 go away\r\n')],
    ['LMTP', mailServer({ banner: '220 mail.example.test LMTP', ehlo: '500 5.5.1 This is a LMTP server, use LHLO' })],
    ['all replies at once', always(`220 mail.example.test\r\n${ehloOf(['STARTTLS'])}\r\n220 go\r\n250 ok\r\n`, '')],
    ['words in the clear behind STARTTLS', mailServer({ certificate, startTls: '220 go ahead\r\n250 injected' })],
    ['STARTTLS offered and refused', mailServer({ ehlo: ehloOf(['STARTTLS']), startTls: '454 4.7.0 not now' })],
    [
      'STARTTLS, then an endless EHLO within TLS',
      async (connection) => {
        connection.say('220 mail.example.test ESMTP\r\n');
        await connection.hear();
        connection.say(`${ehloOf(['STARTTLS'])}\r\n`);
        await connection.hear();
        connection.say('220 go ahead\r\n');
        await connection.secure(certificate);
        await connection.hear();
        endlessly(connection, '250-X-MORE\r\n');
      },
    ],
    ['an end at once', (connection) => connection.close()],
    ['a reset at once', (connection) => connection.reset()],
    [
      'a reset after EHLO',
      async (connection) => {
        connection.say('220 mail.example.test ESMTP\r\n');
        await connection.hear();
        connection.reset();
      },
    ],
  ]);
