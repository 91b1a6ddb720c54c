import { describe, expect, it, test } from 'vitest';
import * as z from 'zod';
import { checkInShell } from '../../../lib/shell/check.ts';
import { startNameserver } from '../../../scripts/replies/nameserver.ts';
import { startReplyingServer } from '../../../scripts/replies/replying-server.ts';

const checkJson = z.object({
  prediction: z.object({ class: z.string(), details: z.string(), output: z.string() }),
  findings: z.array(
    z.object({ code: z.string(), severity: z.string(), message: z.string(), reply: z.string().optional() }),
  ),
});
type Checked = z.infer<typeof checkJson>;

/** What check says of a server on loopback that says these lines at one stage, with more options of the command. */
const check = async (
  stage: 'banner' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'eod',
  lines: readonly string[],
  ...more: readonly string[]
): Promise<Checked> => {
  await using nameserver = await startNameserver();
  await using server = await startReplyingServer({ stage, lines: [...lines] });
  const { text } = await checkInShell([
    'mx.corp.test',
    '--json',
    ...['--resolver', nameserver.address, '--port', String(server.port), '--read-timeout', '15', ...more],
  ]);
  return checkJson.parse(JSON.parse(text));
};
const delivering = ['--rcpt', 'anna@corp.example', '--deliver'];
const codesOf = ({ findings }: Checked): readonly string[] => findings.map(({ code }) => code);

describe('a server that says more than one reply', () => {
  test.each([
    ['ehlo', ['250 Nice to meet you', 'SIZE'], 'softfail_smtp', 'SIZE\n'],
    ['ehlo', ['250 hi', '550 5.7.1 no'], 'hardfail', '550 5.7.1 no\n'],
    ['ehlo', ['250 hi', '450 4.2.0 later'], 'softfail_smtp', '450 4.2.0 later\n'],
    ['ehlo', ['250 hi', '250-mx', '250 SIZE'], 'softfail_smtp', undefined],
    ['banner', ['220 mx one', '220 mx two'], 'softfail_smtp', undefined],
  ] as const)('at %s %j: %s, tried or not', async (stage, lines, expected, output) => {
    const foreseen = await check(stage, lines);
    const met = await check(stage, lines, ...delivering);
    expect([foreseen.prediction.class, met.prediction.class]).toEqual([expected, expected]);
    if (output !== undefined) expect([foreseen.prediction.output, met.prediction.output]).toEqual([output, output]);
    expect(codesOf(foreseen)).toContain('out-of-step');
    expect(codesOf(met)).toContain('out-of-step');
  });

  test.each([
    ['ehlo', ['250 mx', '250 PIPELINING']],
    ['banner', ['220 mx one', '220 mx two']],
  ] as const)('at %s %j: fails at DATA, also where only a recipient was tried', async (stage, lines) => {
    const tried = await check(stage, lines, '--rcpt', 'anna@corp.example');
    const met = await check(stage, lines, ...delivering);
    expect([tried.prediction.class, met.prediction.class]).toEqual(['softfail_smtp', 'softfail_smtp']);
    expect(tried.prediction.output).toContain('could not get 3xx (250:');
    expect(met.prediction.output).toContain('could not get 3xx (250:');
  });

  it('is not what a long greeting does', async () => {
    const foreseen = await check('ehlo', ['250-mx', '250-SIZE', '250 8BITMIME']);
    expect(codesOf(foreseen)).not.toContain('out-of-step');
    expect(foreseen.prediction.class).toBe('gets_in_plaintext');
  });
});

describe('what is no SMTP server, or hides what it offers', () => {
  it('names LMTP', async () => {
    const { findings } = await check('ehlo', ['500 5.5.1 This is a LMTP server, use LHLO']);
    expect(findings[0]).toMatchObject({
      code: 'ehlo-failed',
      reply: 'reply-wrong-protocol',
      message: expect.stringContaining('does not speak SMTP'),
    });
  });

  test.each([
    ['ehlo', ['250-mx', '250-XXXXXXXA', '250 8BITMIME']],
    ['banner', ['220 ****************************']],
  ] as const)('names a firewall that masks STARTTLS: %s %j', async (stage, lines) => {
    const checked = await check(stage, lines);
    expect(codesOf(checked)).toContain('starttls-masked');
    expect(codesOf(checked)).not.toContain('starttls-not-offered');
  });

  test.each(['554 5.4.6 Error: too many hops', '550 Too many "Received" headers - suspected mail loop'])(
    'names a mail loop: %s',
    async (line) => {
      await using nameserver = await startNameserver();
      await using server = await startReplyingServer({ stage: 'eod', lines: [line] });
      const { text } = await checkInShell([
        'mx.corp.test',
        '--json',
        ...['--resolver', nameserver.address, '--port', String(server.port), ...delivering],
      ]);
      const [first] = checkJson.parse(JSON.parse(text)).findings;
      expect(first).toMatchObject({ code: 'message-refused', reply: 'reply-mail-loop' });
    },
  );
});

describe('a server that says more than one reply in the transaction', () => {
  test.each([
    ['mail', ['250 ok', '450 later'], 'softfail_smtp', '450 later\n'],
    ['mail', ['250-ok', '250 ok', '550 5.7.1 no'], 'hardfail', '550 5.7.1 no\n'],
    ['rcpt', ['250 ok', '250 ok'], 'softfail_smtp', 'could not get 3xx (250: 250 ok\n)'],
    ['rcpt', ['250 ok', '550 no'], 'softfail_smtp', 'could not get 3xx (550: 550 no\n)'],
    ['data', ['354 go', '550 no'], 'hardfail', '550 no\n'],
  ] as const)('at %s %j: %s', async (stage, lines, expected, output) => {
    const met = await check(stage, lines, ...delivering);
    expect([met.prediction.class, met.prediction.output]).toEqual([expected, output]);
    expect(met.findings.find(({ code }) => code === 'out-of-step')).toMatchObject({
      severity: 'critical',
      message: expect.stringContaining('so the delivery fails'),
    });
  });

  test('is known where only the recipient is tried', async () => {
    const foreseen = await check('rcpt', ['250 ok', '550 no'], '--rcpt', 'anna@corp.example');
    expect(foreseen.prediction).toMatchObject({ class: 'softfail_smtp', output: 'could not get 3xx (550: 550 no\n)' });
    expect(codesOf(foreseen)).toContain('out-of-step');
  });

  test('is told apart where Postal counts the message as delivered', async () => {
    const met = await check('data', ['354 go', '250 ok'], ...delivering);
    expect(met.prediction.class).toBe('sent_plaintext');
    expect(met.findings[0]).toMatchObject({
      code: 'out-of-step',
      severity: 'critical',
      message: expect.stringContaining('counts it as delivered, whatever the server says next'),
    });
  });

  test.each([
    ['mail', '235 2.7.0 Authentication successful'],
    ['rcpt', '220 2.0.0 Ready to start TLS'],
  ] as const)('is suspected where the answer to %s is a success of another command: %s', async (stage, line) => {
    const met = await check(stage, [line], ...delivering);
    expect(met.prediction.class).toBe('sent_plaintext');
    expect(met.findings.find(({ code }) => code === 'out-of-step')).toMatchObject({
      severity: 'warning',
      reply: 'reply-unexpected',
    });
    expect(codesOf(met)).toContain('message-accepted');
  });

  test('does not matter where the server refuses, or after the message', async () => {
    const refused = await check('rcpt', ['550 no', '250 ok'], ...delivering);
    const taken = await check('eod', ['250 ok', '250 ok'], ...delivering);
    expect([...codesOf(refused), ...codesOf(taken)]).not.toContain('out-of-step');
  });
});

test('“may have arrived” is said only once the message was sent', async () => {
  const { findings } = await check('ehlo', ['250 Nice to meet you', 'SIZE'], ...delivering);
  for (const { message } of findings) expect(message).not.toContain('may have arrived');
});
