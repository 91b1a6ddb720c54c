import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SecretsExtension, startSecretsExtension } from '../../../lib/local/secrets/secrets-extension.ts';

let extension: SecretsExtension;

beforeAll(async () => {
  extension = await startSecretsExtension({
    port: 0,
    sessionToken: 'the-token',
    secrets: { 'slack/app': '{"signingSecret":"one"}' },
  });
});

afterAll(() => extension.close());

const get = (path: string, token?: string) =>
  fetch(`http://127.0.0.1:${extension.port}${path}`, {
    headers: token === undefined ? {} : { 'X-Aws-Parameters-Secrets-Token': token },
  });

describe('the secrets extension', () => {
  test('answers as GetSecretValue does', async () => {
    const response = await get('/secretsmanager/get?secretId=slack%2Fapp', 'the-token');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:slack/app',
      Name: 'slack/app',
      VersionId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      SecretString: '{"signingSecret":"one"}',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: expect.stringMatching(/Z$/),
    });
  });

  test('answers a rotated secret as a new version', async () => {
    extension.set('rotating', 'old');
    const before = await (await get('/secretsmanager/get?secretId=rotating', 'the-token')).json();
    extension.set('rotating', 'new');
    const after = await (await get('/secretsmanager/get?secretId=rotating', 'the-token')).json();
    expect(before).toMatchObject({ SecretString: 'old' });
    expect(after).toMatchObject({ SecretString: 'new' });
    expect(after).not.toMatchObject({ VersionId: (before as { VersionId: string }).VersionId });
  });

  test.each([
    ['without a token', '/secretsmanager/get?secretId=slack%2Fapp', undefined, 401, 'X-Aws-Parameters-Secrets-Token'],
    ['with a wrong token', '/secretsmanager/get?secretId=slack%2Fapp', 'guess', 401, 'X-Aws-Parameters-Secrets-Token'],
    ['for no secret', '/secretsmanager/get', 'the-token', 400, 'secretId'],
    ['for an unknown secret', '/secretsmanager/get?secretId=other', 'the-token', 400, 'ResourceNotFoundException'],
    ['at another path', '/systemsmanager/parameters/get?name=x', 'the-token', 404, 'not found'],
  ])('refuses a request %s', async (_, path, token, status, text) => {
    const response = await get(path, token);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
  });
});
