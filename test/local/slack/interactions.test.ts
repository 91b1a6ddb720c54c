import { afterEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../support/manual-clock.ts';
import { type FrontReply, type FrontRequest, startFront } from './sample-front.ts';
import { callApi, onPage, sampleWorkspace, startSampleSlack } from './sample-workspace.ts';

const start = '2026-03-04T12:00:00.000Z';
const channel = 'C0ENDPOINT';
const maria = 'U0MARIA';
const command = '/postal-endpoint';
const closers: (() => Promise<void>)[] = [];

const open = async (answer: (request: FrontRequest) => FrontReply, ackMilliseconds?: number) => {
  const front = await startFront(answer);
  const slack = await startSampleSlack({
    clock: createManualClock(start),
    deliver: front.deliver,
    ...(ackMilliseconds === undefined ? {} : { ackMilliseconds }),
  });
  closers.push(slack.close, front.close);
  const say = (text: string, user = maria) => onPage(slack.url, 'say', { user, channel, text });
  const shown = () => slack.store.messages(channel).map(({ text, author, visibleTo }) => ({ text, author, visibleTo }));
  return { front, slack, say, shown };
};

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

test('people of another workspace act under their own team, in an installation of ours', async () => {
  const enterprise = { id: 'E0CORP', name: 'Corp' };
  const front = await startFront(() => ({}));
  const slack = await startSampleSlack({
    clock: createManualClock(start),
    deliver: front.deliver,
    team: { ...sampleWorkspace.team, enterprise },
    users: [...sampleWorkspace.users, { id: 'U0PARTNER', name: 'pat', realName: 'Pat', teamId: 'T0PARTNER' }],
  });
  closers.push(slack.close, front.close);
  const button = { type: 'button', action_id: 'run', text: { type: 'plain_text', text: 'Fail over' }, value: 'x' };
  const blocks = [{ type: 'actions', block_id: 'row', elements: [button] }];
  const posted = await callApi(slack.apiUrl, 'chat.postMessage', { channel, text: 'down', blocks });
  const source = { channel, ts: posted.body['ts'] };
  for (const user of [maria, 'U0PARTNER']) {
    await onPage(slack.url, 'say', { user, channel, text: `${command} status` });
    await onPage(slack.url, 'action', { user, source, blockId: 'row', actionId: 'run', value: null, values: {} });
    await onPage(slack.url, 'home', { user });
  }
  const bodies = front.requests.map(({ body }) => body);
  const installation = { team: { id: 'T0CORP', enterprise_id: 'E0CORP' }, enterprise };
  expect(bodies).toMatchObject([
    { team_id: 'T0CORP', enterprise_id: 'E0CORP' },
    { ...installation, user: { id: maria, team_id: 'T0CORP' } },
    { team_id: 'T0CORP', enterprise_id: 'E0CORP', context_team_id: 'T0CORP' },
    { team_id: 'T0PARTNER' },
    { ...installation, user: { id: 'U0PARTNER', team_id: 'T0PARTNER' } },
    { team_id: 'T0PARTNER', context_team_id: 'T0CORP', authorizations: [{ team_id: 'T0CORP' }] },
  ]);
  for (const body of bodies.slice(3)) expect(body).not.toHaveProperty('enterprise_id');
});

describe('a slash command', () => {
  test('arrives signed, as a form, with all that Slack sends', async () => {
    const { front, slack, say } = await open(() => ({}));
    await say(`${command}  add gitlab.mail.corp.internal --owner @li in "#mail-oncall" for @mail-admins mail@li`);
    const [request] = front.requests;
    expect(request).toMatchObject({
      path: '/commands',
      contentType: 'application/x-www-form-urlencoded',
      signatureIsRight: true,
      timestampSeconds: Date.parse(start) / 1000,
      body: {
        team_id: 'T0CORP',
        channel_id: channel,
        channel_name: 'postal-endpoint',
        user_id: maria,
        user_name: 'maria',
        command,
        text: 'add gitlab.mail.corp.internal --owner <@U0LI|li> in "<#C0ONCALL|mail-oncall>" for <!subteam^S0ADMINS|@mail-admins> mail@li',
        api_app_id: 'A0POSTAL',
      },
    });
    expect(request?.body['response_url']).toMatch(new RegExp(`^${slack.url}/response/`));
  });

  test.each([
    ['JSON', { json: { text: 'Adding.', response_type: 'ephemeral' } }, { text: 'Adding.', visibleTo: maria }],
    [
      'JSON for all',
      { json: { text: 'Added.', response_type: 'in_channel' } },
      { text: 'Added.', visibleTo: undefined },
    ],
    ['JSON that names no audience', { json: { text: 'Adding.' } }, { text: 'Adding.', visibleTo: maria }],
    ['text', { text: 'Adding.' }, { text: 'Adding.', visibleTo: maria }],
  ])('answered at once with %s shows it', async (_kind, reply, expected) => {
    const { say, shown } = await open(() => reply);
    await say(`${command} add x`);
    expect(shown()).toEqual([{ author: 'U0POSTAL', ...expected }]);
  });

  test('answered with nothing shows nothing', async () => {
    const { say, shown } = await open(() => ({}));
    await say(`${command} add x`);
    expect(shown()).toEqual([]);
  });

  test.each([
    ['fails', { status: 500 } as FrontReply, undefined, 'the app answered HTTP 500'],
    ['is not answered in time', { never: true } as FrontReply, 60, 'the app did not answer within 60 ms'],
  ])('that %s says dispatch_failed', async (_name, reply, ackMilliseconds, reason) => {
    const { say, shown } = await open(() => reply, ackMilliseconds);
    await say(`${command} status`);
    expect(shown()).toEqual([
      {
        author: 'USLACKBOT',
        visibleTo: maria,
        text: `\`${command}\` failed with the error "dispatch_failed": ${reason}.`,
      },
    ]);
  });

  test('answered with blocks that Slack does not take says so', async () => {
    const { say, shown } = await open(() => ({ json: { blocks: [{ type: 'marquee' }] } }));
    await say(`${command} status`);
    expect(shown()).toMatchObject([{ author: 'USLACKBOT', text: expect.stringContaining('invalid_blocks') }]);
  });

  test('of another name is not sent anywhere', async () => {
    const { front, say, shown } = await open(() => ({}));
    await say('/giphy cat');
    expect(front.requests).toEqual([]);
    expect(shown()).toMatchObject([
      { author: 'USLACKBOT', text: expect.stringContaining('`/giphy` is not a valid command') },
    ]);
  });

  test('a line without a slash is a message', async () => {
    const { front, say, shown } = await open(() => ({}));
    await say('hello');
    expect(front.requests).toEqual([]);
    expect(shown()).toEqual([{ author: maria, text: 'hello', visibleTo: undefined }]);
  });
});

describe('a form', () => {
  const plain = (text: string) => ({ type: 'plain_text', text });
  const option = (value: string) => ({ text: plain(value), value });
  const form = {
    type: 'modal',
    callback_id: 'add',
    private_metadata: 'nonce',
    notify_on_close: true,
    title: plain('Add'),
    submit: plain('Add'),
    blocks: [
      {
        type: 'input',
        block_id: 'host',
        label: plain('Hostname'),
        element: { type: 'plain_text_input', action_id: 'v', max_length: 20 },
      },
      {
        type: 'input',
        block_id: 'mode',
        label: plain('SSL mode'),
        element: { type: 'static_select', action_id: 'v', options: ['Auto', 'TLS'].map(option) },
      },
      {
        type: 'input',
        block_id: 'who',
        optional: true,
        label: plain('Owner'),
        element: { type: 'users_select', action_id: 'v' },
      },
    ],
  };
  const filled = { host: { v: 'gitlab.corp' }, mode: { v: 'TLS' }, who: { v: null } };

  const openForm = async (answer: (request: FrontRequest) => FrontReply) => {
    const world = await open(answer);
    await world.say(`${command} add`);
    const trigger = world.front.requests[0]?.body['trigger_id'];
    await callApi(world.slack.apiUrl, 'views.open', { trigger_id: trigger, view: form });
    const [view] = world.slack.store.views(maria);
    const submit = (values: object) => onPage(world.slack.url, 'submit', { user: maria, viewId: view?.id, values });
    return { ...world, view, submit };
  };

  test('arrives with its values in Slack’s form, and closes', async () => {
    const { front, slack, submit, view } = await openForm(() => ({}));
    expect(await submit(filled)).toEqual({ ok: true });
    expect(front.requests.at(-1)).toMatchObject({
      path: '/interactivity',
      signatureIsRight: true,
      body: {
        type: 'view_submission',
        user: { id: maria, team_id: 'T0CORP' },
        view: {
          id: view?.id,
          callback_id: 'add',
          private_metadata: 'nonce',
          state: {
            values: {
              host: { v: { type: 'plain_text_input', value: 'gitlab.corp' } },
              mode: { v: { type: 'static_select', selected_option: { value: 'TLS' } } },
              who: { v: { type: 'users_select', selected_user: null } },
            },
          },
        },
      },
    });
    expect(slack.store.views(maria)).toEqual([]);
  });

  test('is not sent while something required is missing or too long', async () => {
    const { front, submit } = await openForm(() => ({}));
    const sent = front.requests.length;
    expect(await submit({ host: { v: 'x'.repeat(21) } })).toEqual({
      ok: false,
      errors: { host: 'Please enter at most 20 characters.', mode: 'Please complete this required field.' },
    });
    expect(front.requests).toHaveLength(sent);
  });

  test('stays open with the errors that the app names', async () => {
    const errors = { host: 'outside of corp.internal' };
    const { slack, submit } = await openForm(({ body }) =>
      body['type'] === 'view_submission' ? { json: { response_action: 'errors', errors } } : {},
    );
    expect(await submit(filled)).toEqual({ ok: false, errors });
    expect(slack.store.views(maria)).toHaveLength(1);
  });

  test('stays open when the app cannot be reached', async () => {
    const { slack, submit } = await openForm(({ body }) => (body['type'] === 'view_submission' ? { status: 503 } : {}));
    expect(await submit(filled)).toMatchObject({ ok: false, error: expect.stringContaining('HTTP 503') });
    expect(slack.store.views(maria)).toHaveLength(1);
  });

  test.each(['update', 'push', 'clear', 'marquee'])('stays open when it is answered with %s', async (action) => {
    const { slack, submit } = await openForm(({ body }) =>
      body['type'] === 'view_submission' ? { json: { response_action: action, view: form } } : {},
    );
    expect(await submit(filled)).toMatchObject({ ok: false, error: expect.stringContaining('does not take') });
    expect(slack.store.views(maria)).toHaveLength(1);
  });

  test('takes only an option that it offers', async () => {
    const { front, submit } = await openForm(() => ({}));
    const sent = front.requests.length;
    expect(await submit({ ...filled, mode: { v: 'forged' } })).toMatchObject({ ok: false });
    expect(front.requests).toHaveLength(sent);
  });

  test('of another user cannot be submitted', async () => {
    const { slack, view } = await openForm(() => ({}));
    expect(await onPage(slack.url, 'submit', { user: 'U0LI', viewId: view?.id, values: filled })).toMatchObject({
      ok: false,
    });
  });

  test('tells the app when it is closed', async () => {
    const { front, slack, view } = await openForm(() => ({}));
    expect(await onPage(slack.url, 'close', { user: maria, viewId: view?.id })).toEqual({ ok: true });
    expect(front.requests.at(-1)?.body).toMatchObject({ type: 'view_closed', view: { callback_id: 'add' } });
    expect(slack.store.views(maria)).toEqual([]);
  });
});

describe('a button', () => {
  const blocks = [
    {
      type: 'actions',
      block_id: 'row',
      elements: [{ type: 'button', action_id: 'check', text: { type: 'plain_text', text: 'Check' }, value: '01JD' }],
    },
  ];
  const press = (url: string, ts: unknown, actionId: string, value: string | null, user = maria) =>
    onPage(url, 'action', { user, source: { channel, ts }, blockId: 'row', actionId, value, values: {} });

  test('arrives with the stored value, the message and a response_url', async () => {
    const { front, slack } = await open(() => ({}));
    const { body } = await callApi(slack.apiUrl, 'chat.postMessage', { channel, text: 'x', blocks });
    expect(await press(slack.url, body['ts'], 'check', 'forged')).toEqual({ ok: true });
    expect(front.requests.at(-1)?.body).toMatchObject({
      type: 'block_actions',
      container: { type: 'message', message_ts: body['ts'], channel_id: channel, is_ephemeral: false },
      message: { ts: body['ts'] },
      actions: [
        {
          type: 'button',
          action_id: 'check',
          block_id: 'row',
          value: '01JD',
          action_ts: expect.stringMatching(/^\d+\.\d{6}$/),
        },
      ],
    });
  });

  test('of a message that only another may see, or that is gone, does nothing', async () => {
    const { front, slack } = await open(() => ({}));
    const { body } = await callApi(slack.apiUrl, 'chat.postEphemeral', { channel, user: 'U0LI', text: 'x', blocks });
    expect(await press(slack.url, body['message_ts'], 'check', null)).toMatchObject({ ok: false });
    expect(await press(slack.url, '1.000001', 'check', null)).toMatchObject({ ok: false });
    expect(front.requests).toEqual([]);
    expect(await press(slack.url, body['message_ts'], 'check', null, 'U0LI')).toEqual({ ok: true });
    expect(front.requests.at(-1)?.body['message']).toBeUndefined();
  });
});

test('opening the home sends the event', async () => {
  const { front, slack } = await open(() => ({}));
  expect(await onPage(slack.url, 'home', { user: maria })).toEqual({ ok: true });
  expect(front.requests[0]).toMatchObject({
    path: '/events',
    contentType: 'application/json',
    signatureIsRight: true,
    body: {
      type: 'event_callback',
      event: { type: 'app_home_opened', user: maria, tab: 'home' },
      event_id: expect.stringMatching(/^Ev/),
    },
  });
});

test('a message that mentions the bot is an event with its thread; any other is not', async () => {
  const { front, slack } = await open(() => ({}));
  const { name, userId } = sampleWorkspace.bot;
  const say = (text: string, more: object = {}) => onPage(slack.url, 'say', { user: maria, channel, text, ...more });
  await say('the server is back');
  expect(front.requests).toEqual([]);
  await say(`@${name} check`, { threadTs: '1.000001' });
  const [request] = front.requests;
  expect(request?.body).toMatchObject({
    type: 'event_callback',
    event: { type: 'app_mention', user: maria, channel, thread_ts: '1.000001', text: `<@${userId}> check` },
  });
});
