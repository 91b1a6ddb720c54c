import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isSlackAddress } from '../../../lib/adapters/slack/slack-hosts.ts';
import { createWebApiFileDownload } from '../../../lib/adapters/slack/web-api-file-download.ts';
import { listenOnLoopback } from '../../../lib/local/loopback-server.ts';
import { botToken, startSampleSlack } from '../../local/slack/sample-workspace.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const never = new AbortController().signal;

let slack: Awaited<ReturnType<typeof startSampleSlack>>;
beforeEach(async () => {
  slack = await startSampleSlack({ clock: createManualClock(undefined, { skipsSleep: true }) });
});
afterEach(() => slack.close());

const download = (url: string, { most = 1000, token = botToken, signal = never } = {}) =>
  createWebApiFileDownload({ botToken: async () => token, slackApiUrl: slack.apiUrl }).download(url, most, signal);

/** Puts a file into the workspace as its page does, and says where the bot finds it. */
const given = async (bytes: string): Promise<string> => {
  const response = await fetch(`${slack.url}/page/upload?user=U0MARIA&name=a%20b.csv`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: bytes,
  });
  const { id }: { id: string } = Object.assign({ id: '' }, await response.json());
  return `${slack.url}/files-pri/${id}/download/a%20b.csv`;
};

describe('a file that somebody gave the bot', () => {
  test('is read with the bot’s token', async () => {
    expect(await download(await given('host,ip\n'))).toEqual({ ok: true, bytes: Buffer.from('host,ip\n') });
  });

  test('is read to its limit and no further', async () => {
    const url = await given('a'.repeat(200_000));
    expect(await download(url, { most: 200_000 })).toMatchObject({ ok: true });
    expect(await download(url, { most: 199_999 })).toMatchObject({ ok: false, reason: 'too-large' });
  });

  test.each([
    ['https://evil.example.com/files/x'],
    ['https://slack.com.evil.example/x'],
    ['https://evilslack.com/x'],
    ['http://files.slack.com/x'],
    ['file:///etc/passwd'],
    ['http://169.254.169.254/latest'],
    ['not an address'],
    [''],
  ])('is not read at %s, and the token stays here', async (url) => {
    expect(await download(url)).toMatchObject({ ok: false, reason: 'not-slack' });
  });

  test('is not read where Slack sends elsewhere, as it does without the scope', async () => {
    const url = await given('x');
    expect(await download(url, { token: 'xoxb-other' })).toMatchObject({ ok: false, reason: 'no-access' });
    slack.faults.add('files-pri', { redirect: 'https://evil.example.com/' });
    expect(await download(url)).toMatchObject({ ok: false, reason: 'no-access' });
  });

  test.each([
    [503, 'unreachable'],
    [429, 'unreachable'],
    ['lost-request', 'unreachable'],
  ] as const)('met by %s is %s', async (fault, reason) => {
    const url = await given('x');
    slack.faults.add('files-pri', fault);
    expect(await download(url)).toMatchObject({ ok: false, reason });
  });

  test('that is gone is said to be gone', async () => {
    expect(await download(`${slack.url}/files-pri/F0NONE/download/x`)).toMatchObject({ ok: false, reason: 'gone' });
  });

  test('that never comes ends with the deadline', async () => {
    const url = await given('x');
    slack.faults.add('files-pri', 'no-answer');
    expect(await download(url, { signal: AbortSignal.timeout(50) })).toMatchObject({
      ok: false,
      reason: 'unreachable',
    });
  });
});

test('a page instead of the file is no file', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<title>Sign in</title>');
  });
  const port = await listenOnLoopback(server, 0);
  const apiUrl = `http://127.0.0.1:${port}/api/`;
  const files = createWebApiFileDownload({ botToken: async () => botToken, slackApiUrl: apiUrl });
  expect(await files.download(`http://127.0.0.1:${port}/x`, 100, never)).toMatchObject({
    reason: 'no-access',
  });
  await new Promise((closed) => server.close(closed));
});

test.each([
  ['https://files.slack.com/files-pri/T1-F1/download/a.csv', true],
  ['https://slack.com/api/x', true],
  ['https://slack.com:8443/x', false],
  ['http://files.slack.com/x', false],
  ['https://files.slack.com.example/x', false],
])('%s is Slack’s own: %s', (address, expected) => {
  expect(isSlackAddress(new URL(address), 'https://slack.com/api/')).toBe(expected);
});
