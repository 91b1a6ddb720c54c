import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../lib/core/postal/audit/snapshot.ts';
import { serveHttp } from '../../../lib/local/loopback-server.ts';
import { readDestination } from '../../../lib/shell/audit/read-destination.ts';
import { sendReport } from '../../../lib/shell/audit/send-report.ts';
import { postalFrontUnderTest, postalSecrets, servedPostalFront } from '../../support/postal-front-under-test.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';

const nowMs = Date.parse('2026-11-30T12:00:00Z');
const now = () => nowMs;
const signal = () => AbortSignal.timeout(10_000);
let closing = new AsyncDisposableStack();
afterEach(async () => {
  await closing.disposeAsync();
  closing = new AsyncDisposableStack();
});

/** The receiver behind HTTP. */
const receiver = async () => {
  const front = postalFrontUnderTest({}, now);
  const { url } = closing.use(await servedPostalFront(front));
  return { url, sent: front.sent };
};

const answering = async (status: number, headers: Record<string, string>, body: string): Promise<URL> => {
  const server = await serveHttp((_, response) => response.writeHead(status, headers).end(body), 0);
  closing.defer(() => server.close());
  return new URL(`http://127.0.0.1:${server.port}/postal/snapshots`);
};

const key = postalSecrets.reportKeys['postal1'] ?? '';
const large = (routes: number): Snapshot => ({
  ...sampleSnapshot(nowMs),
  routes: Array.from({ length: routes }, (_, id) => ({
    id,
    serverId: 1 + (id % 2),
    address: `${randomBytes(40).toString('hex')}@acme.example`,
    mode: 'Endpoint',
    isSmtp: true,
    endpointId: 1,
    additionalEndpointIds: [],
  })),
});

describe('a report', () => {
  test('is accepted by the receiver', async () => {
    const { url, sent } = await receiver();
    const snapshot = sampleSnapshot(nowMs - 60_000);
    expect(await sendReport(snapshot, { url, sender: 'postal1', key }, now, signal())).toEqual({
      text: expect.stringMatching(/^Sent 1 report \(\d+ bytes\) as postal1: 2 mail servers, 3 endpoints, 3 routes\.$/),
      exitCode: 0,
    });
    expect(sent).toMatchObject([{ kind: 'report', sender: 'postal1', part: null, atMs: nowMs - 60_000 }]);
  });

  test('that is too large is sent in one part for each mail server', async () => {
    const { url, sent } = await receiver();
    const result = await sendReport(large(20_000), { url, sender: 'postal1', key }, now, signal());
    expect(result).toMatchObject({ exitCode: 0, text: expect.stringContaining('Sent 2 reports') });
    expect(sent).toMatchObject([{ part: 'acme/production' }, { part: 'acme/staging' }]);
  });

  test('of one mail server that is too large is not sent, and that is said', async () => {
    const { url, sent } = await receiver();
    const result = await sendReport(large(50_000), { url, sender: 'postal1', key }, now, signal());
    expect(result).toMatchObject({ exitCode: 3, text: expect.stringContaining('the report of acme/production takes') });
    expect(sent).toEqual([]);
  });

  test('with another key is refused, and the answer is printed', async () => {
    const { url } = await receiver();
    const result = await sendReport(sampleSnapshot(nowMs), { url, sender: 'postal2', key }, now, signal());
    expect(result).toEqual({
      text: `postal-endpoint: send: ${url.host} answered 401: signature: the sender is unknown, or its key is another`,
      exitCode: 3,
    });
  });

  test.each([
    ['a redirect', 307, { location: 'http://127.0.0.1:1/' }, '', 'answered 307, a redirect, which is not followed'],
    ['control characters', 400, {}, 'a\u001b[2J\nb', 'answered 400: a [2J b'],
    ['an endless answer', 400, {}, 'x'.repeat(2_000_000), 'the answer is larger than'],
  ])('answered with %s', async (_, status, headers, body, text) => {
    const url = await answering(status, headers, body);
    const result = await sendReport(sampleSnapshot(nowMs), { url, sender: 'postal1', key }, now, signal());
    expect(result).toMatchObject({ exitCode: 3, text: expect.stringContaining(text) });
  });

  test('to a port where nothing listens fails with the reason', async () => {
    const url = await answering(200, {}, '');
    await closing.disposeAsync();
    const result = await sendReport(sampleSnapshot(nowMs), { url, sender: 'postal1', key }, now, signal());
    expect(result).toMatchObject({ exitCode: 3, text: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('the arguments', () => {
  const environment = { POSTAL_ENDPOINT_REPORT_KEY: key };
  test('are a URL, a sender and a key', () => {
    const send = 'https://bot.example.com/postal/snapshots';
    expect(readDestination({ send, sender: 'postal1' }, environment)).toEqual({
      url: new URL(send),
      sender: 'postal1',
      key,
    });
    expect(readDestination({}, {})).toBeUndefined();
  });

  test.each([
    ['no URL', { send: 'bot' }, environment, /^send: give the https URL/],
    ['http to another machine', { send: 'http://10.0.0.9/' }, environment, /^send: give the https URL/],
    ['a password in the URL', { send: 'https://a:b@bot.example.com/' }, environment, /^send: give the https URL/],
    ['a sender that is no name', { send: 'https://x/', sender: 'A b' }, environment, /^sender: "A b" is not a name/],
    ['no key', { send: 'https://x/', sender: 'a' }, {}, /^POSTAL_ENDPOINT_REPORT_KEY: set it/],
    ['one mail server', { send: 'https://x/', sender: 'a', server: 's' }, environment, /^send, server: give one/],
  ])('that have %s are refused', (_, values, given, message) => {
    expect(() => readDestination(values, given)).toThrow(message);
  });
});
