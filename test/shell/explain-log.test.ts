import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { explainInShell } from '../../lib/shell/explain.ts';
import { explainLog, type LogSource } from '../../lib/shell/explain-log.ts';

const line =
  '2026-11-29 20:37:03 +0000 ERROR  Cannot connect to 10.0.4.12:25 (mx.corp.internal) (EOFError: end of file reached) log_id=6AW0I1LR\n';
const none = (): Promise<string> => Promise.resolve('');

const source = (more: Partial<Omit<LogSource, 'input'>> = {}) => {
  const input = new PassThrough();
  return { input, everyMs: 30_000, signal: new AbortController().signal, ...more };
};

test('prints at the end of the log', async () => {
  const log = source();
  const printed = explainInShell(['--summary'], none, () => log);
  log.input.end(line.repeat(3));
  const { text, exitCode, isAnswer } = await printed;
  expect(text).toMatch(/^3 failures, 0 delivered \(3 lines, 2026-11-29 20:37:03 /);
  expect(text).toMatch(/ 3 {2}retried .*mx\.corp\.internal {2}closed {2}since 2026-11-29 20:37:03/);
  expect([exitCode, isAnswer]).toEqual([0, true]);
});

test('prints what was counted so far when it is interrupted', async () => {
  const stop = new AbortController();
  const log = source({ signal: stop.signal });
  const printed = explainLog(false, log);
  log.input.write(line);
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  expect((await printed).text).toMatch(/^1 failures/);
});

test('shows what was counted so far from time to time', async () => {
  const shown = Promise.withResolvers<string>();
  const log = source({ everyMs: 5, show: (text) => text.startsWith('1 ') && shown.resolve(text) });
  const printed = explainLog(false, log);
  log.input.write(line);
  log.input.write(line.replace('mx', 'my'));
  expect(await shown.promise).toMatch(/^1 failures/);
  log.input.end();
  expect((await printed).text).toMatch(/^2 failures/);
});

test('is JSON where that is asked for', async () => {
  const log = source();
  const printed = explainInShell(['--summary', '--json'], none, () => log);
  log.input.end(line);
  expect(JSON.parse((await printed).text)).toMatchObject({
    lines: 1,
    from: '2026-11-29T20:37:03.000Z',
    groups: [{ endpoint: 'mx.corp.internal', code: 'closed', fate: 'retried', count: 1 }],
  });
});

test('says what to give where nothing is recognised, and takes no text beside', async () => {
  const log = source();
  const printed = explainInShell(['--summary'], none, () => log);
  log.input.end('hello\n');
  expect(await printed).toMatchObject({ exitCode: 3, text: expect.stringContaining('postal logs worker') });
  await expect(explainInShell(['--summary', 'text'], none)).rejects.toThrow('standard input');
});
