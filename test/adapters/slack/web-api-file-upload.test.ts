import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWebApiFileUpload } from '../../../lib/adapters/slack/web-api-file-upload.ts';
import { createWebApiMessenger } from '../../../lib/adapters/slack/web-api-messenger.ts';
import type { FileToUpload } from '../../../lib/app/ports/file-upload.ts';
import { listenOnLoopback } from '../../../lib/local/loopback-server.ts';
import { botToken, startSampleSlack } from '../../local/slack/sample-workspace.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

const never = new AbortController().signal;
const channel = 'C0ENDPOINT';
const jsonl = { name: 'history.jsonl', title: 'History', bytes: Buffer.from('{"é":1}\n') };
const picture = {
  name: 'chart.png',
  title: 'Chart',
  bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255]),
  altText: 'it falls',
};

let clock: ManualClock;
let slack: Awaited<ReturnType<typeof startSampleSlack>>;

beforeEach(async () => {
  clock = createManualClock(undefined, { skipsSleep: true });
  slack = await startSampleSlack({ clock });
});
afterEach(() => slack.close());

const uploadTo = (slackApiUrl: string, file: FileToUpload, signal = never) =>
  createWebApiFileUpload({ botToken: async () => botToken, slackApiUrl, clock }).upload(file, signal);
const upload = (file: FileToUpload) => uploadTo(slack.apiUrl, file);
const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());

describe('a file', () => {
  test('is shared in a channel, and its link gives the same bytes', async () => {
    const result = await upload({ ...jsonl, destination: channel, comment: 'two entries' });
    if (!result.ok || result.value.permalink === null) throw new Error(JSON.stringify(result));
    expect(slack.store.messages(channel)).toMatchObject([
      {
        text: 'two entries',
        author: 'U0POSTAL',
        files: [{ id: result.value.fileId, name: 'history.jsonl', title: 'History', size: 9 }],
      },
    ]);
    expect(await bytesAt(result.value.permalink)).toEqual(jsonl.bytes);
  });

  test('goes to a person in their direct messages', async () => {
    expect(await upload({ ...jsonl, destination: 'U0LI' })).toMatchObject({ ok: true });
    expect(slack.store.messages('D0LI')).toMatchObject([{ text: '', files: [{ name: 'history.jsonl' }] }]);
    expect(slack.store.messages(channel)).toEqual([]);
  });

  test('that goes nowhere is a picture for a message, by its id', async () => {
    const result = await upload(picture);
    if (!result.ok) throw new Error(JSON.stringify(result));
    const messenger = createWebApiMessenger({ botToken: async () => botToken, slackApiUrl: slack.apiUrl });
    const post = (id: string) => {
      const blocks = [{ type: 'image', slack_file: { id }, alt_text: 'it falls' } as const];
      return messenger.post(channel, { text: 'chart', blocks }, { event_type: 'e', event_payload: {} }, never);
    };
    // Slack shows a file only about a second after its upload.
    expect(await post(result.value.fileId)).toMatchObject({ ok: false, failure: { code: 'invalid_blocks' } });
    await clock.advance(1_000);
    expect(await post(result.value.fileId)).toMatchObject({ ok: true });
    expect(await post('F0NONE')).toEqual({ ok: false, failure: { kind: 'refused', code: 'invalid_blocks' } });
    const text = await upload(jsonl);
    expect(await post(text.ok ? text.value.fileId : '')).toMatchObject({ ok: false });
  });
});

describe('what goes wrong', () => {
  test.each([
    ['conversations.open', 'missing_scope'],
    ['files.getUploadURLExternal', 'missing_scope'],
    ['files.completeUploadExternal', 'not_in_channel'],
  ])('%s refuses with %s: said so', async (method, error) => {
    slack.faults.add(method, { error });
    expect(await upload({ ...jsonl, destination: 'U0LI' })).toEqual({
      ok: false,
      failure: { kind: 'refused', code: error },
    });
    expect(slack.store.messages('D0LI')).toEqual([]);
  });

  test.each(['conversations.open', 'files.getUploadURLExternal', 'files.completeUploadExternal'])(
    'a 429 of %s is waited for',
    async (method) => {
      slack.faults.add(method, 429, 429);
      expect(await upload({ ...jsonl, destination: 'U0LI' })).toMatchObject({ ok: true });
      expect(clock.slept).toEqual([1000, 1000]);
      expect(slack.store.messages('D0LI')).toHaveLength(1);
    },
  );

  test.each(['files.getUploadURLExternal', 'upload', 'files.completeUploadExternal'])(
    '%s without an answer is not repeated',
    async (method) => {
      slack.faults.add(method, 'lost-answer');
      expect(await upload({ ...jsonl, destination: channel })).toMatchObject({
        ok: false,
        failure: { kind: 'unreachable' },
      });
      expect(slack.store.messages(channel).length).toBe(method === 'files.completeUploadExternal' ? 1 : 0);
    },
  );

  test.each([
    [429, { kind: 'rate-limited', retryAfterSeconds: 1 }],
    [500, { kind: 'unreachable' }],
    [{ redirect: 'http://169.254.169.254/' }, { kind: 'unreachable' }],
  ] as const)('the upload address answers %j', async (fault, failure) => {
    slack.faults.add('upload', fault);
    expect(await upload({ ...jsonl, destination: channel })).toMatchObject({ ok: false, failure });
    expect(slack.store.messages(channel)).toEqual([]);
  });

  test('a channel that the bot is not in, or that there is not', async () => {
    expect(await upload({ ...jsonl, destination: 'C0RANDOM' })).toMatchObject({ failure: { code: 'not_in_channel' } });
    expect(await upload({ ...jsonl, destination: 'C0NONE' })).toMatchObject({ failure: { code: 'channel_not_found' } });
    expect(await upload({ ...jsonl, destination: 'U0NONE' })).toMatchObject({ failure: { code: 'user_not_found' } });
  });

  test.each([
    'http://169.254.169.254/upload',
    'https://slack.com.example.org/upload',
    'http://127.0.0.1:1/upload',
    'file:///etc/passwd',
  ])('the bytes do not go to %s', async (uploadUrl) => {
    const server = createServer(
      (_request, response) => void response.end(JSON.stringify({ ok: true, upload_url: uploadUrl, file_id: 'F1' })),
    );
    const port = await listenOnLoopback(server, 0);
    try {
      const result = await uploadTo(`http://127.0.0.1:${port}/api/`, jsonl);
      expect(result).toEqual({
        ok: false,
        failure: { kind: 'unreachable', message: 'Slack named a place for the file that is not its own' },
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('the deadline is kept', async () => {
    slack.faults.add('upload', 'no-answer');
    const deadline = new AbortController();
    const asked = uploadTo(slack.apiUrl, jsonl, deadline.signal);
    setTimeout(() => deadline.abort(new Error('over')), 50);
    expect(await asked).toEqual({ ok: false, failure: { kind: 'unreachable', message: 'over' } });
  });
});
