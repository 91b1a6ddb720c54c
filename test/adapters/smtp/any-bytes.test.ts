import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runSmtpSession } from '../../../lib/adapters/smtp/smtp-session.ts';
import { createTlsTrust } from '../../../lib/adapters/smtp/tls-context.ts';
import { probeResultSchema } from '../../../lib/core/probe-report/report-schema.ts';
import { startScript } from '../../support/smtp-script.ts';

const tls = createTlsTrust(undefined);

/** What a server says, in chunks, the first before anything is asked and one more after each line heard. */
const server = fc.record({
  chunks: fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom(
          '220 hi\r\n',
          '250-hi\r\n250 STARTTLS\r\n',
          '250 ok\r\n',
          '221 bye\r\n',
          '5',
          '50 x\r\n',
          '\x16\x03\x03\x00\x05hello',
          '421 4.3.2 busy\r\n',
          '',
        )
        .map((text) => Buffer.from(text, 'latin1')),
      fc.nat(100_000).map((length) => Buffer.alloc(length, '220-x\r\n')),
    ),
    { maxLength: 6 },
  ),
  piece: fc.constantFrom(1, 3, 1000, 1_000_000),
  ending: fc.constantFrom('wait', 'close', 'reset'),
  sslMode: fc.constantFrom('None', 'Auto', 'STARTTLS', 'TLS'),
  encryption: fc.constantFrom('none', 'opportunistic', 'required', 'implicit'),
  transaction: fc.constantFrom(
    undefined,
    { mailFrom: 'a@b.example', recipient: 'c@d.example' },
    { mailFrom: '', recipient: 'c@d.example', message: '.\nhi' },
  ),
});

it('ends in a typed report before the deadline, whatever bytes a server sends in whatever chunks', async () => {
  let slowestMs = 0;
  await fc.assert(
    fc.asyncProperty(server, async ({ chunks, piece, ending, sslMode, encryption, transaction }) => {
      await using listening = await startScript(async (connection) => {
        for (const chunk of chunks) {
          const pieces = Math.min(Math.ceil(chunk.length / piece), 2000);
          for (let index = 0; index < pieces; index += 1)
            connection.say(chunk.subarray(index * piece, (index + 1) * piece));
          if ((await connection.hear()) === undefined) return;
        }
        if (ending === 'close') connection.close();
        if (ending === 'reset') connection.reset();
      });
      const settings = {
        heloHostname: 'postal.example.test',
        tls,
        connectBudgetMs: 60,
        replyBudgetMs: 60,
        postalOpenTimeoutMs: 60,
        postalReadTimeoutMs: 60,
      };
      const startedAt = performance.now();
      const target = {
        hostname: 'mail.example.test',
        ip: '127.0.0.1',
        port: listening.port,
        sslMode,
        encryption,
        ...(transaction && { transaction }),
      };
      const { facts } = await runSmtpSession(target, settings, AbortSignal.timeout(400));
      slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      const resolution = { answers: [], cnameChain: [], addresses: ['127.0.0.1'] };
      const result = {
        ok: true,
        report: {
          requestId: 'r',
          hostname: target.hostname,
          port: target.port,
          sslMode,
          startedAt: '2026-01-01T00:00:00.000Z',
          durationMs: 1,
          resolution,
          addresses: [{ ip: '127.0.0.1', port: target.port, ...facts }],
        },
      };
      expect(probeResultSchema.safeParse(result).error).toBeUndefined();
      expect(facts.stages.at(-1)?.stage).toBe('quit');
      expect(JSON.stringify(facts).length).toBeLessThan(100_000);
    }),
    { numRuns: 150 },
  );
  // The budgets and the deadline are some hundred milliseconds; the rest is for a machine that has other things to do.
  expect(slowestMs).toBeLessThan(5000);
}, 120_000);
