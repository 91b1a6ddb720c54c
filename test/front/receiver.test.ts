import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { QueueUnavailable } from '../../lib/app/ports/command-queue.ts';
import { largestBodyBytes } from '../../lib/front/request-body.ts';
import { commandButton } from '../../lib/messages/block-kit/button.ts';
import { ephemeralText, frontUnderTest, testSecrets } from '../support/front-under-test.ts';
import { interactionBody, interactionSender, signedRequest, slashCommandBody } from '../support/signed-request.ts';
import { type SlackViewsApi, startSlackViewsApi } from '../support/slack-views-api.ts';

const json = 'application/json';
const line = 'add gitlab.corp.internal 10.0.4.12 --port 25';

let slack: SlackViewsApi;
beforeAll(async () => {
  slack = await startSlackViewsApi();
});
afterAll(async () => {
  expect(slack.others).toEqual([]);
  await slack.close();
});
const front = (options: Partial<Parameters<typeof frontUnderTest>[0]> = {}) =>
  frontUnderTest({ slackApiUrl: slack.url, ...options });
const refusing = { send: () => Promise.reject(new QueueUnavailable('down')) };

const click = (
  button: { action_id?: string; value?: string; url?: string },
  more: Record<string, unknown> = {},
): string =>
  interactionBody({
    type: 'block_actions',
    ...interactionSender,
    channel: { id: 'C0001', name: 'mail' },
    container: { type: 'message' },
    response_url: 'https://hooks.slack.com/actions/T0001/1/x',
    actions: [
      {
        type: 'button',
        block_id: 'b1',
        action_ts: '1531420618.000100',
        text: { type: 'plain_text', text: 'x' },
        ...button,
      },
    ],
    ...more,
  });

const submission = (
  values: Record<string, unknown>,
  metadata: unknown = { nonce: 'nonce-x', channelId: 'C0001' },
): string =>
  interactionBody({
    type: 'view_submission',
    ...interactionSender,
    view: {
      id: 'V1',
      type: 'modal',
      callback_id: 'add',
      private_metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
      state: {
        values: Object.fromEntries(
          Object.entries(values).map(([id, value]) => [id, { value: { type: 'plain_text_input', value } }]),
        ),
      },
    },
  });
const withoutBody = ({ body: _, ...event }: APIGatewayProxyEventV2): APIGatewayProxyEventV2 => event;
const filledIn = { hostname: 'gitlab.corp.internal', target: '10.0.4.12', port: '25' };

describe('slash commands', () => {
  it('says what was understood, and queues it with where to answer', async () => {
    const { handle, sent } = front();
    const text = ephemeralText(
      await handle(
        signedRequest(slashCommandBody('ADD —port=25 <http://gitlab.corp.internal|gitlab.corp.internal> 10.0.4.12')),
      ),
    );
    expect(text).toBe("Adding gitlab.corp.internal → 10.0.4.12, port 25, Auto. I'll post the result here.");
    expect(sent).toEqual([
      {
        kind: 'command',
        requestId: expect.stringMatching(/^[0-9a-f]{64}$/),
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        actor: { teamId: 'T0001', userId: 'U0001', userName: 'maria', channelId: 'C0001' },
        replyTo: { channelId: 'C0001', userId: 'U0001', responseUrl: 'https://hooks.slack.com/commands/T0001/1/x' },
        text: line,
        command: {
          verb: 'add',
          definition: { hostname: 'gitlab.corp.internal', targets: ['10.0.4.12'], port: '25' },
          dryRun: false,
        },
        replaceOriginal: false,
        toAdmit: true,
      },
    ]);
  });

  it.each([
    ['base64', { base64: true }],
    ['plain', { base64: false }],
    ['with a content-type with parameters', { contentType: 'application/x-www-form-urlencoded; charset=utf-8' }],
    ['with a content-type in capitals', { contentType: 'Application/X-WWW-Form-Urlencoded' }],
  ])('takes bodies %s, in any language', async (_, options) => {
    const { handle, sent } = front();
    const result = await handle(
      signedRequest(slashCommandBody(`${line} --note “für die Übergabe 中 😀”`, { user_name: 'Мария' }), options),
    );
    expect(ephemeralText(result)).toContain('für die Übergabe 中 😀');
    expect(sent[0]?.actor.userName).toBe('Мария');
  });

  it('takes header names in any case', async () => {
    const event = signedRequest(slashCommandBody('whoami'));
    const headers = Object.fromEntries(
      Object.entries(event.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const { handle, sent } = front();
    expect((await handle({ ...event, headers })).statusCode).toBe(200);
    expect(sent).toHaveLength(1);
  });

  it('says of a dry run that it is one', async () => {
    const { handle, sent } = front();
    expect(ephemeralText(await handle(signedRequest(slashCommandBody(`${line} --dry-run`))))).toContain(
      'nothing will be changed',
    );
    expect(sent[0]?.command).toMatchObject({ dryRun: true });
  });

  it('escapes what people wrote', async () => {
    const { handle } = front();
    const text = ephemeralText(
      await handle(signedRequest(slashCommandBody(`${line} --note "<!channel> &lt;b&gt; &amp;"`))),
    );
    expect(text).toContain('&lt;!channel&gt; &lt;b&gt; &amp;');
    expect(text).not.toContain('<!channel>');
  });

  it('accepts an exact replay, with the same request id and the same answer', async () => {
    const { handle, sent } = front();
    const event = signedRequest(slashCommandBody(line));
    const [first, second] = [await handle(event), await handle(event)];
    expect(second).toEqual(first);
    expect(sent.map((message) => message.requestId)).toEqual([sent[0]?.requestId, sent[0]?.requestId]);
    await handle(signedRequest(slashCommandBody(`${line} `)));
    expect(sent[2]?.requestId).not.toBe(sent[0]?.requestId);
  });

  it('answers help at once, without the queue', async () => {
    const { handle, sent } = front({ queue: refusing });
    expect(ephemeralText(await handle(signedRequest(slashCommandBody(''))))).toContain('add');
    expect(ephemeralText(await handle(signedRequest(slashCommandBody('help check'))))).toContain('check');
    expect(sent).toEqual([]);
  });

  it('names every argument at fault, and puts the line right', async () => {
    const { handle, sent } = front();
    const result = await handle(signedRequest(slashCommandBody('ad gitlab.corp.internal 10.0.4.12 --prot 25')));
    const text = ephemeralText(result);
    for (const part of ['*verb*', '*prot*', 'Nothing was done', `/postal-endpoint ${line}`])
      expect(text).toContain(part);
    expect(result.body).toContain(JSON.stringify(JSON.stringify({ text: line })));
    expect(sent).toEqual([]);
  });

  it.each([
    ['a wall of problems', Array.from({ length: 300 }, (_, index) => `--bad${index}`).join(' ')],
    ['a wall of targets', `${line} ${'10.0.4.12 '.repeat(300)}`],
    ['a wall of text', `${line} --note "${'&lt;'.repeat(900)}"`],
    ['a wall of a word', `show ${'x'.repeat(3900)}`],
    ['too much', 'x'.repeat(5000)],
    ['a wall of corrections', `${line} --prot 25 ${'10.0.4.12 '.repeat(300)}`],
  ])('stays within what Slack shows for %s', async (_, text) => {
    expect(ephemeralText(await front().handle(signedRequest(slashCommandBody(text)))).length).toBeGreaterThan(10);
  });

  it('says that nothing was done when the queue is down', async () => {
    const { handle, log } = front({ queue: refusing });
    const text = ephemeralText(await handle(signedRequest(slashCommandBody(line))));
    expect(text).toContain('Nothing was done');
    expect(text).toContain('try again');
    expect(text).not.toContain('Should it have arrived');
    expect(log.lines.map((entry) => entry.level)).toContain('error');
  });

  it('opens the form for a bare add, and answers nothing else', async () => {
    const { handle, sent } = front();
    const before = slack.opened.length;
    expect(await handle(signedRequest(slashCommandBody('add')))).toEqual({ statusCode: 200, body: '' });
    const opened = slack.opened.slice(before);
    expect(opened).toEqual([{ triggerId: '1.2.trigger', view: expect.objectContaining({ callback_id: 'add' }) }]);
    expect(JSON.parse(opened[0]?.view.private_metadata ?? '')).toEqual({ nonce: 'nonce-1', channelId: 'C0001' });
    expect(sent).toEqual([]);
  });

  it.each([
    ['expired_trigger_id', 'three seconds'],
    ['fatal_error', 'Slack did not answer'],
    ['silence', 'Slack did not answer'],
  ])('gives the line to write instead when the form does not open: %s', async (trouble, expected) => {
    slack.trouble.push(trouble);
    const text = ephemeralText(await front().handle(signedRequest(slashCommandBody('add'))));
    expect(text).toContain(expected);
    expect(text).toContain('/postal-endpoint add gitlab.mail.corp.internal 10.0.4.12');
  });
});

describe('buttons', () => {
  it('are command lines', async () => {
    const { handle, sent, messenger } = front();
    expect(await handle(signedRequest(click(commandButton('History', 'history gitlab.corp.internal'))))).toEqual({
      statusCode: 200,
      body: '',
    });
    expect(sent).toMatchObject([
      {
        text: 'history gitlab.corp.internal',
        replaceOriginal: false,
        replyTo: { channelId: 'C0001', userId: 'U0001', responseUrl: 'https://hooks.slack.com/actions/T0001/1/x' },
        actor: { teamId: 'T0001', userId: 'U0001', userName: 'maria', channelId: 'C0001' },
      },
    ]);
    expect(messenger.replies).toEqual([]);
  });

  it('say at once what takes a while', async () => {
    const { handle, messenger } = front();
    await handle(signedRequest(click(commandButton('Check again', 'check gitlab.corp.internal'))));
    expect(messenger.replies).toMatchObject([
      {
        to: { channelId: 'C0001' },
        message: { text: expect.stringContaining('Checking gitlab.corp.internal') },
        replaceOriginal: false,
      },
    ]);
  });

  it('replace their message where they are told to', async () => {
    const { handle, sent } = front();
    await handle(signedRequest(click(commandButton('Older', 'list --page 2', { replace: true }))));
    expect(sent).toMatchObject([{ command: { verb: 'list', page: 2 }, replaceOriginal: true }]);
  });

  it('have an id of the click: the same however often Slack delivers it, another for the next', async () => {
    const { handle, sent } = front();
    const button = commandButton('History', 'history');
    const now = Math.floor(Date.now() / 1000);
    await handle(signedRequest(click(button), { timestamp: now }));
    await handle(signedRequest(click(button), { timestamp: now - 1 }));
    await handle(
      signedRequest(click(button, { actions: [{ block_id: 'b1', action_ts: '1531420619.000100', ...button }] })),
    );
    await handle(signedRequest(click(button, { user: { ...interactionSender.user, id: 'U0002' } })));
    const ids = sent.map((message) => message.requestId);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it('that lead to an address are acknowledged only', async () => {
    const { handle, sent, messenger } = front();
    expect(
      await handle(signedRequest(click({ action_id: 'link:open-postal', url: 'https://postal.example.com' }))),
    ).toEqual({ statusCode: 200, body: '' });
    expect([...sent, ...messenger.replies]).toEqual([]);
  });

  it('open the form, also from App Home, where there is no channel', async () => {
    const { handle } = front();
    const before = slack.opened.length;
    const fromHome = { channel: undefined, response_url: undefined, container: { type: 'view' } };
    await handle(signedRequest(click({ action_id: 'open-form:add' })));
    await handle(signedRequest(click({ action_id: 'open-form:add' }, fromHome)));
    const channels = slack.opened.slice(before).map(({ view }) => JSON.parse(view.private_metadata).channelId);
    expect(channels).toEqual(['C0001', null]);
  });

  it.each([
    ['an unknown action', { action_id: 'frobnicate', value: '{}' }, 'no longer know that button'],
    ['a value that is no JSON', { action_id: 'run:x', value: 'status' }, 'no longer know that button'],
    ['a value of another shape', { action_id: 'run:x', value: '{"line":"status"}' }, 'no longer know that button'],
    ['no value', { action_id: 'run' }, 'no longer know that button'],
    ['a line that is no command', { action_id: 'run:x', value: '{"text":"frobnicate"}' }, '*verb*'],
    ['help', { action_id: 'run:help', value: '{"text":"help add"}' }, 'add: '],
    ['a line that was too long', commandButton('Try again', `add ${'x'.repeat(3000)}`), 'too long for a button'],
  ])('with %s are answered in words', async (_, button, expected) => {
    const { handle, sent, messenger } = front();
    expect(await handle(signedRequest(click(button)))).toEqual({ statusCode: 200, body: '' });
    expect(messenger.replies).toMatchObject([
      { message: { text: expect.stringContaining(expected) }, inChannel: false, replaceOriginal: false },
    ]);
    expect(sent).toEqual([]);
  });

  it('tell the person when the queue is down, or the form does not open', async () => {
    const { handle, messenger } = front({ queue: refusing });
    await handle(signedRequest(click(commandButton('History', 'history'))));
    slack.trouble.push('expired_trigger_id');
    await handle(signedRequest(click({ action_id: 'open-form:add' })));
    expect(messenger.replies.map((reply) => reply.message.text)).toEqual([
      expect.stringContaining('Nothing was done'),
      expect.stringContaining('three seconds'),
    ]);
  });

  it('are acknowledged when even telling fails', async () => {
    const { handle, messenger, log } = front({ queue: refusing });
    messenger.replyTrouble.push({ kind: 'unreachable', message: 'down' });
    expect((await handle(signedRequest(click(commandButton('History', 'history'))))).statusCode).toBe(200);
    expect(log.lines.map((entry) => entry.message)).toContain('An answer did not reach the person');
  });

  it('are not what a select in a form is', async () => {
    const { handle, messenger } = front();
    await handle(
      signedRequest(
        click({ action_id: 'value' }, { actions: [{ type: 'static_select', action_id: 'value', action_ts: '1.1' }] }),
      ),
    );
    expect(messenger.replies).toEqual([]);
  });
});

describe('forms', () => {
  it('close when they are queued, under their own id, for the channel that they were opened in', async () => {
    const { handle, sent } = front();
    expect(await handle(signedRequest(submission(filledIn)))).toEqual({ statusCode: 200, body: '' });
    expect(sent).toMatchObject([
      {
        requestId: expect.stringMatching(/^[0-9a-f]{64}$/),
        text: line,
        command: {
          verb: 'add',
          definition: { hostname: 'gitlab.corp.internal', targets: ['10.0.4.12'], port: '25' },
          dryRun: false,
        },
        replyTo: { channelId: 'C0001', userId: 'U0001' },
        actor: { channelId: 'C0001' },
      },
    ]);
  });

  it('have an id of their content: the same for each press of the same, another once any field is changed', async () => {
    const { handle, sent } = front();
    const full = {
      ...filledIn,
      'ssl-mode': 'Auto',
      standby: '10.0.5.1',
      ttl: '60',
      name: 'GitLab',
      owner: 'U0001',
      note: 'x',
    };
    const press = async (values: Record<string, unknown>, nonce = 'nonce-x'): Promise<string | undefined> => {
      await handle(signedRequest(submission(values, { nonce, channelId: 'C0001' })));
      return sent.at(-1)?.requestId;
    };
    const first = await press(full);
    expect(await press(full)).toBe(first);
    expect(await press({ ...full, target: ' 10.0.4.12\n' })).toBe(first);
    const others = [await press(full, 'nonce-y')];
    for (const field of Object.keys(full)) {
      others.push(await press({ ...full, [field]: field === 'hostname' ? 'other.corp.internal' : '10.0.4.99' }));
      if (!['hostname', 'target'].includes(field)) others.push(await press({ ...full, [field]: null }));
    }
    expect(new Set([first, ...others]).size).toBe(others.length + 1);
  });

  it('answer to the person where there was no channel', async () => {
    const { handle, sent } = front();
    await handle(signedRequest(submission(filledIn, { nonce: 'n', channelId: null })));
    expect(sent).toMatchObject([{ replyTo: { channelId: 'U0001', userId: 'U0001' } }]);
  });

  it('show every blocking finding under its field', async () => {
    const rules = async () => () => [
      {
        id: 'port-range',
        severity: 'block',
        argument: 'port',
        wrong: '70000 is above 65535.',
        right: 'Give 25.',
      } as const,
      {
        id: 'hostname-is-ip',
        severity: 'block',
        argument: 'hostname',
        wrong: 'It is an address.',
        right: 'Give a name.',
      } as const,
      { id: 'ssl-mode-none', severity: 'warn', argument: 'ssl-mode', wrong: 'Plaintext.', right: 'Auto.' } as const,
    ];
    const { handle, sent } = front({ rules });
    const result = await handle(signedRequest(submission(filledIn)));
    expect(JSON.parse(result.body ?? '')).toEqual({
      response_action: 'errors',
      errors: { port: '70000 is above 65535. Give 25.', hostname: 'It is an address. Give a name.' },
    });
    expect(sent).toEqual([]);
  });

  it('leave it to the worker when the rules do not load', async () => {
    const { handle, sent, log } = front({ rules: () => Promise.reject(new Error('no policy')) });
    expect(await handle(signedRequest(submission(filledIn)))).toEqual({ statusCode: 200, body: '' });
    expect(sent).toHaveLength(1);
    expect(log.lines.map((entry) => entry.message)).toContain('The rules did not load');
  });

  it('stay open, filled in, when the queue is down', async () => {
    const result = await front({ queue: refusing }).handle(signedRequest(submission(filledIn)));
    expect(JSON.parse(result.body ?? '')).toMatchObject({
      response_action: 'errors',
      errors: { hostname: expect.stringContaining('Nothing was done') },
    });
  });

  it.each(['', '{}', 'x', { nonce: 7 }])('say so when they are of another version: %j', async (metadata) => {
    const result = await front().handle(signedRequest(submission(filledIn, metadata)));
    expect(JSON.parse(result.body ?? '')).toMatchObject({
      response_action: 'errors',
      errors: { hostname: expect.stringContaining('older version') },
    });
  });

  it('may be closed', async () => {
    const body = interactionBody({
      type: 'view_closed',
      ...interactionSender,
      view: { callback_id: 'add', private_metadata: '' },
      is_cleared: false,
    });
    expect(await front().handle(signedRequest(body))).toEqual({ statusCode: 200, body: '' });
  });
});

it('whoever pressed, typed or submitted something is notified when something of ours breaks', async () => {
  const openView = () => Promise.reject(new Error('no such module'));
  const { handle, messenger, log } = front({ openView });
  await handle(signedRequest(click({ action_id: 'open-form:add' })));
  await handle(signedRequest(interactionBody({ type: 'shortcut', ...interactionSender, callback_id: 'add-endpoint' })));
  const typed = ephemeralText(await handle(signedRequest(slashCommandBody('add'))));
  const said = [typed, ...messenger.replies.map(({ message }) => message.text)];
  expect(said).toHaveLength(3);
  for (const text of said) expect(text).toContain('something broke on my side');
  const broken = new Proxy([], {
    get: () => {
      throw new Error('broken rules');
    },
  });
  const submitted = await front({ rules: async () => () => broken }).handle(signedRequest(submission(filledIn)));
  expect(JSON.parse(submitted.body ?? '')).toMatchObject({
    response_action: 'errors',
    errors: { hostname: expect.stringContaining('something broke on my side') },
  });
  expect(JSON.stringify(log.lines.map(({ message }) => message))).toContain('not answered');
});

describe('what else Slack sends', () => {
  it('hears in words that this is not its command', async () => {
    const { handle, sent } = front();
    const text = ephemeralText(await handle(signedRequest(slashCommandBody('status', { command: '/other' }))));
    expect(text).toContain('Nothing was done');
    expect(sent).toEqual([]);
  });

  it('gets its challenge back', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: '3eZbrw1aB1 ü', token: 'x' });
    for (const base64 of [true, false]) {
      const result = await front().handle(signedRequest(body, { contentType: json, base64 }));
      expect(JSON.parse(result.body ?? '')).toEqual({ challenge: '3eZbrw1aB1 ü' });
    }
    expect((await front().handle(signedRequest(body, { contentType: json, secret: 'wrong' }))).statusCode).toBe(401);
  });

  it('may look at the certificate, unsigned', async () => {
    const event = signedRequest('ssl_check=1&token=x', { secret: 'none' });
    expect(await front().handle(event)).toEqual({ statusCode: 200, body: '' });
  });

  const homeOpened = (event: Record<string, unknown> = {}) =>
    JSON.stringify({
      type: 'event_callback',
      team_id: 'T0001',
      api_app_id: 'A0001',
      event_id: 'Ev1',
      event_time: 1,
      event: { type: 'app_home_opened', user: 'U0001', channel: 'D0001', tab: 'home', event_ts: '1.1', ...event },
      authorizations: [
        { enterprise_id: null, team_id: 'T0001', user_id: 'U0BOT', is_bot: true, is_enterprise_install: false },
      ],
    });

  it('has App Home brought up to date when it is opened, once however often the event comes', async () => {
    const { handle, sent } = front();
    const now = Math.floor(Date.now() / 1000);
    for (const timestamp of [now, now - 1]) {
      const headers = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };
      expect((await handle(signedRequest(homeOpened(), { contentType: json, timestamp, headers }))).statusCode).toBe(
        200,
      );
    }
    expect(sent).toMatchObject([{ command: { verb: 'home' }, replyTo: { channelId: 'U0001', userId: 'U0001' } }, {}]);
    expect(sent[1]?.requestId).toBe(sent[0]?.requestId);
  });

  const mentioned = (event: Record<string, unknown> = {}, body: Record<string, unknown> = {}) =>
    JSON.stringify({
      token: 't',
      type: 'event_callback',
      team_id: 'T0001',
      api_app_id: 'A0001',
      event_id: 'Ev2',
      event_time: 1,
      event: {
        type: 'app_mention',
        user: 'U0001',
        team: 'T0001',
        text: '<@U0BOT> check &lt;b&gt;',
        ts: '2.000001',
        thread_ts: '1.000001',
        channel: 'C0001',
        event_ts: '2.000001',
        ...event,
      },
      authorizations: [
        { enterprise_id: null, team_id: 'T0001', user_id: 'U0BOT', is_bot: true, is_enterprise_install: false },
      ],
      ...body,
    });

  it('hands on what was said to the bot, with its thread, once however often the event comes', async () => {
    const { handle, mentions } = front();
    const now = Math.floor(Date.now() / 1000);
    for (const timestamp of [now, now - 1])
      expect((await handle(signedRequest(mentioned(), { contentType: json, timestamp }))).statusCode).toBe(200);
    expect(mentions[0]).toMatchObject({
      text: 'check &lt;b&gt;',
      channelId: 'C0001',
      threadTs: '1.000001',
      actor: { teamId: 'T0001', userId: 'U0001' },
    });
    expect(mentions[1]).toMatchObject({ requestId: mentions[0]?.requestId });
  });

  it.each([
    ['a bot', { bot_id: 'B0001' }, {}],
    ['nobody', { user: undefined }, {}],
    ['an edit', { edited: { user: 'U0001', ts: '3.0' } }, {}],
    ['a message of a kind', { subtype: 'channel_topic' }, {}],
    ['another workspace', { team: 'T0002' }, {}],
    ['an unknown workspace in a shared channel', { team: undefined }, { is_ext_shared_channel: true }],
  ])('does not listen to %s', async (_who, event, body) => {
    const { handle, mentions } = front();
    expect((await handle(signedRequest(mentioned(event, body), { contentType: json }))).statusCode).toBe(200);
    expect(mentions).toEqual([]);
  });

  it('need not hear of the messages tab', async () => {
    const { handle, sent } = front();
    expect((await handle(signedRequest(homeOpened({ tab: 'messages' }), { contentType: json }))).statusCode).toBe(200);
    expect(sent).toEqual([]);
  });

  it('opens the form by its shortcut', async () => {
    const before = slack.opened.length;
    const body = interactionBody({ type: 'shortcut', ...interactionSender, callback_id: 'add', action_ts: '1.1' });
    expect(await front().handle(signedRequest(body))).toEqual({ statusCode: 200, body: '' });
    expect(slack.opened.slice(before)).toMatchObject([{ triggerId: '1.2.trigger' }]);
  });

  test.each([
    [
      'a form of another app’s making',
      interactionBody({ type: 'view_submission', ...interactionSender, view: { callback_id: 'other' } }),
      undefined,
    ],
    [
      'an event of another type',
      JSON.stringify({ type: 'event_callback', team_id: 'T', event_id: 'E', event: { type: 'message', text: 'x' } }),
      json,
    ],
    ['an event of no type', JSON.stringify({ type: 'event_callback', event: null }), json],
    [
      'an interaction of another type',
      interactionBody({ type: 'block_suggestion', ...interactionSender, name: 'x' }),
      undefined,
    ],
    [
      'a message shortcut',
      interactionBody({ type: 'message_action', ...interactionSender, callback_id: 'x' }),
      undefined,
    ],
    ['a form that is no command', 'a=b', undefined],
    ['a type that nobody knows', JSON.stringify({ type: 'constructor' }), json],
  ])('acknowledges %s', async (_, body, contentType) => {
    const { handle, sent } = front();
    expect(await handle(signedRequest(body, contentType ? { contentType } : {}))).toEqual({
      statusCode: 200,
      body: '',
    });
    expect(sent).toEqual([]);
  });
});

describe('what is not Slack’s', () => {
  const now = () => Math.floor(Date.now() / 1000);
  test.each([
    ['a wrong secret', () => signedRequest(slashCommandBody(line), { secret: 'wrong' }), 401, ''],
    ['an old timestamp', () => signedRequest(slashCommandBody(line), { timestamp: now() - 302 }), 401, ''],
    ['a future timestamp', () => signedRequest(slashCommandBody(line), { timestamp: now() + 330 }), 401, ''],
    ['version 1', () => signedRequest(slashCommandBody(line), { signature: `v1=${'0'.repeat(64)}` }), 401, ''],
    ['no headers', () => ({ ...signedRequest(slashCommandBody(line)), headers: {} }), 401, ''],
    ['no body', () => withoutBody(signedRequest('')), 200, ''],
    [
      'an altered body',
      () => ({ ...signedRequest(slashCommandBody(line)), body: slashCommandBody(`${line}6`) }),
      401,
      '',
    ],
    [
      'malformed base64',
      () => ({ ...signedRequest(slashCommandBody(line)), body: '%%%', isBase64Encoded: true }),
      401,
      '',
    ],
    ['GET', () => signedRequest('', { method: 'GET' }), 405, 'method: GET'],
    ['too large a body', () => signedRequest('x'.repeat(largestBodyBytes + 1)), 413, 'body: larger'],
    [
      'too large a body, encoded',
      () => signedRequest('x'.repeat(largestBodyBytes + 1), { base64: true }),
      413,
      'body: larger',
    ],
    [
      'bytes that are no text',
      () => signedRequest(Buffer.from([0xff, 0xfe]), { base64: true }),
      400,
      'body: It is not UTF-8',
    ],
    ['a JSON body that is none', () => signedRequest('{', { contentType: json }), 400, 'body: It is not JSON'],
    ['a payload that is no JSON', () => signedRequest('payload=%7B'), 400, 'payload: It is not JSON'],
    ['JSON that is no object', () => signedRequest('[1]', { contentType: json }), 400, 'body: It is not a JSON object'],
    ['JSON that is null', () => signedRequest('null', { contentType: json }), 400, 'body: It is not a JSON object'],
    ['another content-type', () => signedRequest('x', { contentType: 'text/plain' }), 415, 'content-type: text/plain'],
    ['a command without its user', () => signedRequest(slashCommandBody(line, { user_id: '' })), 400, 'user_id: '],
    ['a click without its action', () => signedRequest(click({}, { actions: [] })), 400, 'actions.0: '],
    [
      'a challenge without its text',
      () => signedRequest('{"type":"url_verification"}', { contentType: json }),
      400,
      'challenge: ',
    ],
  ])('%s is turned away with its reason', async (_, event, status, body) => {
    const { handle, sent } = front();
    const result = await handle(event());
    expect(result.statusCode).toBe(status);
    if (body === '') expect(result.body).toBe('');
    expect(result.body).toContain(body);
    expect(sent).toEqual([]);
  });

  it('leaves the reason of a 401 in the log, and nothing of it in the answer', async () => {
    const { handle, log, metrics } = front();
    const result = await handle(signedRequest(slashCommandBody(line), { secret: 'wrong' }));
    expect(result).toEqual({ statusCode: 401, body: '' });
    expect(log.lines).toContainEqual(expect.objectContaining({ fields: { reason: 'signature-mismatch' } }));
    expect(metrics.recorded).toEqual([]);
  });

  it('does not count as acknowledged: only requests that were verified are timed', async () => {
    const { handle, metrics } = front();
    await handle(signedRequest('ssl_check=1&token=x', { secret: 'none' }));
    await handle(signedRequest('', { method: 'GET' }));
    await handle(signedRequest('x', { contentType: 'text/plain' }));
    expect(metrics.recorded).toEqual([]);
    await handle(signedRequest(slashCommandBody('status')));
    await handle(signedRequest(click(commandButton('Status', 'status'))));
    expect(metrics.recorded).toEqual([{ AckTime: expect.any(Number) }, { AckTime: expect.any(Number) }]);
  });

  it('says which method it serves', async () => {
    expect((await front().handle(signedRequest('', { method: 'PUT' }))).headers).toMatchObject({ allow: 'POST' });
  });
});

describe('secrets', () => {
  it('are read afresh, once, when a signature does not fit, so that a rotated one is taken', async () => {
    const rotated = { ...testSecrets, signingSecret: 'rotated' };
    const calls: string[] = [];
    let current = testSecrets;
    const secrets = {
      read: async () => {
        calls.push('read');
        return current;
      },
      refresh: async () => {
        calls.push('refresh');
        current = rotated;
        return current;
      },
    };
    const { handle, sent } = front({ secrets });
    expect((await handle(signedRequest(slashCommandBody('whoami')))).statusCode).toBe(200);
    expect(calls).toEqual(['read']);
    expect(ephemeralText(await handle(signedRequest(slashCommandBody('status'), { secret: 'rotated' })))).toContain(
      'Reading the state',
    );
    expect(calls).toEqual(['read', 'read', 'refresh']);
    expect((await handle(signedRequest(slashCommandBody('status')))).statusCode).toBe(401);
    expect(sent).toHaveLength(2);
  });

  it('are not read afresh for what no secret could mend', async () => {
    const secrets = { read: async () => testSecrets, refresh: () => Promise.reject(new Error('refreshed')) };
    const { handle } = front({ secrets });
    expect((await handle(signedRequest(slashCommandBody(line), { timestamp: 1 }))).statusCode).toBe(401);
    expect((await handle(signedRequest(slashCommandBody(line), { signature: 'v0=x' }))).statusCode).toBe(401);
  });

  it('that cannot be read are told to people in words; events are to come again', async () => {
    const secrets = { read: () => Promise.reject(new Error('down')), refresh: () => Promise.reject(new Error('down')) };
    const { handle } = front({ secrets });
    expect(ephemeralText(await handle(signedRequest(slashCommandBody(line))))).toContain('Nothing was done');
    expect((await handle(signedRequest('{}', { contentType: json }))).statusCode).toBe(503);
  });

  it('and texts of people appear in no log line', async () => {
    const { handle, log } = front({ queue: refusing });
    await handle(signedRequest(slashCommandBody(`${line} --note hunter2`)));
    await handle(signedRequest(slashCommandBody('whoami'), { secret: 'wrong' }));
    const lines = JSON.stringify(log.lines);
    for (const secret of [testSecrets.signingSecret, testSecrets.botToken, 'hunter2'])
      expect(lines).not.toContain(secret);
  });
});
