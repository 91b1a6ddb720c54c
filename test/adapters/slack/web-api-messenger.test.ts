import { createServer } from 'node:http';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWebApiMessenger } from '../../../lib/adapters/slack/web-api-messenger.ts';
import type { Messenger } from '../../../lib/app/ports/messenger.ts';
import { listenOnLoopback } from '../../../lib/local/loopback-server.ts';
import type { Fault } from '../../../lib/local/slack/web-api/faults.ts';
import type { Message } from '../../../lib/messages/message.ts';
import { type FrontRequest, startFront } from '../../local/slack/sample-front.ts';
import { botToken, onPage, sampleWorkspace, startSampleSlack } from '../../local/slack/sample-workspace.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const start = '2026-03-04T12:00:00.000Z';
const endpoints = 'C0ENDPOINT';
const maria = 'U0MARIA';
const never = new AbortController().signal;
const plain = { replaceOriginal: false, inChannel: false };
const metadata = { event_type: 'change', event_payload: { change_id: '01JD', hash: 'abc' } };

const message = (text: string): Message => ({ text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] });

const open = async () => {
  const clock = createManualClock(start);
  const front = await startFront(() => ({}));
  const slack = await startSampleSlack({ clock, deliver: front.deliver });
  const messenger = createWebApiMessenger({ botToken: async () => botToken, slackApiUrl: slack.apiUrl });
  return { clock, front, slack, messenger };
};

let world: Awaited<ReturnType<typeof open>>;
let messenger: Messenger;

beforeEach(async () => {
  world = await open();
  messenger = world.messenger;
});
afterEach(async () => {
  await world.slack.close();
  await world.front.close();
});

const texts = (channel = endpoints) =>
  world.slack.store.messages(channel).map(({ text, visibleTo }) => [text, visibleTo]);

/** A request's own response_url, as the front gets it. */
const givenResponseUrl = async (): Promise<string> => {
  await onPage(world.slack.url, 'say', { user: maria, channel: endpoints, text: '/postal-endpoint status' });
  return String(world.front.requests.at(-1)?.body['response_url']);
};
const replyTo = (responseUrl?: string) => ({
  channelId: endpoints,
  userId: maria,
  ...(responseUrl === undefined ? {} : { responseUrl }),
});

describe('reply', () => {
  test('goes through the response_url, to one person or to the channel', async () => {
    const to = replyTo(await givenResponseUrl());
    expect(await messenger.reply(to, message('for you'), plain, never)).toEqual({ ok: true, value: null });
    expect(await messenger.reply(to, message('for all'), { ...plain, inChannel: true }, never)).toEqual({
      ok: true,
      value: null,
    });
    expect(texts()).toEqual([
      ['for you', maria],
      ['for all', undefined],
    ]);
  });

  test('replaces the message whose button was pressed', async () => {
    const { slack, front } = world;
    const button = {
      type: 'button',
      action_id: 'check',
      text: { type: 'plain_text', text: 'Check again' },
      value: 'x',
    } as const;
    const asked: Message = { text: 'before', blocks: [{ type: 'actions', block_id: 'row', elements: [button] }] };
    await messenger.reply(replyTo(), asked, plain, never);
    const [before] = slack.store.messages(endpoints);
    await onPage(slack.url, 'action', {
      user: maria,
      source: { channel: endpoints, ts: before?.ts },
      blockId: 'row',
      actionId: 'check',
      value: null,
      values: {},
    });
    const pressed: FrontRequest | undefined = front.requests.at(-1);
    expect(pressed?.body).toMatchObject({
      type: 'block_actions',
      actions: [{ action_id: 'check', value: 'x', block_id: 'row' }],
    });
    await messenger.reply(
      replyTo(String(pressed?.body['response_url'])),
      message('after'),
      { ...plain, replaceOriginal: true },
      never,
    );
    expect(texts()).toEqual([['after', maria]]);
  });

  test('falls back to an ephemeral message once the response_url has had its five uses', async () => {
    const to = replyTo(await givenResponseUrl());
    for (const number of [1, 2, 3, 4, 5, 6])
      expect(await messenger.reply(to, message(`answer ${number}`), plain, never)).toMatchObject({ ok: true });
    expect(texts()).toEqual([1, 2, 3, 4, 5, 6].map((number) => [`answer ${number}`, maria]));
  });

  test('falls back when the response_url is older than 30 minutes', async () => {
    const to = replyTo(await givenResponseUrl());
    await world.clock.advance(30 * 60_000 + 1);
    expect(await messenger.reply(to, message('late'), plain, never)).toEqual({ ok: true, value: null });
    expect(texts()).toEqual([['late', maria]]);
  });

  test('without a response_url it is an ephemeral message', async () => {
    expect(await messenger.reply(replyTo(), message('hello'), plain, never)).toEqual({ ok: true, value: null });
    expect(texts()).toEqual([['hello', maria]]);
  });

  test.each([plain, { ...plain, inChannel: true }])(
    'where there is no channel it is a direct message: %j',
    async (options) => {
      expect(await messenger.reply({ channelId: maria, userId: maria }, message('hello'), options, never)).toEqual({
        ok: true,
        value: null,
      });
      expect(texts('D0MARIA')).toEqual([['hello', undefined]]);
    },
  );

  test('never calls a response_url of another origin', async () => {
    let calls = 0;
    const other = createServer((_request, response) => {
      calls += 1;
      response.end('ok');
    });
    const port = await listenOnLoopback(other, 0);
    for (const url of [
      `http://127.0.0.1:${port}/response/x`,
      'http://hooks.slack.com/x',
      'https://hooks.slack.com.evil.example/x',
      'file:///etc/passwd',
      'no url',
    ]) {
      expect(await messenger.reply(replyTo(url), message('safe'), plain, never)).toEqual({ ok: true, value: null });
    }
    expect(calls).toBe(0);
    expect(texts()).toHaveLength(5);
    other.close();
  });

  test('does not follow a redirect', async () => {
    const to = replyTo(await givenResponseUrl());
    world.slack.faults.add('response_url', { redirect: 'http://169.254.169.254/' });
    expect(await messenger.reply(to, message('x'), plain, never)).toEqual({ ok: true, value: null });
    expect(texts()).toEqual([['x', maria]]);
  });

  test('a response_url that answers "not now" is waited for by the caller', async () => {
    const to = replyTo(await givenResponseUrl());
    world.slack.faults.add('response_url', 429);
    const failure = { kind: 'rate-limited', retryAfterSeconds: 1 };
    expect(await messenger.reply(to, message('x'), plain, never)).toEqual({ ok: false, failure });
    expect(texts()).toEqual([]);
  });

  const outage: fc.Arbitrary<Fault> = fc.constantFrom<Fault[]>(
    500,
    'lost-request',
    { error: 'internal_error' },
    { redirect: 'http://127.0.0.1:1/' },
  );
  const refusal = fc
    .constantFrom('not_in_channel', 'user_not_in_channel', 'channel_not_found', 'is_archived', 'restricted_action')
    .map((error) => ({ error }));
  const spent = fc.constantFrom('used_url', 'expired_url', 'no_such_hook').map((error) => ({ error }));

  test('reaches the person by the first way that is open: response_url, the channel, a direct message', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.option(fc.oneof(outage, spent)),
        fc.option(fc.oneof(outage, refusal)),
        fc.option(fc.oneof(outage, refusal)),
        fc.boolean(),
        async (byUrl, byWhisper, byPost, inChannel) => {
          const to = replyTo(await givenResponseUrl());
          // Slack takes one message a second in a channel.
          await world.clock.advance(60_000);
          const text = `answer ${world.clock.now()}`;
          if (byUrl !== null) world.slack.faults.add('response_url', byUrl);
          if (byUrl !== null && inChannel && byPost !== null) world.slack.faults.add('chat.postMessage', byPost);
          const whispers = byUrl !== null && (!inChannel || byPost !== null);
          if (whispers && byWhisper !== null) world.slack.faults.add('chat.postEphemeral', byWhisper);
          const result = await messenger.reply(to, message(text), { ...plain, inChannel }, never);
          expect(result).toEqual({ ok: true, value: null });
          const isDirect = whispers && byWhisper !== null;
          const isSeen = ([said]: readonly unknown[]) => said === text;
          expect(texts(isDirect ? 'D0MARIA' : endpoints).filter(isSeen)).toHaveLength(1);
          expect(texts(isDirect ? endpoints : 'D0MARIA').filter(isSeen)).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('from a channel that the bot is not in, and without a response_url, is a direct message', async () => {
    const to = { channelId: 'C0RANDOM', userId: maria };
    expect(await messenger.reply(to, message('denied'), plain, never)).toEqual({ ok: true, value: null });
    expect(texts('D0MARIA')).toEqual([['denied', undefined]]);
  });

  test('says why when no way is open', async () => {
    world.slack.faults.add('chat.postEphemeral', { error: 'user_not_in_channel' });
    world.slack.faults.add('chat.postMessage', { error: 'messages_tab_disabled' });
    expect(await messenger.reply(replyTo(), message('x'), plain, never)).toEqual({
      ok: false,
      failure: { kind: 'refused', code: 'messages_tab_disabled' },
    });
  });

  test('a message that Slack does not take is refused, on either way', async () => {
    const tooMany: Message = { text: 'x', blocks: Array.from({ length: 51 }, () => ({ type: 'divider' }) as const) };
    const refused = { ok: false, failure: { kind: 'refused', code: 'invalid_blocks' } };
    expect(await messenger.reply(replyTo(await givenResponseUrl()), tooMany, plain, never)).toEqual(refused);
    expect(await messenger.reply(replyTo(), tooMany, plain, never)).toEqual(refused);
    expect([...texts(), ...texts('D0MARIA')]).toEqual([]);
  });
});

describe('post', () => {
  test('posts with metadata and a permalink', async () => {
    const result = await messenger.post(endpoints, message('added'), metadata, never);
    const [stored] = world.slack.store.messages(endpoints);
    expect(stored).toMatchObject({ text: 'added', metadata, author: sampleWorkspace.bot.userId });
    expect(result).toEqual({
      ok: true,
      value: { channelId: endpoints, ts: stored?.ts, permalink: `${world.slack.url}/#postal-endpoint/${stored?.ts}` },
    });
  });

  test('is still posted when its permalink cannot be had', async () => {
    world.slack.faults.add('chat.getPermalink', 500);
    expect(await messenger.post(endpoints, message('added'), metadata, never)).toMatchObject({
      ok: true,
      value: { permalink: null },
    });
  });

  test.each([
    ['C0RANDOM', 'not_in_channel'],
    ['C0OLD', 'is_archived'],
    ['C0NOWHERE', 'channel_not_found'],
  ])('to %s is refused: %s', async (channel, code) => {
    expect(await messenger.post(channel, message('x'), metadata, never)).toEqual({
      ok: false,
      failure: { kind: 'refused', code },
    });
  });

  test('with a wrong token is refused', async () => {
    const stranger = createWebApiMessenger({ botToken: async () => 'xoxb-other', slackApiUrl: world.slack.apiUrl });
    expect(await stranger.post(endpoints, message('x'), metadata, never)).toEqual({
      ok: false,
      failure: { kind: 'refused', code: 'invalid_auth' },
    });
  });

  test('throws what the secret store throws', async () => {
    const locked = createWebApiMessenger({
      botToken: () => Promise.reject(new Error('no secret')),
      slackApiUrl: world.slack.apiUrl,
    });
    await expect(locked.post(endpoints, message('x'), metadata, never)).rejects.toThrow('no secret');
  });

  test('a burst over one a second is told when to come again', async () => {
    const results = [];
    for (let number = 0; number < 6; number += 1)
      results.push(await messenger.post(endpoints, message(`${number}`), metadata, never));
    const limited = results.filter((result) => !result.ok);
    expect(limited[0]).toEqual({ ok: false, failure: { kind: 'rate-limited', retryAfterSeconds: 1 } });
    expect(texts()).toHaveLength(6 - limited.length);
    await world.clock.advance(1000);
    expect(await messenger.post(endpoints, message('again'), metadata, never)).toMatchObject({ ok: true });
  });

  test.each([
    [500, 'Slack answered HTTP 500', 0],
    ['lost-answer', '', 1],
    ['lost-request', '', 0],
    [{ error: 'internal_error' }, 'Slack answered internal_error', 0],
  ] as const)('fault %s is unreachable, and is not tried again', async (fault, text, stored) => {
    world.slack.faults.add('chat.postMessage', fault);
    const result = await messenger.post(endpoints, message('x'), metadata, never);
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable', message: expect.stringContaining(text) },
    });
    expect(texts()).toHaveLength(stored);
  });

  test('ends with the signal when Slack never answers', async () => {
    world.slack.faults.add('chat.postMessage', 'no-answer');
    const result = await messenger.post(endpoints, message('x'), metadata, AbortSignal.timeout(100));
    expect(result).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
  });
});

describe('findPost', () => {
  const seed = (author: string, text: string, payload: Record<string, string>) =>
    world.slack.store.add({
      channel: endpoints,
      author,
      text,
      blocks: [],
      metadata: { event_type: 'change', event_payload: payload },
    });
  const bot = sampleWorkspace.bot.userId;

  test('finds a post whose answer was lost', async () => {
    world.slack.faults.add('chat.postMessage', 'lost-answer');
    await messenger.post(endpoints, message('added'), metadata, never);
    const [stored] = world.slack.store.messages(endpoints);
    expect(await messenger.findPost({ channelId: endpoints }, 'change_id', '01JD', start, never)).toMatchObject({
      ok: true,
      value: { ts: stored?.ts },
    });
  });

  test('reads page after page back to the oldest', async () => {
    const first = seed(bot, 'first', { change_id: 'wanted' });
    for (let number = 0; number < 450; number += 1) seed(bot, `noise ${number}`, { change_id: String(number) });
    expect(await messenger.findPost({ channelId: endpoints }, 'change_id', 'wanted', start, never)).toMatchObject({
      ok: true,
      value: { ts: first.ts },
    });
    expect(await messenger.findPost({ channelId: endpoints }, 'change_id', 'absent', start, never)).toEqual({
      ok: true,
      value: undefined,
    });
  });

  test('finds what was posted in a thread there, and not in the channel or another thread', async () => {
    const parents = [seed(bot, 'one', {}), seed(bot, 'other', {})];
    const threadOf = (index: number) => ({ channelId: endpoints, threadTs: parents[index]?.ts ?? '' });
    world.slack.faults.add('chat.postMessage', 'lost-answer');
    const thread = { channelId: endpoints, ts: threadOf(0).threadTs, broadcast: false };
    await messenger.postInThread(thread, message('entered'), metadata, never);
    const found = (place: Parameters<typeof messenger.findPost>[0]) =>
      messenger.findPost(place, 'change_id', '01JD', start, never);
    const stored = world.slack.store.messages(endpoints).find(({ threadTs }) => threadTs !== undefined);
    expect(await found(threadOf(0))).toMatchObject({ ok: true, value: { ts: stored?.ts } });
    expect(await found(threadOf(1))).toEqual({ ok: true, value: undefined });
    expect(await found({ channelId: endpoints })).toEqual({ ok: true, value: undefined });
  });

  test('stops at the oldest, takes the newest, and only its own', async () => {
    seed(bot, 'old', { change_id: 'a' });
    await world.clock.advance(60_000);
    const since = new Date(world.clock.now()).toISOString();
    expect(await messenger.findPost({ channelId: endpoints }, 'change_id', 'a', since, never)).toEqual({
      ok: true,
      value: undefined,
    });
    seed(bot, 'newer', { change_id: 'a' });
    const newest = seed(bot, 'newest', { change_id: 'a' });
    seed(maria, 'forged', { change_id: 'a' });
    expect(await messenger.findPost({ channelId: endpoints }, 'change_id', 'a', since, never)).toMatchObject({
      ok: true,
      value: { ts: newest.ts },
    });
  });

  test('says when the channel cannot be read', async () => {
    expect(await messenger.findPost({ channelId: 'C0RANDOM' }, 'change_id', 'a', start, never)).toEqual({
      ok: false,
      failure: { kind: 'refused', code: 'not_in_channel' },
    });
  });
});

describe('publishHome', () => {
  test('shows blocks in the home of one user', async () => {
    expect(await messenger.publishHome(maria, message('counts').blocks, never)).toEqual({ ok: true, value: null });
    expect(world.slack.store.home(maria)).toMatchObject({ type: 'home', blocks: [{ text: { text: 'counts' } }] });
    expect(world.slack.store.home('U0LI')).toBeUndefined();
  });

  test('of nobody is refused', async () => {
    expect(await messenger.publishHome('U0NOBODY', [], never)).toEqual({
      ok: false,
      failure: { kind: 'refused', code: 'user_not_found' },
    });
  });
});
