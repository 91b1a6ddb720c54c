import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ephemeralText, type FrontUnderTest, frontUnderTest } from '../support/front-under-test.ts';
import { interactionBody, interactionSender, signedRequest, slashCommandBody } from '../support/signed-request.ts';
import { type SlackViewsApi, startSlackViewsApi } from '../support/slack-views-api.ts';

const key = fc.constantFrom(
  'type',
  'user',
  'team',
  'view',
  'actions',
  'channel',
  'event',
  'callback_id',
  'trigger_id',
  'challenge',
  'command',
  'name',
  'response_urls',
  'authorizations',
  'x',
);
const junk = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 0, '', 'add', 'home', 'app_home_opened', 'U0001'),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const whole: Readonly<Record<string, Record<string, unknown>>> = {
  block_actions: {
    actions: [{ type: 'button', action_id: 'run:x', value: '{"text":"status"}', action_ts: '1.1' }],
    channel: { id: 'C0001' },
  },
  view_submission: {
    view: { callback_id: 'add', private_metadata: '{"nonce":"n","channelId":null}', state: { values: {} } },
  },
  view_closed: { view: { callback_id: 'add' } },
  shortcut: { callback_id: 'add' },
  url_verification: { challenge: 'x' },
  event_callback: {
    team_id: 'T0001',
    event_id: 'Ev1',
    event: { type: 'app_home_opened', user: 'U0001', tab: 'home', channel: 'D0001' },
  },
  block_suggestion: {},
};
const payload = fc
  .tuple(fc.constantFrom(...Object.keys(whole)), fc.dictionary(key, junk, { maxKeys: 2 }))
  .map(([type, broken]) => ({ type, ...interactionSender, ...whole[type], ...broken }));

const bodies = fc.oneof(
  payload.map((body) => ({ body: interactionBody(body), contentType: 'application/x-www-form-urlencoded' })),
  payload.map((body) => ({ body: JSON.stringify(body), contentType: 'application/json' })),
  fc.record({
    body: fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.dictionary(key, fc.string()).map((fields) => new URLSearchParams(fields).toString()),
    ),
    contentType: fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded; charset=utf-8',
      'text/plain',
      '',
    ),
  }),
);

const word = fc.oneof(
  fc.constantFrom(
    'add',
    'show',
    'list',
    'check',
    'history',
    'status',
    'help',
    'ad',
    '--port',
    '—port',
    'port=25',
    '--note',
    '“',
    '"',
    ',',
    '<!channel>',
    '&lt;',
    'gitlab.corp.internal',
    '10.0.4.12',
    '--page',
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const commandText = fc.array(word, { maxLength: 10 }).map((words) => words.join(' '));

describe('anything that is signed', () => {
  let slack: SlackViewsApi;
  let front: FrontUnderTest;
  beforeAll(async () => {
    slack = await startSlackViewsApi();
    front = frontUnderTest({ slackApiUrl: slack.url });
  });
  afterAll(() => slack.close());

  it('is answered below 500, and with the argument at fault when it is turned away, for 5,000 bodies', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.boolean(), async ({ body, contentType }, base64) => {
        const result = await front.handle(signedRequest(body, { contentType, base64 }));
        expect(result.statusCode).toBeLessThan(500);
        if (result.statusCode !== 200) expect(result.body).toMatch(/^[\w.-]+: \S/);
      }),
      { numRuns: 5000 },
    );
  });

  it('and is a command is answered in words that Slack takes, for 5,000 texts', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(commandText, fc.boolean(), async (text, base64) => {
        const sentBefore = front.sent.length;
        const openedBefore = slack.opened.length;
        const result = await front.handle(signedRequest(slashCommandBody(text), { base64 }));
        if (slack.opened.length > openedBefore) return;
        const said = ephemeralText(result);
        const isTold =
          front.sent.length > sentBefore
            ? said.includes("I'll post the result here.")
            : /✗ \*[^*]+\*: |Commands: |For example: /s.test(said);
        expect(isTold, said).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});
