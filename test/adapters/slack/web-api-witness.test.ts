import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebApiMessenger } from '../../../lib/adapters/slack/web-api-messenger.ts';
import { createWebApiWitness } from '../../../lib/adapters/slack/web-api-witness.ts';
import { isTextOf, lastingText, textDigestOf } from '../../../lib/app/verify/posted-text.ts';
import { botToken, callApi, startSampleSlack } from '../../local/slack/sample-workspace.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const channel = 'C0ENDPOINT';
const never = new AbortController().signal;

const open = async () => {
  const clock = createManualClock('2026-03-04T12:00:00.000Z', { skipsSleep: true });
  const slack = await startSampleSlack({ clock });
  const token = { botToken: async () => botToken, slackApiUrl: slack.apiUrl };
  return { clock, slack, messenger: createWebApiMessenger(token), witness: createWebApiWitness({ ...token, clock }) };
};

let world: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  world = await open();
});
afterEach(() => world.slack.close());

const metadata = (id: string) => ({
  event_type: 'postal_endpoint_change',
  event_payload: { announcement_id: id, changes: [{ hashes: 'a b' }] },
});
const post = async (text: string, id = text) => {
  await world.clock.advance(1000);
  const posted = await world.messenger.post(channel, { text, blocks: [] }, metadata(id), never);
  if (!posted.ok) throw new Error(JSON.stringify(posted.failure));
  return posted.value.ts;
};

describe('the posts of a channel', () => {
  it('come in their order, with text and metadata, whoever posted them', async () => {
    const { slack, witness } = world;
    slack.store.add({ channel, author: 'U0MARIA', text: 'good morning', blocks: [] });
    const ts = await post('✅ <@U0MARIA> &lt;tag&gt;', '1');
    const posts = await witness.posts(channel, undefined, never);
    expect(posts).toMatchObject({
      ok: true,
      value: [
        { text: 'good morning', byThisApp: false, edited: false, metadata: undefined },
        {
          ts,
          text: '✅ <@U0MARIA> &lt;tag&gt;',
          byThisApp: true,
          edited: false,
          metadata: {
            eventType: 'postal_endpoint_change',
            payload: { announcement_id: '1', changes: [{ hashes: 'a b' }] },
          },
        },
      ],
    });
  });

  it('say of one that was edited that it was, and miss one that was deleted', async () => {
    const { slack, witness } = world;
    const [first, second] = [await post('first'), await post('second')];
    await callApi(slack.apiUrl, 'chat.update', { channel, ts: first, text: 'other' });
    const gone = slack.store.find(channel, second);
    if (gone !== undefined) slack.store.remove(gone);
    expect(await witness.posts(channel, undefined, never)).toMatchObject({
      ok: true,
      value: [{ ts: first, text: 'other', edited: true }],
    });
  });

  it('are read page by page, from the oldest that is asked for, itself included', async () => {
    const { slack, witness } = world;
    for (let number = 0; number < 450; number += 1)
      slack.store.add({ channel, author: 'U0MARIA', text: `message ${number}`, blocks: [] });
    const all = await witness.posts(channel, undefined, never);
    expect(all.ok && all.value.map(({ text }) => text)).toEqual(
      Array.from({ length: 450 }, (_, number) => `message ${number}`),
    );
    const oldest = slack.store.messages(channel)[100]?.ts;
    const some = await witness.posts(channel, oldest, never);
    expect(some.ok && some.value.map(({ ts }) => ts)).toEqual(
      slack.store
        .messages(channel)
        .slice(100)
        .map(({ ts }) => ts),
    );
  });

  it('are waited for when Slack says "not now"', async () => {
    world.slack.faults.add('conversations.history', 429);
    await post('first');
    expect(await world.witness.posts(channel, undefined, never)).toMatchObject({
      ok: true,
      value: [{ text: 'first' }],
    });
  });

  it.each([
    ['C0RANDOM', undefined, { kind: 'refused', code: 'not_in_channel' }],
    [channel, 500, { kind: 'unreachable' }],
    [channel, 'lost-answer', { kind: 'unreachable' }],
    [channel, { redirect: 'http://169.254.169.254/' }, { kind: 'unreachable' }],
  ] as const)('of %s with fault %j are not there, and why', async (id, fault, failure) => {
    if (fault !== undefined) world.slack.faults.add('conversations.history', fault);
    expect(await world.witness.posts(id, undefined, never)).toMatchObject({ ok: false, failure });
  });
});

describe('a text', () => {
  const posted =
    '✅ gitlab.mail.corp.internal added by <@U0MARIA> · ⚠️ see http://postal.example.com/x &amp; a@example.com';
  const returned =
    ':white_check_mark: <http://gitlab.mail.corp.internal|gitlab.mail.corp.internal> added by <@U0MARIA|maria> · :warning: see <http://postal.example.com/x> &amp; <mailto:a@example.com|a@example.com>\n';

  it('is known again as Slack gives it back', () => {
    expect(lastingText(returned)).toBe(lastingText(posted));
    expect(isTextOf(returned, textDigestOf(posted))).toBe(true);
  });

  it.each([
    [posted.replace('gitlab', 'gitlob')],
    [posted.replace('U0MARIA', 'U0LI')],
    [`${posted} more`],
    [posted.replace('example.com/x', 'example.com/y')],
  ])('is not known again when something else was written: %s', (text) =>
    expect(isTextOf(text, textDigestOf(posted))).toBe(false),
  );
});
