import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../support/manual-clock.ts';
import { type FrontRequest, startFront } from './sample-front.ts';
import { callApi, onPage, startSampleSlack } from './sample-workspace.ts';

const maria = 'U0MARIA';
const li = 'U0LI';
const direct = 'D0MARIA';
const button = { type: 'button', action_id: 'check', text: { type: 'plain_text', text: 'Check again' }, value: 'x' };

let folder: string;
let front: Awaited<ReturnType<typeof startFront>>;
let slack: Awaited<ReturnType<typeof startSampleSlack>>;
const open = () =>
  startSampleSlack({ clock: createManualClock(), deliver: front.deliver, file: join(folder, 'slack.json') });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postal-endpoint-direct-'));
  front = await startFront(() => ({}));
  slack = await open();
});
afterEach(async () => {
  await slack.close();
  await front.close();
  await rm(folder, { recursive: true, force: true });
});

const call = async (method: string, args: Readonly<Record<string, unknown>>) =>
  (await callApi(slack.apiUrl, method, args)).body;
const post = (channel: string) =>
  call('chat.postMessage', {
    channel,
    text: 'for maria',
    blocks: [{ type: 'actions', block_id: 'row', elements: [button] }],
  });
const state = async (user: string): Promise<Record<string, unknown>> =>
  Object.assign({}, await (await fetch(`${slack.url}/page/state?user=${user}`)).json());

describe('the Web API', () => {
  test('opens direct messages for a user’s id, and answers with theirs', async () => {
    const posted = await post(maria);
    expect(posted).toMatchObject({ ok: true, channel: direct });
    expect(await post(direct)).toMatchObject({ ok: true, channel: direct });
    expect(slack.store.messages(direct)).toHaveLength(2);
  });

  test('leads to them by permalink, and edits them', async () => {
    const { ts } = await post(maria);
    expect(await call('chat.getPermalink', { channel: direct, message_ts: ts })).toMatchObject({
      permalink: `${slack.url}/#/messages/${ts}`,
    });
    expect(await call('chat.update', { channel: direct, ts, text: 'for maria still' })).toMatchObject({ ok: true });
  });

  test('shows ephemeral messages there to its owner alone', async () => {
    expect(await call('chat.postEphemeral', { channel: direct, user: maria, text: 'x' })).toMatchObject({ ok: true });
    expect(await call('chat.postEphemeral', { channel: direct, user: li, text: 'x' })).toEqual({
      ok: false,
      error: 'user_not_in_channel',
    });
  });

  test.each([
    ['chat.postEphemeral', { channel: maria, user: maria, text: 'x' }, 'channel_not_found'],
    ['chat.update', { channel: maria, ts: '1.1', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { channel: 'U0NOBODY', text: 'x' }, 'channel_not_found'],
    ['chat.postMessage', { channel: 'D0NOBODY', text: 'x' }, 'channel_not_found'],
    ['conversations.history', { channel: direct }, 'missing_scope'],
  ])('%s of %j is refused: %s', async (method, args, error) => {
    expect(await call(method, args)).toEqual({ ok: false, error });
  });
});

describe('the page', () => {
  test('shows them to their user alone', async () => {
    await post(maria);
    expect(await state(maria)).toMatchObject({
      direct: { id: direct },
      pages: { [direct]: { messages: [{ text: 'for maria' }] } },
    });
    const others = await state(li);
    expect(others).toMatchObject({ direct: { id: 'D0LI' }, pages: { D0LI: { messages: [] } } });
    expect(JSON.stringify(others)).not.toContain('for maria');
    expect(await (await fetch(`${slack.url}/page/messages?user=${li}&channel=${direct}`)).json()).toMatchObject({
      messages: [],
    });
  });

  test('hears of them live, and nobody else does', async () => {
    const listen = async (user: string): Promise<{ until(part: string): Promise<string> }> => {
      const response = await fetch(`${slack.url}/page/events?user=${user}`);
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let received = (await reader?.read())?.value ?? '';
      return {
        until: async (part) => {
          while (!received.includes(part)) received += (await reader?.read())?.value ?? '';
          return received;
        },
      };
    };
    const [hers, his] = [await listen(maria), await listen(li)];
    await post(maria);
    await call('chat.postMessage', { channel: 'C0ENDPOINT', text: 'for everyone' });
    expect(await hers.until('for everyone')).toContain('for maria');
    expect(await his.until('for everyone')).not.toContain('for maria');
  });

  test('neither speaks nor presses a button in another’s', async () => {
    const { ts } = await post(maria);
    expect(await onPage(slack.url, 'say', { user: li, channel: direct, text: 'hello' })).toMatchObject({ ok: false });
    const press = (user: string) =>
      onPage(slack.url, 'action', {
        user,
        source: { channel: direct, ts },
        blockId: 'row',
        actionId: 'check',
        value: null,
        values: {},
      });
    expect(await press(li)).toMatchObject({ ok: false });
    expect(front.requests).toEqual([]);
    expect(await press(maria)).toEqual({ ok: true });
    expect(front.requests.at(-1)?.body).toMatchObject({
      type: 'block_actions',
      channel: { id: direct, name: 'directmessage' },
    });
  });

  test('a command goes to the app with their id, and is answered there', async () => {
    await onPage(slack.url, 'say', { user: maria, channel: direct, text: '/postal-endpoint status' });
    const request: FrontRequest | undefined = front.requests.at(-1);
    expect(request?.body).toMatchObject({
      channel_id: direct,
      channel_name: 'directmessage',
      user_id: maria,
      text: 'status',
    });
    await fetch(String(request?.body['response_url']), {
      method: 'POST',
      body: JSON.stringify({ text: 'All is well.' }),
    });
    expect(slack.store.messages(direct)).toMatchObject([{ text: 'All is well.', visibleTo: maria }]);
  });

  test('they outlive a restart', async () => {
    await post(maria);
    await slack.close();
    slack = await open();
    expect(await state(maria)).toMatchObject({ pages: { [direct]: { messages: [{ text: 'for maria' }] } } });
  });
});
