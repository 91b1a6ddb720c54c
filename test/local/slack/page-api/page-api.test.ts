import { request as httpRequest } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { messagesAPage } from '../../../../lib/local/slack/page-api/page-protocol.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { onPage, startSampleSlack } from '../sample-workspace.ts';

const channel = 'C0ENDPOINT';
const step = { line: '/postal-endpoint whoami', detail: 'Says who you are.' };
let slack: Awaited<ReturnType<typeof startSampleSlack>>;
const open = async () => {
  slack = await startSampleSlack({
    clock: createManualClock(),
    commandTable: { add: { verb: 'add' } },
    firstSteps: [step],
  });
  return slack;
};
afterEach(() => slack.close());

const get = async (path: string): Promise<Record<string, unknown>> =>
  Object.assign({}, await (await fetch(`${slack.url}/page/${path}`)).json());

test('the state is one user’s: what only another may see is not in it', async () => {
  const { store } = await open();
  store.add({ channel, author: 'U0POSTAL', text: 'for li', blocks: [], visibleTo: 'U0LI' });
  store.add({ channel, author: 'U0POSTAL', text: 'for all', blocks: [] });
  expect(await get('state?user=U0LI')).toMatchObject({
    me: { name: 'li' },
    pages: { [channel]: { messages: [{ text: 'for li' }, { text: 'for all' }] } },
  });
  expect(await get('state?user=U0MARIA')).toMatchObject({ pages: { [channel]: { messages: [{ text: 'for all' }] } } });
});

test('a long channel comes in pages, nothing between them', async () => {
  const { store } = await open();
  for (let number = 0; number < messagesAPage + 5; number += 1)
    store.add({ channel, author: 'U0LI', text: String(number), blocks: [] });
  const { pages } = Object.assign({ pages: {} }, await get('state?user=U0LI'));
  const [first] = store.messages(channel).slice(-messagesAPage);
  expect(pages).toMatchObject({ [channel]: { hasEarlier: true, messages: { length: messagesAPage } } });
  expect(await get(`messages?user=U0LI&channel=${channel}&before=${first?.ts}`)).toMatchObject({
    hasEarlier: false,
    messages: ['0', '1', '2', '3', '4'].map((text) => ({ text })),
  });
});

test('the event stream carries what this user may see', async () => {
  const { url, store } = await open();
  const response = await fetch(`${url}/page/events?user=U0LI`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let received = (await reader?.read())?.value ?? '';
  store.add({ channel, author: 'U0POSTAL', text: 'for maria', blocks: [], visibleTo: 'U0MARIA' });
  const shown = store.add({ channel, author: 'U0POSTAL', text: 'for all', blocks: [] });
  store.remove(shown);
  while (!received.includes('deleted')) received += (await reader?.read())?.value ?? '';
  expect(received).toContain('for all');
  expect(received).not.toContain('for maria');
});

test('proposes the first steps that it was given', async () => {
  await open();
  expect(await get('state?user=U0LI')).toMatchObject({ firstSteps: [step] });
});

test('serves the command table', async () => {
  await open();
  expect(await get('commands.json')).toEqual({ add: { verb: 'add' } });
});

test.each([
  ['say', { user: 'U0NOBODY', channel, text: 'x' }, 'no such user'],
  ['say', { user: 'U0LI', channel: 'C0', text: 'x' }, 'say takes a channel'],
  ['say', { user: 'U0LI', channel, text: '' }, 'say takes a channel'],
  ['action', { user: 'U0LI' }, 'source'],
  ['submit', { user: 'U0LI' }, 'viewId'],
  ['dance', { user: 'U0LI' }, 'no such thing'],
])('%s with %j is refused', async (name, request, error) => {
  const { url } = await open();
  expect(await onPage(url, name, request)).toEqual({ ok: false, error: expect.stringContaining(error) });
});

test('a form of another site cannot act: it cannot send JSON', async () => {
  const { url, store } = await open();
  const response = await fetch(`${url}/page/say`, {
    method: 'POST',
    body: JSON.stringify({ user: 'U0LI', channel, text: 'forged' }),
  });
  expect(response.status).toBe(415);
  expect(store.messages(channel)).toEqual([]);
});

test('a name that was made to resolve to loopback is turned away', async () => {
  const { url } = await open();
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const request = httpRequest(`${url}/page/state`, { headers: { host: 'evil.example' } }, (response) => {
    response.resume();
    resolve(response.statusCode);
  });
  request.on('error', reject).end();
  expect(await promise).toBe(403);
});
