import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSmtpSession, type Session } from '../../../lib/adapters/smtp/smtp-session.ts';
import { createTlsTrust, type TlsTrust } from '../../../lib/adapters/smtp/tls-context.ts';
import { type Certificate, makeCertificate } from '../../support/certificate.ts';
import { type Script, startScript } from '../../support/smtp-script.ts';

const budgets = {
  connectBudgetMs: 10_000,
  replyBudgetMs: 10_000,
  postalOpenTimeoutMs: 10_000,
  postalReadTimeoutMs: 10_000,
};
/** What is read of one session. */
const maximumRead = 65_536;
/** What the kernel's buffers for one connection take beyond what is read from it. */
const buffered = 32_000_000;
/** Octets that the server writes at a time; octet by octet it would talk too slowly to be endless. */
const leastWritten = 10_000;

describe('a server that never stops talking', () => {
  let certificate: Certificate;
  let tls: TlsTrust;
  beforeAll(async () => {
    certificate = await makeCertificate({ subjectAltNames: ['DNS:mail.example.test'], isAuthority: true });
    tls = createTlsTrust([certificate.cert]);
  });

  /** Says `first` in the clear or inside TLS, then `words` over and over, as fast as they are taken. */
  const talking =
    (first: string, words: Buffer, isInTls: boolean): Script =>
    async (connection) => {
      if (isInTls) await connection.secure(certificate);
      connection.say(first);
      const many = Buffer.alloc(words.length * Math.ceil(leastWritten / words.length), words);
      const talk = (): void => {
        while (connection.socket.writable && connection.socket.write(many));
      };
      connection.socket.on('drain', talk);
      talk();
    };

  const leave = async (
    script: Script,
    isInTls = false,
  ): Promise<{ readonly session: Session; readonly taken: number; readonly held: number }> => {
    let taken = 0;
    const before = process.memoryUsage();
    await using server = await startScript((connection) => {
      const raw = connection.socket;
      raw.on('close', () => {
        taken += raw.bytesWritten;
      });
      return script(connection);
    });
    const how = isInTls
      ? ({ sslMode: 'TLS', encryption: 'implicit' } as const)
      : ({ sslMode: 'None', encryption: 'none' } as const);
    const transaction = { mailFrom: 'a@example.test', recipient: 'b@example.test', message: 'Subject: x\n\nx' };
    const target = { hostname: 'mail.example.test', ip: '127.0.0.1', port: server.port, transaction, ...how };
    const settings = { heloHostname: 'postal.example.test', tls, ...budgets };
    const session = await runSmtpSession(target, settings, new AbortController().signal);
    const after = process.memoryUsage();
    return { session, taken, held: after.arrayBuffers - before.arrayBuffers + after.heapUsed - before.heapUsed };
  };

  it.each([
    ['in one line', 'x'.repeat(10_000)],
    ['in one reply', '220-again\r\n'.repeat(1000)],
    ['in replies that no one asked for', '220 again\r\n'.repeat(1000)],
  ])('%s, is left', async (_name, text) => {
    const { session } = await leave(talking('', Buffer.from(text), false));
    expect(session.facts.stages.some(({ reason }) => reason === 'reply-too-long')).toBe(!text.startsWith('220 '));
    expect(JSON.stringify(session.facts).length).toBeLessThan(50_000);
  });

  /** A control character counts once, as in memory; that JSON takes six for it is bounded where a report is stored or sent. */
  const charactersIn = (facts: object): number => JSON.stringify(facts).replace(/\\u[0-9a-f]{4}/g, '.').length;

  it.each([false, true])(
    'keeps of the longest replies to every command no more than it reads, inside TLS: %s',
    async (isInTls) => {
      const full = (code: number): string => {
        const last = `${code} ${'\u0001'.repeat(70)}\r\n`;
        return last.replace(`${code} `, `${code}-`).repeat(99) + last;
      };
      const script: Script = async (connection) => {
        if (isInTls) await connection.secure(certificate);
        connection.say(full(220));
        for (let line = await connection.hear(); line !== undefined; line = await connection.hear())
          connection.say(full(line.startsWith('DATA') ? 354 : 250));
      };
      const { session } = await leave(script, isInTls);
      expect(session.facts.stages.filter(({ reply }) => reply !== undefined)).toHaveLength(7);
      // What is read, once more the banner and the capabilities, and what is around them.
      expect(charactersIn(session.facts)).toBeGreaterThan(7 * 99 * 70);
      expect(charactersIn(session.facts)).toBeLessThan(maximumRead + 2 * 8_192 + 10_000);
    },
  );

  const piece = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 3000 }).map((octets) => Buffer.from(octets)),
    fc
      .constantFrom(
        '220 again\r\n',
        '250-again\r\n',
        '250 again\r\n',
        '354 go on\r\n',
        '550 no\r\n',
        'x',
        '\n',
        '\r',
        '\0'.repeat(1000),
      )
      .chain((text) => fc.integer({ min: 1, max: 2000 }).map((times) => Buffer.from(text.repeat(times), 'latin1'))),
  );

  it('is left with its words bounded, whatever it says, in the clear or inside TLS', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('', '220 hello\r\n', '220 hello\r\n250 hello\r\n'),
        fc.array(piece, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (first, pieces, isInTls) => {
          const { session, taken, held } = await leave(talking(first, Buffer.concat(pieces), isInTls), isInTls);
          expect(session.facts.stages.at(-1)?.stage).toBe('quit');
          expect(charactersIn(session.facts)).toBeLessThan(100_000);
          expect(taken).toBeLessThan(buffered);
          expect(held).toBeLessThan(200_000_000);
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});
