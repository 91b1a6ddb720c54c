import { createHmac } from 'node:crypto';
import { App } from '@slack/bolt';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, type MockInstance, vi } from 'vitest';
import { checkView } from '../../lib/local/slack/blocks/view-rules.ts';
import { ephemeralText, type FrontUnderTest, frontUnderTest } from '../support/front-under-test.ts';
import {
  interactionBody,
  interactionSender,
  type SignedRequestOptions,
  signedRequest,
  slashCommandBody,
  testSigningSecret,
} from '../support/signed-request.ts';

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

/** A clock that stands still: how busy the machine is decides nothing here. */
const nowSeconds = Math.floor(Date.now() / 1000);
const signedNow = (body: string, options: Pick<SignedRequestOptions, 'contentType' | 'base64'>) =>
  signedRequest(body, { ...options, timestamp: nowSeconds });

/** A front whose forms open at once, each held to Slack's limits. */
const frontWithForms = (): { readonly front: FrontUnderTest; readonly opened: readonly string[] } => {
  const opened: string[] = [];
  const front = frontUnderTest({
    slackApiUrl: 'http://127.0.0.1:1/',
    now: () => nowSeconds * 1000,
    openView: async (triggerId, view) => {
      const checked = checkView(structuredClone(view), 'modal', (prefix) => `${prefix}1`);
      if (!checked.ok) throw new Error(JSON.stringify(checked.messages));
      opened.push(triggerId);
      return { kind: 'opened' };
    },
  });
  return { front, opened };
};

type Hostile = (event: APIGatewayProxyEventV2) => APIGatewayProxyEventV2;
const withHeaders =
  (headers: Readonly<Record<string, string | undefined>>): Hostile =>
  (event) => ({
    ...event,
    headers: Object.fromEntries(
      Object.entries({ ...event.headers, ...headers }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    ),
  });
const signature = (event: APIGatewayProxyEventV2): string => event.headers['x-slack-signature'] ?? '';
const signedAgain =
  (secret: string, shiftSeconds: number): Hostile =>
  (event) =>
    signedRequest(bytesOf(event), {
      secret,
      timestamp: nowSeconds + shiftSeconds,
      contentType: event.headers['content-type'] ?? '',
      base64: event.isBase64Encoded,
    });
const bytesOf = ({ body, isBase64Encoded }: APIGatewayProxyEventV2): Buffer =>
  Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');

/** Everything that somebody without the secret can do to a request that Slack signed. */
const hostile: fc.Arbitrary<Hostile> = fc.oneof(
  fc.string().map((secret) => signedAgain(`${secret}x`, 0)),
  fc
    .integer({ min: 301, max: 1e8 })
    .chain((seconds) => fc.constantFrom(-seconds, seconds))
    .map((shift) => signedAgain(testSigningSecret, shift)),
  fc
    .constantFrom(undefined, '', 'v0=', `v0=${'0'.repeat(64)}`, 'v1=x')
    .map((value) => withHeaders({ 'x-slack-signature': value })),
  fc.constantFrom(undefined, '', '0', 'now', '1e9').map((value) => withHeaders({ 'x-slack-request-timestamp': value })),
  fc.nat(63).map(
    (at): Hostile =>
      (event) => {
        const digits = [...signature(event)];
        digits[at + 3] = digits[at + 3] === '0' ? '1' : '0';
        return withHeaders({ 'x-slack-signature': digits.join('') })(event);
      },
  ),
  fc.constant((event: APIGatewayProxyEventV2) =>
    withHeaders({ 'x-slack-signature': signature(event).toUpperCase() })(event),
  ),
  fc.constant((event: APIGatewayProxyEventV2) =>
    withHeaders({ 'x-slack-signature': signature(event).replace('v0', 'v1') })(event),
  ),
  fc.integer({ min: 1, max: 255 }).chain((mask) =>
    fc.nat().map(
      (at): Hostile =>
        (event) => {
          const bytes = Buffer.concat([bytesOf(event), Buffer.from(event.body === '' ? ' ' : '')]);
          bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask;
          return { ...event, body: bytes.toString('base64'), isBase64Encoded: true };
        },
    ),
  ),
  fc.string({ unit: 'binary', minLength: 1 }).map(
    (more): Hostile =>
      (event) => ({
        ...event,
        body: Buffer.concat([bytesOf(event), Buffer.from(more)]).toString('base64'),
        isBase64Encoded: true,
      }),
  ),
  bodies.map(
    ({ body }): Hostile =>
      (event) => ({ ...event, body: `${body}&other=1`, isBase64Encoded: false }),
  ),
);

/** What a body says, parsed here a second time, by the rules of Slack's documentation. */
const parsedHere = (bytes: Buffer, contentType: string): unknown => {
  if (contentType.startsWith('application/json')) return JSON.parse(bytes.toString('utf8'));
  const fields = Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
  return fields['payload'] === undefined ? fields : JSON.parse(fields['payload']);
};
const isSignedHere = (event: APIGatewayProxyEventV2): boolean =>
  signature(event) ===
  `v0=${createHmac('sha256', testSigningSecret).update(`v0:${event.headers['x-slack-request-timestamp']}:`).update(bytesOf(event)).digest('hex')}`;

describe('the Bolt app', () => {
  let processEvent: MockInstance<App['processEvent']>;
  beforeAll(() => {
    processEvent = vi.spyOn(App.prototype, 'processEvent');
  });
  afterAll(() => processEvent.mockRestore());

  it('gets nothing that was not verified, for 10,000 hostile requests, and of each signed one its own body, once', {
    timeout: 240_000,
  }, async () => {
    const { front } = frontWithForms();
    let handedOver = 0;
    await fc.assert(
      fc.asyncProperty(bodies, fc.boolean(), hostile, async ({ body, contentType }, base64, spoil) => {
        const genuine = signedNow(body, { contentType, base64 });
        const spoiled = spoil(genuine);
        processEvent.mockClear();
        const sentBefore = front.sent.length;
        const refused = await front.handle(spoiled);
        expect(
          isSignedHere(spoiled) && Math.abs(nowSeconds - Number(spoiled.headers['x-slack-request-timestamp'])) <= 300,
        ).toBe(false);
        expect(processEvent).not.toHaveBeenCalled();
        expect(front.sent).toHaveLength(sentBefore);
        expect(refused).toEqual({ statusCode: 401, body: '' });

        await front.handle(genuine);
        const given = processEvent.mock.calls.map(([event]) => event.body);
        expect(given.length).toBeLessThanOrEqual(1);
        for (const one of given) expect(one).toEqual(parsedHere(bytesOf(genuine), contentType));
        handedOver += given.length;
      }),
      { numRuns: 10_000 },
    );
    expect(handedOver).toBeGreaterThan(1000);
  });
});

describe('anything that is signed', () => {
  const { front, opened } = frontWithForms();

  it('is answered below 500, and with the argument at fault when it is turned away, for 5,000 bodies', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.boolean(), async ({ body, contentType }, base64) => {
        const result = await front.handle(signedNow(body, { contentType, base64 }));
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
        const openedBefore = opened.length;
        const result = await front.handle(signedNow(slashCommandBody(text), { base64 }));
        if (opened.length > openedBefore) return;
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
