import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRequest, type SlackRequest } from '../../lib/front/request.ts';
import { interactionSender } from '../support/signed-request.ts';

const ours = 'T0001';
const team = fc.constantFrom(
  undefined,
  null,
  { id: ours },
  { id: ours, enterprise_id: 'E0001' },
  { id: 'T0002' },
  { id: 'E0001' },
);
const theirs = fc.constantFrom(undefined, null, '', ours, 'T0002', 'E0001', 'E0002');
const enterprise = fc.constantFrom(undefined, null, { id: 'E0001', name: 'Example' });

const bodies = {
  button: {
    type: 'block_actions',
    channel: { id: 'C0SHARED' },
    actions: [{ type: 'button', action_id: 'run:x', value: '{"text":"status"}', action_ts: '1.1' }],
  },
  form: { type: 'view_submission', view: { callback_id: 'add', private_metadata: '{}', team_id: ours } },
  shortcut: { type: 'shortcut', callback_id: 'add-endpoint' },
} as const;

const askerOf = (body: unknown): Extract<SlackRequest, { asker: unknown }>['asker'] => {
  const read = readRequest(body);
  if (!read.ok || !('asker' in read.request)) throw new Error(JSON.stringify(read));
  return read.request.asker;
};

it.each(Object.keys(bodies) as (keyof typeof bodies)[])(
  'whoever sends a %s belongs to the workspace of the user, never to that of the installation',
  async (kind) => {
    await fc.assert(
      fc.property(team, theirs, enterprise, (installation, userTeam, organisation) => {
        const user = { id: 'U0001', name: 'maria', team_id: userTeam };
        const asker = askerOf({
          ...interactionSender,
          ...bodies[kind],
          user,
          team: installation,
          enterprise: organisation,
        });
        expect(asker.teamId).toBe(userTeam ?? '');
        const organisationOfOurs = installation?.enterprise_id ?? organisation?.id;
        const isAtHome = installation != null && installation.id === userTeam;
        expect(asker.enterpriseId).toBe(isAtHome ? organisationOfOurs : undefined);
      }),
    );
  },
);

it('whoever opens the Home in a shared channel, or with a view of another workspace, belongs nowhere that is known', () => {
  const opened = (over: object, event: object = {}) =>
    askerOf({
      type: 'event_callback',
      team_id: ours,
      event_id: 'Ev1',
      ...over,
      event: { type: 'app_home_opened', user: 'U0001', tab: 'home', ...event },
    });
  expect(opened({})).toMatchObject({ teamId: ours });
  expect(opened({ enterprise_id: 'E0001' }, { view: { team_id: ours } })).toMatchObject({
    teamId: ours,
    enterpriseId: 'E0001',
  });
  expect(opened({ enterprise_id: 'E0001' }, { view: { team_id: 'E0001' } })).toMatchObject({ teamId: ours });
  expect(opened({ team_id: 'T0002', authorizations: [{ team_id: ours }] })).toMatchObject({ teamId: 'T0002' });
  for (const elsewhere of [opened({ is_ext_shared_channel: true }), opened({}, { view: { team_id: 'T0002' } })])
    expect(elsewhere).toEqual({ teamId: '', userId: 'U0001', userName: '', channelId: 'U0001' });
});

it('whoever types a command belongs to the workspace that it names', () => {
  const command = { command: '/postal-endpoint', user_id: 'U0001', channel_id: 'C0001' };
  expect(askerOf({ ...command, team_id: 'T0002' })).toMatchObject({ teamId: 'T0002' });
  expect(askerOf({ ...command, team_id: ours, enterprise_id: 'E0001' })).toMatchObject({ enterpriseId: 'E0001' });
  expect(readRequest({ ...command, team_id: '' })).toMatchObject({ ok: false, argument: 'team_id' });
  expect(readRequest(command)).toMatchObject({ ok: false, argument: 'team_id' });
});
