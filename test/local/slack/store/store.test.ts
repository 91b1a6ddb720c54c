import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSlackStore } from '../../../../lib/local/slack/store/store.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { callApi, startSampleSlack } from '../sample-workspace.ts';

const channel = 'C0ENDPOINT';
const clock = createManualClock();
const modal = { type: 'home', blocks: [{ type: 'divider' }] };

test('everything is there after a restart, and nothing but one whole file is left behind', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'data', 'slack.json');
  const first = await startSampleSlack({ clock, file });
  const posted = await callApi(first.apiUrl, 'chat.postMessage', {
    channel,
    text: 'added',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'added' } }],
    metadata: { event_type: 'change', event_payload: { change_id: '01JD' } },
  });
  await callApi(first.apiUrl, 'chat.postEphemeral', { channel, user: 'U0LI', text: 'for you' });
  await callApi(first.apiUrl, 'views.publish', { user_id: 'U0LI', view: modal });
  await first.close();
  expect(await readdir(join(folder.path, 'data'))).toEqual(['slack.json']);

  const second = await startSampleSlack({ clock, file });
  expect(second.store.messages(channel)).toMatchObject([
    { ts: posted.body['ts'], text: 'added', metadata: { event_payload: { change_id: '01JD' } } },
    { text: 'for you', visibleTo: 'U0LI' },
  ]);
  expect(second.store.home('U0LI')).toMatchObject({ type: 'home' });
  const later = second.store.add({ channel, author: 'U0LI', text: 'later', blocks: [] });
  expect(Number(later.ts)).toBeGreaterThan(Number(posted.body['ts']));
  await second.close();
});

test('two messages of the same moment have different ts, in order', async () => {
  const store = await openSlackStore({ clock });
  const stamps = Array.from({ length: 50 }, () => store.add({ channel, author: 'U0LI', text: 'x', blocks: [] }).ts);
  expect(new Set(stamps).size).toBe(50);
  expect(stamps.toSorted()).toEqual(stamps);
  expect(stamps[0]).toMatch(/^\d{10}\.\d{6}$/);
});

test('a thousand changes at once end in the last state', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'slack.json');
  const store = await openSlackStore({ clock, file });
  for (let number = 0; number < 1000; number += 1)
    store.add({ channel, author: 'U0LI', text: String(number), blocks: [] });
  await store.flush();
  expect((await openSlackStore({ clock, file })).messages(channel)).toHaveLength(1000);
});

test.each(['{"messages":', '{"messages":[]}'])(
  'a damaged file %s stops the start, and is left as it is',
  async (damaged) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'slack.json');
    await writeFile(file, damaged);
    await expect(openSlackStore({ clock, file })).rejects.toThrow();
    expect(await readFile(file, 'utf8')).toBe(damaged);
  },
);

test('a folder that cannot be written is said at the end', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'slack.json.tmp'), '');
  const store = await openSlackStore({ clock, file: join(folder.path, 'slack.json') });
  await folder[Symbol.asyncDispose]();
  store.add({ channel, author: 'U0LI', text: 'x', blocks: [] });
  await expect(store.flush()).rejects.toThrow(/could not write .*slack\.json/);
});
