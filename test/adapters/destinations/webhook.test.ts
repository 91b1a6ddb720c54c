import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendWebhook } from '../../../lib/adapters/destinations/webhook.ts';
import { destinationSchema, type WebhookDestination } from '../../../lib/core/policy/destinations.ts';
import type { IncidentEvent } from '../../../lib/messages/watch/incident-event.ts';
import { type Certificate, makeCertificate } from '../../support/certificate.ts';
import { openHttpsReceiver } from '../../support/https-receiver.ts';
import { run } from '../../support/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { signal } = new AbortController();
const key = 'a key of this test';
const atMs = Date.parse('2026-03-02T14:02:00Z');

let certificate: Certificate;
beforeAll(async () => {
  certificate = await makeCertificate({ subjectAltNames: ['IP:127.0.0.1', 'DNS:localhost'] });
});
const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

const event: IncidentEvent = {
  version: 1,
  id: 'target-10.0.4.12-unreachable-1/opened',
  incident: 'target-10.0.4.12-unreachable-1',
  event: 'opened',
  severity: 'down',
  title: '10.0.4.12 does not answer: 2 endpoints down',
  text: 'Postal will not get in: “über 31 h”.',
  cause: 'target',
  target: '10.0.4.12',
  hostnames: ['a.mail.test', 'b.mail.test'],
  hostnameCount: 2,
  at: '2026-03-02T14:02:00.000Z',
  openedAt: '2026-03-02T14:00:00.000Z',
};

const webhook = (url: string, more: object = {}): WebhookDestination => {
  const parsed = destinationSchema.parse({ kind: 'webhook', name: 'ops', url, ...more });
  if (parsed.kind !== 'webhook') throw new Error('not a webhook');
  return parsed;
};

const send = (url: string, more: object = {}, { reach = true, ca = certificate.cert, within = signal } = {}) =>
  sendWebhook({ now: () => atMs, mayReachLoopback: reach, ca }, webhook(url, more), key, event, within);

describe('a webhook', () => {
  it('is JSON whose signature openssl computes as well', async () => {
    await using receiver = await openHttpsReceiver(certificate);
    await using folder = await temporaryFolder();
    expect(await send(`https://127.0.0.1:${receiver.port}/hook?a=b`)).toEqual({ ok: true });
    const [got] = receiver.received;
    expect(JSON.parse(got?.body ?? '')).toEqual(event);
    const timestamp = got?.headers['x-postal-endpoint-timestamp'];
    expect(timestamp).toBe(String(atMs / 1000));
    const file = join(folder.path, 'signed');
    await writeFile(file, `v1:${timestamp}:${got?.body}`);
    const digest = await run('openssl', ['dgst', '-sha256', '-hmac', key, '-r', file]);
    expect(got?.headers['x-postal-endpoint-signature']).toBe(`v1=${digest.split(' ')[0]}`);
    expect(got?.headers['host']).toBe(`127.0.0.1:${receiver.port}`);
  });

  it('verifies the name, whatever address it was resolved to', async () => {
    await using receiver = await openHttpsReceiver(certificate);
    expect(await send(`https://localhost:${receiver.port}/`)).toEqual({ ok: true });
    const other = await makeCertificate({ subjectAltNames: ['DNS:other.test'] });
    await using stranger = await openHttpsReceiver(other);
    expect(await send(`https://localhost:${stranger.port}/`, {}, { ca: other.cert })).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable', message: expect.stringContaining('altnames') },
    });
    expect(await send(`https://127.0.0.1:${receiver.port}/`, {}, { ca: other.cert })).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable' },
    });
    expect(receiver.received).toHaveLength(1);
    expect(stranger.received).toEqual([]);
  });

  it('is what PagerDuty wants in its form, within its limits', async () => {
    await using receiver = await openHttpsReceiver(certificate);
    const url = `https://127.0.0.1:${receiver.port}/v2/enqueue`;
    const long = { ...event, text: 'x'.repeat(5_000), incident: `endpoint-${'y'.repeat(300)}` };
    const options = { now: () => atMs, mayReachLoopback: true, ca: certificate.cert };
    for (const kind of ['opened', 'grown', 'reminder', 'acknowledged', 'resolved'] as const)
      await sendWebhook(options, webhook(url, { form: 'pagerduty' }), key, { ...long, event: kind }, signal);
    const bodies = receiver.received.map(({ body }) => JSON.parse(body));
    expect(bodies.map((body) => body.event_action)).toEqual(['trigger', 'trigger', 'acknowledge', 'resolve']);
    expect(new Set(bodies.map((body) => body.dedup_key)).size).toBe(1);
    expect(bodies[0].dedup_key.length).toBeLessThanOrEqual(255);
    expect(bodies[0].payload.summary.length).toBeLessThanOrEqual(1_024);
    expect(bodies[0]).toMatchObject({ routing_key: key, payload: { severity: 'critical', source: '10.0.4.12' } });
    expect(receiver.received[0]?.headers).not.toHaveProperty('x-postal-endpoint-signature');
  });

  it.each([
    [301, 'refused'],
    [307, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [408, 'unreachable'],
    [429, 'unreachable'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('answered %i is %s, and no redirect is followed', async (status, kind) => {
    await using receiver = await openHttpsReceiver(certificate);
    receiver.over.answer = (response) =>
      void response.writeHead(status, { location: `https://127.0.0.1:${receiver.port}/`, 'retry-after': '7' }).end();
    const sent = await send(`https://127.0.0.1:${receiver.port}/`);
    expect(sent).toMatchObject({ ok: false, failure: { kind, message: `it answered ${status}` } });
    if (kind === 'unreachable') expect(sent).toMatchObject({ failure: { retryAfterSeconds: 7 } });
    expect(receiver.received).toHaveLength(1);
  });

  it('ends with its deadline where the receiver is silent, and where it never ends its answer', async () => {
    await using receiver = await openHttpsReceiver(certificate);
    receiver.over.answer = () => undefined;
    const url = `https://127.0.0.1:${receiver.port}/`;
    expect(await send(url, {}, { within: AbortSignal.timeout(300) })).toMatchObject({
      failure: { kind: 'unreachable' },
    });
    receiver.over.answer = (response) => void response.writeHead(200).write('.');
    expect(await send(url, {}, { within: AbortSignal.timeout(300) })).toMatchObject({
      failure: { kind: 'unreachable' },
    });
  });

  it('reads no more of an answer than it needs', async () => {
    await using receiver = await openHttpsReceiver(certificate);
    receiver.over.answer = (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await send(`https://127.0.0.1:${receiver.port}/`)).toEqual({ ok: true });
  });

  it('is not sent to a server without TLS, nor where nobody listens', async () => {
    const plain = createServer((_, response) => void response.end());
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ failure: { kind: 'unreachable' } });
    await new Promise((resolve) => plain.close(resolve));
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ failure: { kind: 'unreachable' } });
    expect(destinationSchema.safeParse({ kind: 'webhook', name: 'ops', url: 'http://hooks.test/' }).success).toBe(
      false,
    );
  });

  it.each([
    'https://127.0.0.1:PORT/',
    'https://localhost:PORT/',
    'https://[::1]:PORT/',
    'https://[::ffff:127.0.0.1]:PORT/',
    'https://[::ffff:7f00:1]:PORT/',
    'https://2130706433:PORT/',
    'https://0x7f.1:PORT/',
    'https://0.0.0.0:PORT/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://10.0.0.7/',
    'https://[::ffff:10.0.0.7]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://[fd12::1]/',
  ])('never reaches %s outside of the local workspace', async (url) => {
    await using receiver = await openHttpsReceiver(certificate);
    const sent = await send(url.replace('PORT', String(receiver.port)), {}, { reach: false });
    expect(sent).toMatchObject({
      ok: false,
      failure: { kind: 'refused', message: expect.stringContaining('address') },
    });
    expect(receiver.received).toEqual([]);
  });
});
