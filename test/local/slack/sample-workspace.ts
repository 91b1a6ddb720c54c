import { createLocalSlack, type LocalSlack, type LocalSlackOptions } from '../../../lib/local/slack/local-slack.ts';

export const signingSecret = 'a signing secret of the test';
export const botToken = 'xoxb-of-the-test';

export const sampleWorkspace = {
  team: { id: 'T0CORP', domain: 'corp', name: 'Corp Mail' },
  bot: { appId: 'A0POSTAL', botId: 'B0POSTAL', userId: 'U0POSTAL', name: 'Postal Endpoint' },
  users: [
    { id: 'U0MARIA', name: 'maria', realName: 'Maria', title: 'mail admin' },
    { id: 'U0LI', name: 'li', realName: 'Li', title: 'mail admin' },
    { id: 'U0ONCALL', name: 'oncall', realName: 'On call', title: 'reads and checks' },
    { id: 'U0GUEST', name: 'guest', realName: 'Guest', title: 'no rights' },
  ],
  channels: [
    {
      id: 'C0ENDPOINT',
      name: 'postal-endpoint',
      topic: 'Host names behind Postal’s SMTP endpoints',
      botIsMember: true,
    },
    { id: 'C0ONCALL', name: 'mail-oncall', topic: 'Incidents of incoming mail', botIsMember: true },
    { id: 'C0RANDOM', name: 'random', botIsMember: false },
    { id: 'C0OLD', name: 'old-mail', botIsMember: true, isArchived: true },
  ],
  userGroups: [{ id: 'S0ADMINS', handle: 'mail-admins', users: ['U0MARIA', 'U0LI'] }],
  command: '/postal-endpoint',
} as const;

const nowhere = {
  commandUrl: 'http://127.0.0.1:1/',
  interactivityUrl: 'http://127.0.0.1:1/',
  eventsUrl: 'http://127.0.0.1:1/',
};

/** A local Slack with the sample workspace, listening. */
export const startSampleSlack = async (
  options: Partial<LocalSlackOptions> & Pick<LocalSlackOptions, 'clock'>,
): Promise<LocalSlack & { readonly url: string; readonly apiUrl: string }> => {
  const slack = await createLocalSlack({
    ...sampleWorkspace,
    signingSecret,
    botToken,
    deliver: () => nowhere,
    ...options,
  });
  return { ...slack, ...(await slack.listen()) };
};

/** Calls a Web API method as an app would. */
export const callApi = async (
  apiUrl: string,
  method: string,
  args: Readonly<Record<string, unknown>>,
  token: string | undefined = botToken,
): Promise<{ readonly status: number; readonly retryAfter: string | null; readonly body: Record<string, unknown> }> => {
  const response = await fetch(`${apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(args),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: Object.assign({}, await response.json()),
  };
};

/** Does on the page what a user does there. */
export const onPage = async (
  url: string,
  name: string,
  request: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> => {
  const response = await fetch(`${url}/page/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return Object.assign({}, await response.json());
};
