import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpApi } from '../../../lib/local/http-api/http-api.ts';
import { createLambdaFunction, type LambdaFunction } from '../../../lib/local/lambda/lambda-function.ts';
import type { LoopbackServer } from '../../../lib/local/loopback-server.ts';

let lambda: LambdaFunction;
let busy: LambdaFunction;
let api: LoopbackServer;
let plainApi: LoopbackServer;

const create = (name: string, module: URL, maximumConcurrency: number): LambdaFunction =>
  createLambdaFunction({ name, module, env: {}, timeoutSeconds: 20, maximumConcurrency, log: () => undefined });

beforeAll(async () => {
  lambda = create('front', new URL('handlers/echo-handler.ts', import.meta.url), 2);
  busy = create('busy', new URL('../lambda/handlers/sample-handler.ts', import.meta.url), 0);
  const routes = { 'POST /slack/events': lambda, 'GET /slack/events': lambda, 'POST /busy': busy };
  api = await startHttpApi({ routes, port: 0, formBodies: 'base64' });
  plainApi = await startHttpApi({ routes, port: 0, formBodies: 'plain' });
});

afterAll(async () => {
  await Promise.all([api.close(), plainApi.close(), lambda.close(), busy.close()]);
});

const url = (server: LoopbackServer, path = '/slack/events') => `http://127.0.0.1:${server.port}${path}`;
const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

describe('the event', () => {
  test('has the form of payload 2.0', async () => {
    const response = await fetch(`${url(api)}?a=1&b=2&a=%C3%A9`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Slack-Signature': 'v0=AbC', Cookie: 'x=1; y=2' },
      body: '{"text":"é"}',
    });
    expect(await response.json()).toEqual({
      version: '2.0',
      routeKey: 'POST /slack/events',
      rawPath: '/slack/events',
      rawQueryString: 'a=1&b=2&a=%C3%A9',
      cookies: ['x=1', 'y=2'],
      headers: expect.objectContaining({
        'content-type': 'application/json',
        'x-slack-signature': 'v0=AbC',
        'x-forwarded-for': '127.0.0.1',
      }),
      queryStringParameters: { a: '1,é', b: '2' },
      requestContext: expect.objectContaining({
        http: {
          method: 'POST',
          path: '/slack/events',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: expect.any(String),
        },
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      }),
      body: '{"text":"é"}',
      isBase64Encoded: false,
    });
  });

  test('carries a form as base64, as the service does', async () => {
    const response = await fetch(url(api), { method: 'POST', headers: form, body: 'text=%C3%A9' });
    expect(await response.json()).toMatchObject({
      body: Buffer.from('text=%C3%A9').toString('base64'),
      isBase64Encoded: true,
    });
  });

  test('carries a form as text where that was asked for', async () => {
    const response = await fetch(url(plainApi), { method: 'POST', headers: form, body: 'text=%C3%A9' });
    expect(await response.json()).toMatchObject({ body: 'text=%C3%A9', isBase64Encoded: false });
  });

  test('keeps bytes that are no text', async () => {
    const body = Buffer.from([0, 255, 254, 10]);
    const response = await fetch(url(plainApi), {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body,
    });
    expect(await response.json()).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
  });

  test('has no body where there was none', async () => {
    expect(await (await fetch(url(api))).json()).not.toHaveProperty('body');
  });
});

describe('the response', () => {
  test('is the one that the function returned', async () => {
    const response = await fetch(`${url(api)}?answer=full`);
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('text/html');
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.text()).toBe('<p>✓</p>');
  });

  test.each([
    ['status', 204, ''],
    ['text', 200, 'plain text'],
    ['nonsense', 500, '{"message":"Internal Server Error"}'],
    ['throw', 500, '{"message":"Internal Server Error"}'],
  ])('to %s is %i', async (answer, status, body) => {
    const response = await fetch(`${url(api)}?answer=${answer}`);
    expect({ status: response.status, body: await response.text() }).toEqual({ status, body });
  });

  test.each([
    ['POST', '/elsewhere', 404, 'Not Found'],
    ['PUT', '/slack/events', 404, 'Not Found'],
    ['POST', '/busy', 503, 'Service Unavailable'],
  ])('to %s %s is %i', async (method, path, status, message) => {
    const response = await fetch(url(api, path), { method });
    expect({ status: response.status, body: await response.json() }).toEqual({ status, body: { message } });
  });

  test('is 413 above 10 MB, and the next request is served', async () => {
    const response = await fetch(url(api), { method: 'POST', headers: form, body: 'x'.repeat(10 * 1024 * 1024 + 1) });
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 413,
      body: { message: 'Request Entity Too Large' },
    });
    expect((await fetch(url(api))).status).toBe(200);
  });
});
