import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { runMessage } from '../../lib/app/worker/run.ts';
import { commandButton } from '../../lib/messages/block-kit/button.ts';
import { approversChannel, commandChannel, teamId } from '../support/cloud/cloud.ts';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';
import { workToRest } from '../support/cloud/office.ts';
import { frontUnderTest } from '../support/front-under-test.ts';
import { interactionBody, signedRequest, slashCommandBody } from '../support/signed-request.ts';

const host = 'gitlab.corp.internal';
const { signal } = new AbortController();

/** Whom Slack names, under the user id of somebody who may do everything. */
type Named = { readonly userTeam: string | null | undefined; readonly team: string | null };

const open = async () => {
  const cloud = createMemoryCloud();
  await cloud.clock.advance(Date.now() - cloud.clock.now());
  const front = frontUnderTest({ slackApiUrl: 'http://127.0.0.1:1/', queue: cloud.ports.queue, now: cloud.clock.now });
  const send = async (body: string, contentType?: string): Promise<void> => {
    const timestamp = Math.floor(cloud.clock.now() / 1000);
    const event: APIGatewayProxyEventV2 = signedRequest(body, { timestamp, ...(contentType ? { contentType } : {}) });
    expect((await front.handle(event)).statusCode).toBe(200);
    await workToRest(cloud, async ({ message, deliveries, done, retryIn }) => {
      const outcome = await runMessage(cloud.ports, message, deliveries, {
        atMs: cloud.clock.now() + 88_000,
        signal,
      });
      await (outcome.kind === 'done' ? done() : retryIn(outcome.afterSeconds));
    });
  };
  const sender = ({ userTeam, team }: Named) => ({
    user: { id: 'U0LI', username: 'li', ...(userTeam === undefined ? {} : { team_id: userTeam }) },
    team: team === null ? null : { id: team },
    trigger_id: '1.2.trigger',
  });
  let clicks = 0;
  return {
    cloud,
    type: (text: string, team: string) =>
      send(slashCommandBody(text, { team_id: team, user_id: 'U0LI', user_name: 'li', channel_id: commandChannel })),
    press: (line: string, named: Named) => {
      clicks += 1;
      const action = { ...commandButton('x', line), action_ts: `1531420618.${clicks}` };
      const response_url = `https://hooks.slack.com/actions/${clicks}`;
      const place = { channel: { id: approversChannel }, response_url };
      return send(interactionBody({ type: 'block_actions', ...sender(named), ...place, actions: [action] }));
    },
    submit: (nonce: string, named: Named) => {
      const field = (value: string) => ({ value: { type: 'plain_text_input', value } });
      const view = {
        callback_id: 'add',
        private_metadata: JSON.stringify({ nonce, channelId: commandChannel }),
        app_installed_team_id: teamId,
        state: { values: { hostname: field('form.corp.internal'), target: field('10.0.4.13') } },
      };
      return send(interactionBody({ type: 'view_submission', ...sender(named), view }));
    },
    openHome: (over: object) => {
      clicks += 1;
      const event = { type: 'app_home_opened', user: 'U0LI', tab: 'home' };
      const body = { type: 'event_callback', team_id: teamId, event_id: `Ev${clicks}`, event, ...over };
      return send(JSON.stringify(body), 'application/json');
    },
    refusals: async () =>
      (
        await Promise.all(
          [host, 'form.corp.internal', '_refused'].map((stream) => cloud.ports.ledger.read(stream, signal)),
        )
      )
        .flat()
        .flatMap(({ body }) => (body.kind === 'refused' ? body.reasons : [])),
  };
};

const strangers: readonly Named[] = [
  { userTeam: 'T0OTHER', team: teamId },
  { userTeam: 'E0OTHER', team: teamId },
  { userTeam: '', team: teamId },
  { userTeam: null, team: teamId },
  { userTeam: undefined, team: teamId },
  { userTeam: 'T0OTHER', team: null },
  { userTeam: undefined, team: null },
];

describe('in a channel that is shared with another company', () => {
  it.each(strangers)('nobody of theirs changes anything by button or form: %j', async (stranger) => {
    const scene = await open();
    await scene.press(`add ${host} 10.0.4.12`, stranger);
    await scene.submit('nonce-1', stranger);
    expect(await scene.cloud.zone()).toEqual([]);
    expect(await scene.refusals()).toHaveLength(2);
    expect((await scene.refusals()).every((reason) => reason.startsWith('unknown-team'))).toBe(true);

    await scene.type(`add ${host} 10.0.4.12`, teamId);
    const registered = await scene.cloud.zone();
    expect(registered).not.toEqual([]);
    await scene.press(`update ${host} 10.0.4.99`, stranger);
    await scene.press(`remove ${host}`, stranger);
    await scene.press(`failover ${host}`, stranger);
    expect(await scene.cloud.zone()).toEqual(registered);
  });

  it('our own people work there, whatever workspace the button was posted from', async () => {
    const scene = await open();
    await scene.press(`add ${host} 10.0.4.12`, { userTeam: teamId, team: 'T0OTHER' });
    await scene.submit('nonce-1', { userTeam: teamId, team: null });
    expect((await scene.cloud.zone()).map(({ name }) => name)).toEqual(
      expect.arrayContaining([host, 'form.corp.internal']),
    );
  });

  it.each(['T0OTHER', 'E0OTHER', 'Z0', 'x'])('a command of workspace %s is denied', async (team) => {
    const scene = await open();
    await scene.type(`add ${host} 10.0.4.12`, team);
    expect(await scene.cloud.zone()).toEqual([]);
    expect(await scene.refusals()).toHaveLength(1);
  });

  it('the Home shows a stranger no name', async () => {
    const scene = await open();
    await scene.type(`add ${host} 10.0.4.12`, teamId);
    const homes: string[] = [];
    const { publishHome } = scene.cloud.ports.messenger;
    scene.cloud.ports.messenger.publishHome = async (userId, blocks, within) => {
      homes.push(JSON.stringify(blocks));
      return publishHome(userId, blocks, within);
    };
    await scene.openHome({});
    await scene.openHome({ team_id: 'T0OTHER' });
    await scene.openHome({ is_ext_shared_channel: true });
    expect(homes.map((home) => home.includes('1 up') || home.includes(host))).toEqual([true, false, false]);
  });
});
