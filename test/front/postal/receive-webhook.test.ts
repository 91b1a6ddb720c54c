import { createPublicKey, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { webhookBody } from '../../../lib/local/postal/webhook-request.ts';
import { postalFrontUnderTest, postalRequest, webhookPath } from '../../support/postal-front-under-test.ts';
import { opensslKey } from '../../support/postal-webhooks.ts';

const nowMs = Date.parse('2026-11-30T12:00:00Z');
const key = opensslKey(1024);
const larger = opensslKey(2048);
const foreign = opensslKey(1024);
const profile = { version: '3.3.7', signingKey: key.publicPem };
const path = webhookPath('acme/production');

const receiver = (more: Readonly<Record<string, unknown>> = {}) =>
  postalFrontUnderTest({ ...profile, ...more }, () => nowMs);

const signed = (body: string, by = key) => ({
  'content-type': 'application/json',
  'x-postal-signature': by.sign(body, 'sha1'),
  'x-postal-signature-256': by.sign(body, 'sha256'),
});

describe('a webhook that Postal signed', () => {
  test('is queued with what is needed of it, and without sender, recipient, subject or token', async () => {
    const { handle, sent, log } = receiver();
    const body = webhookBody({
      atMs: nowMs - 90_000,
      uuid: '8a000825-04cf-411b-9c34-6397943708e6',
      details: 'Permanent SMTP delivery error when sending to 10.0.4.12:25 (gitlab.mail.corp.internal)',
      output: '550 <"recipient SECRET"@acme.example>: unknown user recipient-SECRET%40acme.example',
      event: 'MessageDeliveryFailed',
      status: 'HardFail',
    });
    expect(await handle(postalRequest(path, body, signed(body)))).toMatchObject({ statusCode: 200, body: '' });
    expect(sent).toEqual([
      {
        kind: 'webhook',
        server: 'acme/production',
        receivedAtMs: nowMs,
        event: {
          uuid: '8a000825-04cf-411b-9c34-6397943708e6',
          atMs: nowMs - 90_000,
          messageId: 2,
          status: 'HardFail',
          details: 'Permanent SMTP delivery error when sending to 10.0.4.12:25 (gitlab.mail.corp.internal)',
          output: '550 <(address)>: unknown user (address)',
          isEncrypted: false,
          recipient: { exact: expect.stringMatching(/^[\w-]{22}$/), wildcard: expect.stringMatching(/^[\w-]{22}$/) },
        },
      },
    ]);
    expect(JSON.stringify([sent, log.lines])).not.toMatch(/SECRET|token-of|D96KGRWQBCMst24k/);
  });

  test.each([
    ['a public key in PEM of 2048 bits', larger, larger.publicPem],
    ['the record that postal default-dkim-record prints', key, `v=DKIM1; t=s; h=sha256; p=${key.publicDer};`],
    ['its p= alone', key, `p=${key.publicDer}`],
    [
      'a JWK set with another key in it',
      key,
      JSON.stringify({
        keys: [foreign, key].map(({ publicPem }) => createPublicKey(publicPem).export({ format: 'jwk' })),
      }),
    ],
  ])('is taken with %s', async (_, signer, signingKey) => {
    const { handle, sent } = receiver({ signingKey });
    const body = webhookBody({ atMs: nowMs });
    expect(await handle(postalRequest(path, body, signed(body, signer)))).toMatchObject({ statusCode: 200 });
    expect(sent).toHaveLength(1);
  });

  test('is taken with the slash of the server encoded, and in base64', async () => {
    const { handle, sent } = receiver();
    const body = webhookBody({ atMs: nowMs });
    const encoded = path.replace('acme/production', 'acme%2Fproduction');
    expect(await handle(postalRequest(encoded, Buffer.from(body), signed(body)))).toMatchObject({ statusCode: 200 });
    expect(sent).toMatchObject([{ server: 'acme/production' }]);
  });

  test.each([
    ['outgoing mail', { direction: 'outgoing' }],
    ['an event about a domain', { event: 'DomainDNSError' }],
    ['an event about a link', { event: 'MessageLinkClicked' }],
  ])('of %s is answered 200 and dropped', async (_, part) => {
    const { handle, sent } = receiver();
    const body = webhookBody({ atMs: nowMs, ...part });
    expect(await handle(postalRequest(path, body, signed(body)))).toMatchObject({ statusCode: 200 });
    expect(sent).toEqual([]);
  });

  test('with SHA-1 alone is taken from a 2.x, and from no other', async () => {
    const body = webhookBody({ atMs: nowMs });
    const sha1 = { ...signed(body), 'x-postal-signature-256': undefined };
    const old = receiver({ version: '2.3.2' });
    expect(await old.handle(postalRequest(path, body, sha1))).toMatchObject({ statusCode: 200 });
    expect(old.sent).toHaveLength(1);
    const today = receiver();
    expect(await today.handle(postalRequest(path, body, sha1))).toMatchObject({ statusCode: 401 });
    expect(today.sent).toEqual([]);
  });

  test('is answered 503 when the queue does not take it, so that Postal sends it again', async () => {
    const refusing = { send: () => Promise.reject(new Error('down')) };
    const { handle } = postalFrontUnderTest(profile, () => nowMs, { queue: refusing });
    const body = webhookBody({ atMs: nowMs });
    expect(await handle(postalRequest(path, body, signed(body)))).toMatchObject({ statusCode: 503 });
  });
});

describe('refused, with nothing queued:', () => {
  const body = webhookBody({ atMs: nowMs });
  const altered = body.replace('gitlab', 'gitlob');
  const stale = webhookBody({ atMs: nowMs - 3_600_001 });
  const future = webhookBody({ atMs: nowMs + 300_001 });
  const oversized = webhookBody({ atMs: nowMs, output: 'x'.repeat(70_000) });
  const notPostal = JSON.stringify({ event: 'MessageSent', timestamp: nowMs / 1000, uuid: randomUUID(), payload: {} });
  test.each([
    ['one without a signature', 401, postalRequest(path, body, {})],
    ['one that was altered', 401, postalRequest(path, altered, signed(body))],
    ['one that another Postal signed', 401, postalRequest(path, body, signed(body, foreign))],
    [
      'a SHA-1 signature in place of SHA-256',
      401,
      postalRequest(path, body, { ...signed(body), 'x-postal-signature-256': key.sign(body, 'sha1') }),
    ],
    ['a signature that is not base64', 401, postalRequest(path, body, { 'x-postal-signature-256': '☃'.repeat(200) })],
    ['one of more than an hour ago', 400, postalRequest(path, stale, signed(stale))],
    ['one of the future', 400, postalRequest(path, future, signed(future))],
    ['one that is too large', 413, postalRequest(path, oversized, signed(oversized))],
    ['a signed body that is not JSON', 400, postalRequest(path, 'x', signed('x'))],
    ['a signed body of another form', 400, postalRequest(path, notPostal, signed(notPostal))],
    ['a wrong token', 404, postalRequest(webhookPath('acme/production', 'x'.repeat(40)), body, signed(body))],
    [
      "another server's token",
      404,
      postalRequest(webhookPath('acme/production', webhookPath('acme/staging').split('/').at(-1)), body, signed(body)),
    ],
    ['a server without a token', 404, postalRequest(webhookPath('acme/other', ''), body, signed(body))],
    [
      'the name of a property of every object',
      404,
      postalRequest('/postal/webhooks/__proto__/x/y', body, signed(body)),
    ],
    ['a GET', 405, postalRequest(path, body, signed(body), 'GET')],
    ['another path', 404, postalRequest('/postal', body, signed(body))],
  ])('%s', async (_, statusCode, request) => {
    const { handle, sent, log } = receiver();
    expect(await handle(request)).toMatchObject({ statusCode });
    expect(sent).toEqual([]);
    expect(JSON.stringify(log.lines)).not.toMatch(/SECRET|token-of/);
  });

  test('every webhook, where the profile has no key', async () => {
    const { handle } = postalFrontUnderTest({ version: '3.3.7' }, () => nowMs);
    expect(await handle(postalRequest(path, body, signed(body)))).toMatchObject({ statusCode: 401 });
  });
});
