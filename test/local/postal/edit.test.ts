import { describe, expect, test } from 'vitest';
import { type MailServer, noData, type PostalData } from '../../../lib/local/postal/data.ts';
import { panelAction } from '../../../lib/local/postal/panel-action.ts';

const servers: readonly MailServer[] = [
  { id: 1, name: 'acme/production', mode: 'Live', domain: 'acme.example', token: 'acmepr' },
  { id: 2, name: 'acme/staging', mode: 'Development', domain: 'staging.acme.example', token: 'acmest' },
];
const arrival = { token: 'abc', atMs: 1 };
const gitlab = {
  id: null,
  serverId: 1,
  name: 'GitLab',
  hostname: 'gitlab.mail.corp.internal',
  port: '25',
  sslMode: 'Auto',
};

const act = (data: PostalData, action: string, body: unknown) => panelAction(data, servers, action, body, arrival);
const having = (...steps: readonly (readonly [string, unknown])[]): PostalData =>
  steps.reduce<PostalData>((data, [action, body]) => {
    const edited = act(data, action, body);
    if (edited?.ok !== true) throw new Error(edited?.error ?? `${action} is nothing of Postal`);
    return edited.data;
  }, noData);

describe('the forms of the local Postal', () => {
  test.each([
    ['127.20.0.11', '2525', 2525],
    ['..', ' 70000', 70_000],
    ['-x-.example', '', null],
    ['localhost', '-1', -1],
  ])('save hostname %s and port %s, as Postal does', (hostname, port, saved) => {
    const { endpoints } = having(['postal-endpoint', { ...gitlab, hostname, port }]);
    expect(endpoints).toMatchObject([{ id: 1, hostname, port: saved, wasUsed: false }]);
  });

  test.each([
    [{ hostname: 'GitLab.mail' }, 'Hostname is invalid: Postal takes a-z, 0-9, dots and hyphens.'],
    [{ hostname: 'git_lab' }, 'Hostname is invalid: Postal takes a-z, 0-9, dots and hyphens.'],
    [{ hostname: 'fd00::2' }, 'Hostname is invalid: Postal takes a-z, 0-9, dots and hyphens.'],
    [{ hostname: '', name: ' ' }, "Name can't be blank. Hostname can't be blank."],
    [{ port: '2.5' }, 'Port must be a whole number, or blank for 25.'],
    [{ port: 'smtp' }, 'Port must be a whole number, or blank for 25.'],
    [{ serverId: 9 }, 'There is no such mail server.'],
    [{ id: 9 }, 'This SMTP endpoint no longer exists.'],
  ])('refuse %j', (wrong, error) => {
    expect(act(noData, 'postal-endpoint', { ...gitlab, ...wrong })).toEqual({ ok: false, error });
  });

  test('lead a route that is entered twice to the endpoint given last', () => {
    const { routes } = having(
      ['postal-endpoint', gitlab],
      ['postal-endpoint', { ...gitlab, name: 'Other' }],
      ['postal-route', { name: 'issues', endpointId: 1 }],
      ['postal-route', { name: 'issues', endpointId: 2 }],
    );
    expect(routes).toEqual([{ id: 3, serverId: 1, name: 'issues', mode: 'Endpoint', endpointId: 2 }]);
  });

  test('leave what waits with its endpoint when the route leads elsewhere', () => {
    const { queue } = having(
      ['postal-endpoint', gitlab],
      ['postal-endpoint', { ...gitlab, name: 'Other' }],
      ['postal-route', { name: '*', endpointId: 1 }],
      ['postal-message', { routeId: 3 }],
      ['postal-route', { name: '*', endpointId: 2 }],
    );
    expect(queue).toMatchObject([{ endpointId: 1, recipient: 'anyone@acme.example' }]);
  });

  test('have a route reject mail whose endpoint is deleted', () => {
    const { routes } = having(
      ['postal-endpoint', gitlab],
      ['postal-route', { name: 'issues', endpointId: 1 }],
      ['delete-postal-endpoint', { id: 1 }],
    );
    expect(routes).toMatchObject([{ mode: 'Reject', endpointId: null }]);
  });

  test('try what waits for an endpoint again at once, and nothing else', () => {
    const both = having(
      ['postal-endpoint', gitlab],
      ['postal-route', { name: 'issues', endpointId: 1 }],
      ['postal-message', { routeId: 2 }],
      ['postal-message', { routeId: 2 }],
    );
    const data = {
      ...both,
      queue: both.queue.map((each, index) => ({ ...each, endpointId: index + 1, retryAfterMs: 5 })),
    };
    const edited = act(data, 'postal-retry', { endpointId: 1 });
    expect(edited?.ok === true && edited.data.queue.map(({ retryAfterMs }) => retryAfterMs)).toEqual([null, 5]);
  });

  test('know only their own actions', () => {
    expect(act(noData, 'server', { name: 'starttls', isUp: false })).toBeUndefined();
  });
});
