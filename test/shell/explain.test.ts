import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainInShell } from '../../lib/shell/explain.ts';
import { runShell } from '../../lib/shell/run-shell.ts';

/** Runs the shell as a process, with a text on its standard input. */
const piped = (
  input: string,
  ...args: readonly string[]
): Promise<{ readonly out: string; readonly exitCode: number | null }> =>
  new Promise((settle) => {
    const child = execFile(process.execPath, [resolve('lib/shell/cli.ts'), ...args], (_, stdout, stderr) =>
      settle({ out: stdout + stderr, exitCode: child.exitCode }),
    );
    child.stdin?.end(input);
  });

describe('postal-endpoint explain', () => {
  it('says what a text means', async () => {
    const { text, exitCode } = await runShell([
      'explain',
      'Connection',
      'refused - connect(2)',
      'for "10.0.4.12" port 25',
    ]);
    for (const part of [
      '10.0.4.12 port 25 refused the connection',
      'where:      connecting',
      'what to do: Start the mail server',
      'about 31 hours',
    ]) {
      expect(text).toContain(part);
    }
    expect(exitCode).toBe(0);
  });

  it('takes a text that begins with dashes', async () => {
    expect(await runShell(['explain', '--', 'end of file reached'])).toMatchObject({ exitCode: 0 });
  });

  it('reads standard input where no text is given', async () => {
    const { out, exitCode } = await piped(
      'Permanent SMTP delivery error when sending to 10.0.4.12:25 (mx.example)\n550 5.1.1 no such user\n',
      'explain',
    );
    expect(out).toContain('does not know this recipient');
    expect(out).toContain('mx.example 10.0.4.12 port 25');
    expect(exitCode).toBe(0);
  });

  it('ends with 3 and an example when it recognises nothing', async () => {
    expect(await piped('nothing of note\n', 'explain')).toMatchObject({
      exitCode: 3,
      out: expect.stringContaining('For example: postal-endpoint explain'),
    });
    expect(await runShell(['explain', 'nothing of note'])).toMatchObject({ exitCode: 3 });
  });

  it('prints one JSON object', async () => {
    const { text, exitCode } = await explainInShell(['--json'], async () => 'Net::OpenTimeout');
    expect(JSON.parse(text)).toMatchObject({
      recognised: true,
      items: [{ code: 'tls-timeout', stages: ['tls'], fate: 'retried' }],
    });
    expect(exitCode).toBe(0);
  });

  it('hands no control characters of the text to a terminal', async () => {
    const { text } = await runShell(['explain', '550 5.1.1 no such user \u001b]0;title\u0007 \u009b2J']);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});
