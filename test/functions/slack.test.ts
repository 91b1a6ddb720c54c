import { writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseMessage } from '../../lib/app/queue/parse-message.ts';
import { type SecretsExtension, startSecretsExtension } from '../../lib/local/secrets/secrets-extension.ts';
import { bundleFunction } from '../../scripts/build/bundle.ts';
import { writeBundle } from '../../scripts/build/functions.ts';
import { type FifoQueue, startFifoQueue } from '../support/fifo-queue.ts';
import { ephemeralText, testSecrets } from '../support/front-under-test.ts';
import { interactionBody, interactionSender, signedRequest, slashCommandBody } from '../support/signed-request.ts';
import { type SlackViewsApi, startSlackViewsApi } from '../support/slack-views-api.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const policy = {
  zones: [{ name: 'corp.internal', id: 'Z0123456789ABC', vpcs: [] }],
  cidrs: ['10.0.0.0/8'],
  auditChannel: 'C0AUDIT',
  grants: [{ name: 'everyone', teams: ['T0001'], verbs: ['*'] }],
};
const profile = {
  version: '3.3.6',
  heloHostname: 'postal.example.com',
  returnPathDomain: 'rp.example.com',
  nameservers: ['127.0.0.1'],
};

type Handler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
};

describe.each(['its sources', 'its bundle'])('the front’s Lambda, from %s', (built) => {
  let fifo: FifoQueue;
  let slack: SlackViewsApi;
  let extension: SecretsExtension;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let loads = 0;

  beforeAll(async () => {
    [fifo, slack, folder] = await Promise.all([startFifoQueue(), startSlackViewsApi(), temporaryFolder()]);
    extension = await startSecretsExtension({
      port: 0,
      sessionToken: 'session',
      secrets: { slack: JSON.stringify(testSecrets) },
    });
    writeFileSync(join(folder.path, 'policy.json'), JSON.stringify(policy));
    writeFileSync(join(folder.path, 'postal-profile.json'), JSON.stringify(profile));
    if (built === 'its bundle') await writeBundle(join(folder.path, 'bundle'), await bundleFunction('slack'));
  }, 60_000);
  afterEach(async () => {
    vi.unstubAllEnvs();
    await fifo.drain();
  });
  afterAll(async () => {
    await Promise.all([fifo.close(), slack.close(), extension.close(), folder[Symbol.asyncDispose]()]);
  });

  /** The function as a new execution environment would load it. */
  const load = async (queueEndpoint = fifo.endpoint): Promise<Handler> => {
    const environment = {
      QUEUE_URL: `${queueEndpoint}/000000000000/commands.fifo`,
      AWS_ENDPOINT_URL_SQS: queueEndpoint,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SESSION_TOKEN: 'session',
      PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(extension.port),
      SLACK_SECRET_ID: 'slack',
      SLACK_API_URL: slack.url,
      POLICY_FILE: join(folder.path, 'policy.json'),
      POSTAL_PROFILE_FILE: join(folder.path, 'postal-profile.json'),
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    vi.resetModules();
    if (built === 'its sources') return (await import('../../functions/slack.ts')).handler;
    loads += 1;
    return (await import(`${pathToFileURL(join(folder.path, 'bundle/index.mjs'))}?load=${loads}`)).handler;
  };

  const received = async () => (await fifo.drain()).map(({ Body }) => parseMessage(Body ?? ''));

  it('takes a signed command to the queue; an identical one again is the same request, and arrives once', async () => {
    const handler = await load();
    const event = signedRequest(slashCommandBody('add gitlab.corp.internal 10.0.4.12'), { base64: true });
    const [first, second] = [await handler(event), await handler(event)];
    expect(ephemeralText(first)).toContain('Adding gitlab.corp.internal → 10.0.4.12, port 25, Auto.');
    expect(second).toEqual(first);
    expect(await received()).toMatchObject([
      { ok: true, message: { command: { verb: 'add' }, text: 'add gitlab.corp.internal 10.0.4.12' } },
    ]);
  });

  it('opens the form, shows under its fields what the rules refuse, and takes it when they do not', async () => {
    const handler = await load();
    expect(await handler(signedRequest(slashCommandBody('add')))).toEqual({ statusCode: 200, body: '' });
    const { view } = slack.opened.at(-1) ?? {};
    const submit = (hostname: string, port: string) => {
      const values = {
        hostname: { value: { value: hostname } },
        target: { value: { value: '10.0.4.12' } },
        port: { value: { value: port } },
      };
      return handler(
        signedRequest(
          interactionBody({ type: 'view_submission', ...interactionSender, view: { ...view, state: { values } } }),
        ),
      );
    };
    const { errors } = JSON.parse((await submit('10.0.4.12', '70000')).body ?? '');
    expect(Object.keys(errors).sort()).toEqual(['hostname', 'port']);
    expect(await received()).toEqual([]);
    expect(await submit('gitlab.corp.internal', '25')).toEqual({ statusCode: 200, body: '' });
    expect(await received()).toMatchObject([
      { message: { requestId: expect.stringMatching(/^[0-9a-f]{64}$/), replyTo: { channelId: 'C0001' } } },
    ]);
  });

  it('takes buttons, the shortcut and the Home, and tells a person in words what a button cannot do', async () => {
    const handler = await load();
    const pressed = (action_id: string, value: string) =>
      handler(
        signedRequest(
          interactionBody({
            type: 'block_actions',
            ...interactionSender,
            channel: { id: 'C0001' },
            actions: [{ type: 'button', action_id, value, action_ts: '1.1' }],
          }),
        ),
      );
    const empty = { statusCode: 200, body: '' };
    expect(await pressed('run:history', '{"text":"history"}')).toEqual(empty);
    const before = slack.opened.length;
    const shortcut = { type: 'shortcut', ...interactionSender, callback_id: 'add-endpoint' };
    expect(await handler(signedRequest(interactionBody(shortcut)))).toEqual(empty);
    expect(slack.opened).toHaveLength(before + 1);
    const opened = {
      type: 'event_callback',
      team_id: 'T0001',
      event_id: 'Ev1',
      event: { type: 'app_home_opened', user: 'U0001', tab: 'home' },
    };
    expect(await handler(signedRequest(JSON.stringify(opened), { contentType: 'application/json' }))).toEqual(empty);
    const verbs = (await received()).map((read) =>
      read.ok && read.message.kind === 'command' ? read.message.command.verb : read,
    );
    expect(verbs.toSorted()).toEqual(['history', 'home']);
    expect(await pressed('frobnicate', '')).toEqual(empty);
    expect(slack.others).toContain('/api/chat.postEphemeral');
  });

  it('turns away what another secret signed', async () => {
    const handler = await load();
    expect((await handler(signedRequest(slashCommandBody('status'), { secret: 'other' }))).statusCode).toBe(401);
    expect(await received()).toEqual([]);
  });

  it('says within 3 s that nothing was done when nothing listens where the queue should be', async () => {
    const server = createServer();
    const endpoint = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const handler = await load(endpoint);
    const startedAt = performance.now();
    const text = ephemeralText(await handler(signedRequest(slashCommandBody('add gitlab.corp.internal 10.0.4.12'))));
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(text).toContain('Nothing was done');
  });

  it('says so within 3 s when the queue is silent, too', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    const handler = await load(await listen(server));
    const startedAt = performance.now();
    const text = ephemeralText(await handler(signedRequest(slashCommandBody('add gitlab.corp.internal 10.0.4.12'))));
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(text).toContain('Nothing was done');
    expect(text).toContain('Should it have arrived after all');
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('has the two arguments at most that Lambda’s runtime allows', async () => {
    expect((await load()).length).toBeLessThanOrEqual(2);
  });
});
