import { describe, expect, it } from 'vitest';
import { runSmtpSession } from '../../lib/probe/smtp-session.ts';
import { createTlsTrust } from '../../lib/probe/tls-context.ts';
import { type Script, startScript } from '../support/smtp-script.ts';

const tls = createTlsTrust(undefined);
const budgets = { connectBudgetMs: 10_000, replyBudgetMs: 10_000, postalOpenTimeoutMs: 10_000, postalReadTimeoutMs: 10_000 };

describe('a server that never stops talking', () => {
  const talking =
    (text: string): Script =>
    (connection) => {
      const talk = (): void => {
        while (connection.socket.writable && connection.socket.write(text));
      };
      connection.socket.on('drain', talk);
      talk();
    };

  it.each([
    ['in one line', 'x'.repeat(10_000)],
    ['in one reply', '220-again\r\n'.repeat(1000)],
    ['in replies that no one asked for', '220 again\r\n'.repeat(1000)],
  ])('%s, is left', async (_name, text) => {
    const before = process.memoryUsage().arrayBuffers;
    await using server = await startScript(talking(text));
    const target = { hostname: 'mail.example.test', ip: '127.0.0.1', port: server.port, sslMode: 'None', encryption: 'none' } as const;
    const settings = { heloHostname: 'postal.example.test', tls, ...budgets };
    const { facts } = await runSmtpSession(target, settings, new AbortController().signal);
    expect(facts.stages.some(({ reason }) => reason === 'reply-too-long')).toBe(!text.startsWith('220 '));
    expect(JSON.stringify(facts).length).toBeLessThan(50_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });
});
