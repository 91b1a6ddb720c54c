import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { slackLimits } from '../../../../lib/core/limits/limits.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { startFront } from '../sample-front.ts';
import { callApi, onPage, sampleWorkspace, startSampleSlack } from '../sample-workspace.ts';

const open = async () => {
  const clock = createManualClock('2026-03-04T12:00:00.000Z');
  const front = await startFront(() => ({}));
  return { clock, front, slack: await startSampleSlack({ clock, deliver: front.deliver }) };
};
let world: Awaited<ReturnType<typeof open>>;

beforeEach(async () => {
  world = await open();
});
afterEach(async () => {
  await world.slack.close();
  await world.front.close();
});

const call = async (method: string, args: Readonly<Record<string, unknown>> = {}) =>
  (await callApi(world.slack.apiUrl, method, args)).body;
const channel = 'C0ENDPOINT';
const modal = { type: 'modal', title: { type: 'plain_text', text: 'Add' }, blocks: [{ type: 'divider' }] };

describe('whoever calls', () => {
  test.each([
    ['', 'not_authed'],
    ['xoxb-wrong', 'invalid_auth'],
    ['xoxb-of-the-tesT', 'invalid_auth'],
  ])('with token "%s" is told %s', async (token, error) => {
    expect((await callApi(world.slack.apiUrl, 'auth.test', {}, token)).body).toEqual({ ok: false, error });
  });

  test('rightly, learns who the bot is', async () => {
    expect(await call('auth.test')).toMatchObject({
      ok: true,
      bot_id: 'B0POSTAL',
      user_id: 'U0POSTAL',
      team_id: 'T0CORP',
    });
  });

  test('for a method that is not there is told so', async () => {
    expect(await call('toString')).toMatchObject({ ok: false, error: 'unknown_method' });
  });

  test('may send a form, with JSON in it', async () => {
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*hi*' } }];
    const response = await fetch(`${world.slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-of-the-test' },
      body: new URLSearchParams({ channel: '#postal-endpoint', text: 'hi', blocks: JSON.stringify(blocks) }),
    });
    expect(await response.json()).toMatchObject({
      ok: true,
      channel,
      message: { blocks: [{ text: { text: '*hi*' } }], bot_id: 'B0POSTAL' },
    });
  });
});

describe('chat', () => {
  test.each([
    ['chat.postMessage', { channel }, 'no_text'],
    ['chat.postMessage', { channel, text: 'x'.repeat(slackLimits.textCharacters + 1) }, 'msg_too_long'],
    ['chat.postMessage', { channel, text: 'x', blocks: 'not json' }, 'invalid_blocks_format'],
    ['chat.postMessage', { channel, text: 'x', metadata: 'not json' }, 'invalid_metadata_format'],
    ['chat.postMessage', { channel: 'C0OLD', text: 'x' }, 'is_archived'],
    ['chat.postEphemeral', { channel, user: 'U0NOBODY', text: 'x' }, 'user_not_in_channel'],
    ['chat.postEphemeral', { channel: 'C0RANDOM', user: 'U0LI', text: 'x' }, 'not_in_channel'],
    ['chat.update', { channel, ts: '1.000001', text: 'x' }, 'message_not_found'],
    ['chat.getPermalink', { channel, message_ts: '1.000001' }, 'message_not_found'],
  ])('%s with %j is refused: %s', async (method, args, error) => {
    expect(await call(method, args)).toMatchObject({ ok: false, error });
  });

  test('a message can be changed by the bot that posted it, by nobody else', async () => {
    const { ts } = await call('chat.postMessage', { channel, text: 'before' });
    expect(await call('chat.update', { channel, ts, text: 'after' })).toMatchObject({ ok: true, text: 'after' });
    const others = world.slack.store.add({ channel, author: 'U0LI', text: 'mine', blocks: [] });
    expect(await call('chat.update', { channel, ts: others.ts, text: 'x' })).toMatchObject({
      ok: false,
      error: 'cant_update_message',
    });
    expect(world.slack.store.messages(channel).map(({ text }) => text)).toEqual(['after', 'mine']);
  });

  test('four messages at once, then one a second, each channel for itself', async () => {
    const post = (to: string) => callApi(world.slack.apiUrl, 'chat.postMessage', { channel: to, text: 'x' });
    for (let number = 0; number < 4; number += 1) expect((await post(channel)).status).toBe(200);
    expect(await post(channel)).toMatchObject({
      status: 429,
      retryAfter: '1',
      body: { ok: false, error: 'ratelimited' },
    });
    expect((await post('C0ONCALL')).status).toBe(200);
    await world.clock.advance(999);
    expect((await post(channel)).status).toBe(429);
    await world.clock.advance(1);
    expect((await post(channel)).status).toBe(200);
    expect((await post(channel)).status).toBe(429);
  });
});

describe('conversations.history', () => {
  test('newest first, in pages, metadata on demand, without what only one may see', async () => {
    const add = (text: string, visibleTo?: string) =>
      world.slack.store.add({
        channel,
        author: 'U0POSTAL',
        text,
        blocks: [],
        metadata: { event_type: 'e', event_payload: { text } },
        ...(visibleTo === undefined ? {} : { visibleTo }),
      });
    for (const text of ['1', '2', '3', '4', '5']) add(text);
    add('secret', 'U0LI');
    const first = await call('conversations.history', { channel, limit: 2 });
    expect(first).toMatchObject({ ok: true, has_more: true, messages: [{ text: '5' }, { text: '4' }] });
    expect(JSON.stringify(first)).not.toContain('event_payload');
    const cursor = Object.assign({ next_cursor: '' }, first['response_metadata']).next_cursor;
    const second = await call('conversations.history', { channel, limit: 3, cursor, include_all_metadata: true });
    expect(second).toMatchObject({
      has_more: false,
      messages: [{ text: '3' }, { text: '2' }, { text: '1', metadata: { event_type: 'e' } }],
    });
    expect(second).toMatchObject({ response_metadata: { next_cursor: '' } });
  });
});

describe('user groups and unknown methods', () => {
  test('a group is as the workspace has it', async () => {
    expect(await call('usergroups.users.list', { usergroup: 'S0ADMINS' })).toEqual({
      ok: true,
      users: ['U0MARIA', 'U0LI'],
    });
    expect(await call('usergroups.users.list', { usergroup: 'S0' })).toMatchObject({
      ok: false,
      error: 'no_such_subteam',
    });
  });

  test.each(['users.info', 'conversations.info', 'views.push', 'views.update', 'constructor'])(
    '%s, which this app never calls, is unknown',
    async (method) => {
      expect(await call(method, {})).toMatchObject({ ok: false, error: 'unknown_method' });
    },
  );
});

describe('a trigger', () => {
  const trigger = async (): Promise<string> => {
    await onPage(world.slack.url, 'say', { user: 'U0LI', channel, text: `${sampleWorkspace.command} add` });
    return String(world.front.requests.at(-1)?.body['trigger_id']);
  };

  test('opens one form, once', async () => {
    const id = await trigger();
    expect(await call('views.open', { trigger_id: id, view: modal })).toMatchObject({
      ok: true,
      view: { type: 'modal', team_id: 'T0CORP' },
    });
    expect(world.slack.store.views('U0LI')).toHaveLength(1);
    expect(await call('views.open', { trigger_id: id, view: modal })).toMatchObject({
      ok: false,
      error: 'exchanged_trigger_id',
    });
  });

  test('expires after three seconds', async () => {
    const [inTime, late] = [await trigger(), await trigger()];
    await world.clock.advance(3000);
    expect(await call('views.open', { trigger_id: inTime, view: modal })).toMatchObject({ ok: true });
    await world.clock.advance(1);
    expect(await call('views.open', { trigger_id: late, view: modal })).toMatchObject({
      ok: false,
      error: 'expired_trigger_id',
    });
  });

  test('of nobody opens nothing', async () => {
    expect(await call('views.open', { trigger_id: '1.2.3', view: modal })).toMatchObject({
      ok: false,
      error: 'invalid_trigger_id',
    });
  });

  test('is not spent on a view that Slack does not take', async () => {
    const id = await trigger();
    const wrong = await call('views.open', { trigger_id: id, view: { ...modal, title: undefined } });
    expect(wrong).toMatchObject({
      ok: false,
      error: 'invalid_arguments',
      response_metadata: { messages: [expect.stringContaining('/view/title')] },
    });
    expect(await call('views.open', { trigger_id: id, view: modal })).toMatchObject({ ok: true });
  });
});
