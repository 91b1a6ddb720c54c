import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../../support/manual-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { callApi, startSampleSlack } from './sample-workspace.ts';

const channel = 'C0ENDPOINT';
const clock = createManualClock();
let slack: Awaited<ReturnType<typeof startSampleSlack>>;

beforeEach(async () => {
  slack = await startSampleSlack({ clock });
});
afterEach(() => slack.close());

const begin = async (
  args: Readonly<Record<string, unknown>>,
  at = slack,
): Promise<{ readonly url: string; readonly id: string }> => {
  const { body } = await callApi(at.apiUrl, 'files.getUploadURLExternal', args);
  return { url: String(body['upload_url']), id: String(body['file_id']) };
};
const complete = async (args: Readonly<Record<string, unknown>>, at = slack) =>
  (await callApi(at.apiUrl, 'files.completeUploadExternal', args)).body;
const send = (url: string, body: string) => fetch(url, { method: 'POST', body });

test('bytes are taken once, and only as many as were announced', async () => {
  const { url, id } = await begin({ filename: 'a.jsonl', length: 3 });
  expect((await send(url, 'abcd')).status).toBe(400);
  expect(await complete({ files: [{ id }], channel_id: channel })).toMatchObject({
    ok: false,
    error: 'file_not_found',
  });
  expect(await (await send(url, 'abc')).text()).toBe('OK - 3');
  expect((await send(url, 'abc')).status).toBe(404);
  expect(await complete({ files: [{ id, title: 'A' }], channel_id: channel })).toMatchObject({
    ok: true,
    files: [{ id, title: 'A' }],
  });
  expect(await complete({ files: [{ id }], channel_id: channel })).toMatchObject({ error: 'file_not_found' });
  expect(slack.store.messages(channel)).toHaveLength(1);
});

test.each([[{ length: 3 }], [{ filename: 'a', length: 0 }], [{ filename: 'a', length: 'x' }]])(
  '%j announces nothing',
  async (args) => {
    expect((await callApi(slack.apiUrl, 'files.getUploadURLExternal', args)).body).toMatchObject({
      ok: false,
      error: 'invalid_arguments',
    });
  },
);

test.each([
  ['U0LI', 'invalid_arguments'],
  ['C0RANDOM', 'not_in_channel'],
  ['C0OLD', 'is_archived'],
  ['C0NONE', 'channel_not_found'],
])('a file is not shared with %s: %s', async (channelId, error) => {
  const { url, id } = await begin({ filename: 'a.jsonl', length: 3 });
  await send(url, 'abc');
  expect(await complete({ files: [{ id }], channel_id: channelId })).toMatchObject({ ok: false, error });
  expect(await complete({ files: [{ id }], channel_id: channel })).toMatchObject({ ok: true });
});

test('a picture is looked at, anything else is downloaded under its name', async () => {
  for (const [name, type, disposition] of [
    ['é chart.png', 'image/png', "inline; filename*=UTF-8''%C3%A9%20chart.png"],
    ['page.html', 'application/octet-stream', "attachment; filename*=UTF-8''page.html"],
  ] as const) {
    const { url, id } = await begin({ filename: name, length: 3 });
    await send(url, 'abc');
    const { files } = await complete({ files: [{ id }] });
    const [file] = Array.isArray(files) ? files : [];
    const got = await fetch(file.permalink);
    expect([got.headers.get('content-type'), got.headers.get('content-disposition'), await got.text()]).toEqual([
      type,
      disposition,
      'abc',
    ]);
  }
  expect((await fetch(`${slack.url}/page/file?id=..%2Fslack.json`)).status).toBe(404);
});

test('files are there after a restart', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'slack.json');
  const first = await startSampleSlack({ clock, file });
  const { url, id } = await begin({ filename: 'a.jsonl', length: 3 }, first);
  await send(url, 'abc');
  await complete({ files: [{ id }], channel_id: channel }, first);
  await first.close();
  expect((await readdir(folder.path)).sort()).toEqual(['slack.json', 'slack.json.files']);
  const second = await startSampleSlack({ clock, file });
  expect(second.store.messages(channel)).toMatchObject([{ files: [{ id, name: 'a.jsonl', size: 3 }] }]);
  expect(await (await fetch(`${second.url}/page/file?id=${id}`)).text()).toBe('abc');
  await second.close();
});
