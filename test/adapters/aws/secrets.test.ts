import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSecrets, SecretsUnavailable } from '../../../lib/adapters/aws/secrets.ts';
import { startSecretsExtension } from '../../../lib/local/secrets/secrets-extension.ts';
import { recordingLogger } from '../../support/front-under-test.ts';

const secret = { signingSecret: 'signing-1', botToken: 'xoxb-1', botId: 'B1', botUserId: 'U1' };
const signal = () => AbortSignal.timeout(20_000);

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const extension = async (secretString = JSON.stringify(secret)) => {
  const started = await startSecretsExtension({
    port: 0,
    sessionToken: 'session',
    secrets: { 'postal-endpoint/slack': secretString },
  });
  open.push(started);
  return started;
};

const served = async (handler: Parameters<typeof createServer>[1]): Promise<number> => {
  const server: Server = createServer(handler ?? (() => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return (server.address() as AddressInfo).port;
};

const secretsAt = (port: number, now: () => number = () => 0, sessionToken = 'session', log = recordingLogger()) =>
  createSecrets({ port, secretId: 'postal-endpoint/slack', sessionToken, now, log });

describe('createSecrets', () => {
  it('reads the secret, and then from memory for five minutes', async () => {
    const server = await extension();
    let nowMs = 0;
    const secrets = secretsAt(server.port, () => nowMs);
    expect(await secrets.read(signal())).toEqual(secret);
    server.set('postal-endpoint/slack', JSON.stringify({ ...secret, signingSecret: 'signing-2' }));
    nowMs = 299_999;
    expect(await secrets.read(signal())).toEqual(secret);
    nowMs = 300_000;
    expect(await secrets.read(signal())).toMatchObject({ signingSecret: 'signing-2' });
  });

  it('reads afresh on demand, though not more than every ten seconds', async () => {
    const server = await extension();
    let nowMs = 0;
    const secrets = secretsAt(server.port, () => nowMs);
    await secrets.read(signal());
    for (const [atMs, signingSecret, expected] of [
      [1000, 'signing-2', 'signing-2'],
      [2000, 'signing-3', 'signing-2'],
      [11_000, 'signing-3', 'signing-3'],
    ] as const) {
      nowMs = atMs;
      server.set('postal-endpoint/slack', JSON.stringify({ ...secret, signingSecret }));
      expect(await secrets.refresh(signal())).toMatchObject({ signingSecret: expected });
    }
    expect(await secrets.read(signal())).toMatchObject({ signingSecret: 'signing-3' });
  });

  it('asks once for all who ask meanwhile, with the token that the extension wants', async () => {
    const asked: unknown[] = [];
    const port = await served((request, response) => {
      asked.push([request.url, request.headers['x-aws-parameters-secrets-token']]);
      response.end(JSON.stringify({ SecretString: JSON.stringify(secret) }));
    });
    const secrets = secretsAt(port);
    await Promise.all([secrets.read(signal()), secrets.read(signal()), secrets.read(signal())]);
    expect(asked).toEqual([['/secretsmanager/get?secretId=postal-endpoint%2Fslack', 'session']]);
  });

  it.each([
    ['a wrong token', async () => secretsAt((await extension()).port, undefined, 'other'), 'answered 401'],
    ['a secret that is no JSON', async () => secretsAt((await extension('hunter2')).port), 'no usable answer'],
    [
      'a secret that lacks something',
      async () => secretsAt((await extension('{"signingSecret":"hunter2","botId":""}')).port),
      'lacks botToken, botId, botUserId',
    ],
    [
      'an answer that is none',
      async () => secretsAt(await served((_, response) => response.end('hunter2'))),
      'no usable answer',
    ],
    [
      'a connection that breaks',
      async () => secretsAt(await served((request) => request.socket.destroy())),
      'no usable answer',
    ],
  ])('throws SecretsUnavailable for %s, and quotes nothing of it', async (_, make, expected) => {
    const secrets = await make();
    const error: unknown = await secrets.read(signal()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretsUnavailable);
    expect(error).toMatchObject({ message: expect.stringContaining(expected) });
    const cause = error instanceof Error ? String(error.cause) : '';
    expect(`${error} ${cause}`).not.toContain('hunter2');
  });

  it('lets one who cannot wait go, and serves the others', async () => {
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const port = await served(async (_, response) => {
      arrived.resolve();
      await released.promise;
      response.end(JSON.stringify({ SecretString: JSON.stringify(secret) }));
    });
    const secrets = secretsAt(port);
    const impatient = new AbortController();
    const [hurried, patient] = [secrets.read(impatient.signal), secrets.read(signal())];
    await arrived.promise;
    impatient.abort(new Error('deadline'));
    await expect(hurried).rejects.toBeInstanceOf(SecretsUnavailable);
    released.resolve();
    expect(await patient).toEqual(secret);
  });

  it('recovers after a failure', async () => {
    let broken = true;
    const port = await served((_, response) => {
      response.statusCode = broken ? 500 : 200;
      response.end(JSON.stringify({ SecretString: JSON.stringify(secret) }));
    });
    const secrets = secretsAt(port);
    await expect(secrets.read(signal())).rejects.toBeInstanceOf(SecretsUnavailable);
    broken = false;
    expect(await secrets.read(signal())).toEqual(secret);
  });

  it.each([
    ['answers 500', (response: ServerResponse) => response.writeHead(500).end('hunter2')],
    [
      'lacks a value',
      (response: ServerResponse) => response.end(JSON.stringify({ SecretString: '{"signingSecret":"hunter2"}' })),
    ],
    ['hangs up', (response: ServerResponse) => response.socket?.destroy()],
  ])('goes on with what it knows when the extension %s, and asks again after ten seconds', async (_, fail) => {
    let broken = false;
    let asked = 0;
    const port = await served((_request, response) => {
      asked += 1;
      if (broken) fail(response);
      else
        response.end(
          JSON.stringify({ SecretString: JSON.stringify({ ...secret, signingSecret: `signing-${asked}` }) }),
        );
    });
    let nowMs = 0;
    const log = recordingLogger();
    const secrets = secretsAt(port, () => nowMs, undefined, log);
    await secrets.read(signal());
    broken = true;
    for (nowMs of [300_000, 305_000, 309_999]) {
      expect(await secrets.read(signal())).toMatchObject({ signingSecret: 'signing-1' });
      expect(await secrets.refresh(signal())).toMatchObject({ signingSecret: 'signing-1' });
    }
    expect(asked).toBe(2);
    expect(log.lines.map(({ message }) => message)).toEqual([
      'the secret could not be read afresh; the known one is used',
    ]);
    expect(
      JSON.stringify(log.lines, (_key, value: unknown) => (value instanceof Error ? `${value} ${value.cause}` : value)),
    ).not.toContain('hunter2');
    broken = false;
    nowMs = 310_000;
    expect(await secrets.read(signal())).toMatchObject({ signingSecret: 'signing-3' });
  });
});
