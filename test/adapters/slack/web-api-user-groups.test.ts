import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWebApiUserGroups } from '../../../lib/adapters/slack/web-api-user-groups.ts';
import { listenOnLoopback } from '../../../lib/local/loopback-server.ts';
import { botToken, startSampleSlack } from '../../local/slack/sample-workspace.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const never = new AbortController().signal;
const admins = 'S0ADMINS';

let slack: Awaited<ReturnType<typeof startSampleSlack>>;
let logged: unknown[];

beforeEach(async () => {
  slack = await startSampleSlack({ clock: createManualClock() });
  logged = [];
});
afterEach(() => slack.close());

const groupsAt = (slackApiUrl: string, token = botToken) =>
  createWebApiUserGroups({
    botToken: async () => token,
    slackApiUrl,
    log: { warn: (_, fields) => void logged.push(fields) },
  });

test.each([(url: string) => url, (url: string) => url.replace(/\/$/, '')])(
  'reads the members of a group',
  async (written) => {
    expect(await groupsAt(written(slack.apiUrl)).members(admins, never)).toEqual(new Set(['U0MARIA', 'U0LI']));
    expect(logged).toEqual([]);
  },
);

test.each([
  [429, { kind: 'rate-limited', retryAfterSeconds: 1 }],
  [500, { kind: 'unreachable', message: 'Slack answered HTTP 500' }],
  [{ error: 'missing_scope' }, { kind: 'refused', code: 'missing_scope' }],
] as const)('fault %j: they cannot be read, and why is logged', async (fault, failure) => {
  slack.faults.add('usergroups.users.list', fault);
  expect(await groupsAt(slack.apiUrl).members(admins, never)).toBeUndefined();
  expect(logged).toEqual([{ groupId: admins, failure }]);
  expect(await groupsAt(slack.apiUrl).members(admins, never)).toEqual(new Set(['U0MARIA', 'U0LI']));
});

test.each(['lost-request', 'lost-answer', { redirect: 'http://169.254.169.254/' }] as const)(
  'fault %j, too',
  async (fault) => {
    slack.faults.add('usergroups.users.list', fault);
    expect(await groupsAt(slack.apiUrl).members(admins, never)).toBeUndefined();
    expect(logged).toMatchObject([{ groupId: admins, failure: { kind: 'unreachable' } }]);
  },
);

test('a group that there is not, or a token that Slack does not know, lets nobody in', async () => {
  expect(await groupsAt(slack.apiUrl).members('S0NONE', never)).toBeUndefined();
  expect(await groupsAt(slack.apiUrl, 'xoxb-other').members(admins, never)).toBeUndefined();
  expect(logged).toEqual([
    { groupId: 'S0NONE', failure: { kind: 'refused', code: 'no_such_subteam' } },
    { groupId: admins, failure: { kind: 'refused', code: 'invalid_auth' } },
  ]);
});

test.each(['', '[]', '{"ok":true}', '{"ok":true,"users":"U0MARIA"}', '{"ok":true,"users":[1]}', '<html>'])(
  'an answer %j is none',
  async (body) => {
    const server = createServer((_request, response) => void response.end(body));
    const port = await listenOnLoopback(server, 0);
    try {
      expect(await groupsAt(`http://127.0.0.1:${port}/api/`).members(admins, never)).toBeUndefined();
      expect(logged).toHaveLength(1);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
);

test('a deadline that is over is no answer about anyone', async () => {
  slack.faults.add('usergroups.users.list', 'no-answer');
  const deadline = new AbortController();
  const asked = groupsAt(slack.apiUrl).members(admins, deadline.signal);
  deadline.abort(new Error('over'));
  await expect(asked).rejects.toThrow('over');
  expect(logged).toEqual([]);
});

test('an outage of the secrets is not taken for a denial', async () => {
  const locked = createWebApiUserGroups({
    botToken: () => Promise.reject(new Error('no secrets')),
    slackApiUrl: slack.apiUrl,
    log: { warn: () => undefined },
  });
  await expect(locked.members(admins, never)).rejects.toThrow('no secrets');
});
