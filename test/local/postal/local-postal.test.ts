import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { SMTPServerAddress } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSnapshotReport } from '../../../lib/core/postal/reports/snapshot-report.ts';
import { startMailSink, startRawListener } from '../../../lib/local/smtp/sample-listeners.ts';
import type { SampleName } from '../../../lib/local/smtp/samples.ts';
import { temporaryFolder } from '../../support/workspace.ts';
import { type PostalUnderTest, postalUnderTest } from './postal-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const noHosts = 'No SMTP servers were available for acme.example. No hosts to try.';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let postal: PostalUnderTest;
beforeEach(async () => {
  folder = await temporaryFolder();
  postal = await postalUnderTest(join(folder.path, 'postal.json'));
});
afterEach(async () => {
  await postal[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const portOf = (name: SampleName): string => String(postal.samples[name].port);
const resolveTo = (...values: readonly string[]): void =>
  postal.route53.put('Z0CORP', [{ name: host, type: 'A', ttlSeconds: 60, values }]);

/** Enters an endpoint and a route to it; the ids of both. */
const enter = (
  endpoint: Partial<{
    serverId: number;
    hostname: string;
    port: string;
    sslMode: 'Auto' | 'TLS' | 'STARTTLS' | 'None';
  }>,
): { readonly endpointId: number; readonly routeId: number } => {
  const form = { serverId: 1, hostname: host, port: portOf('starttls'), sslMode: 'Auto', ...endpoint } as const;
  expect(postal.act('postal-endpoint', { id: null, name: 'GitLab', ...form })).toBeUndefined();
  const endpointId = postal.state().endpoints.at(-1)?.id ?? 0;
  expect(postal.act('postal-route', { name: 'gitlab', endpointId })).toBeUndefined();
  return { endpointId, routeId: postal.state().routes.at(-1)?.id ?? 0 };
};

const send = (routeId: number): void => expect(postal.act('postal-message', { routeId })).toBeUndefined();

const lastDelivery = () => postal.state().deliveries[0];
/** Waits for the newest delivery to be of this status, and gives its words. */
const delivered = async (status: string): Promise<readonly (string | null)[]> => {
  await expect.poll(() => lastDelivery()?.status, { timeout: 20_000 }).toBe(status);
  const last = lastDelivery();
  return [last?.details ?? null, last?.output ?? null];
};

const address = (given: SMTPServerAddress | false | undefined): string =>
  given === false || given === undefined ? '' : given.address;

const webhooks = () => postal.sent.filter((message) => message.kind === 'webhook');
const lastSnapshot = () => {
  const last = postal.sent.filter((message) => message.kind === 'report').at(-1);
  const read = last && readSnapshotReport(gunzipSync(Buffer.from(last.packed, 'base64')).toString('utf8'));
  if (read === undefined || typeof read === 'string') throw new Error(read ?? 'no snapshot came');
  return read.snapshot;
};

describe('a message for an endpoint of the local Postal', () => {
  test('waits while the hostname is an IP address, and is delivered once it is a name', async () => {
    resolveTo('127.20.0.11');
    const { endpointId, routeId } = enter({ hostname: '127.20.0.11' });
    send(routeId);
    expect(await delivered('SoftFail')).toEqual([noHosts, null]);
    await expect.poll(() => postal.state().queue[0]?.attempts, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    const changed = { serverId: 1, name: 'GitLab', hostname: host, port: portOf('starttls'), sslMode: 'Auto' } as const;
    expect(postal.act('postal-endpoint', { id: endpointId, ...changed })).toBeUndefined();
    expect(await delivered('Sent')).toEqual([
      `Message for gitlab@acme.example accepted by 127.20.0.11:${portOf('starttls')} (${host})`,
      '250 Dropped: this is a sample server',
    ]);
    expect(postal.state().queue).toEqual([]);
  });

  test('waits while its mail server is stopped, with the words of the connection', async () => {
    resolveTo('127.20.0.11');
    await postal.samples.starttls.close();
    const { endpointId, routeId } = enter({});
    send(routeId);
    const began = Date.now();
    expect(await delivered('SoftFail')).toEqual([
      `No SMTP servers were available for acme.example. Tried ${host}.`,
      `Connection refused - connect(2) for "127.20.0.11" port ${portOf('starttls')}`,
    ]);
    expect(postal.state().queue).toMatchObject([{ endpointId, endpointName: 'GitLab', count: 1 }]);
    expect(Math.abs((postal.state().queue[0]?.oldestAtMs ?? 0) - began)).toBeLessThan(1000);
    await postal.samples.starttls.start();
    await delivered('Sent');
  });

  test.each([
    ['TLS', 'implicit-tls', 'SoftFail', 'certificate verify failed (self-signed certificate)'],
    ['Auto', 'refuses', 'SoftFail', '554 refuses.sample No SMTP service here'],
    ['None', 'plaintext', 'Sent', '250 Dropped'],
  ] as const)('in mode %s at the sample %s ends as %s', async (sslMode, name, status, output) => {
    resolveTo(postal.samples[name].addresses[0] ?? '');
    send(enter({ sslMode, port: portOf(name) }).routeId);
    expect((await delivered(status))[1]).toContain(output);
  });

  test('goes out in plaintext in mode STARTTLS, and that is in the snapshot', async () => {
    resolveTo('127.20.0.11');
    const { endpointId, routeId } = enter({ sslMode: 'STARTTLS' });
    send(routeId);
    await delivered('Sent');
    await expect.poll(() => lastSnapshot().deliveries.get(endpointId)?.sentPlaintext, { timeout: 20_000 }).toBe(1);
  });

  test('goes to the second address where the first refuses connections', async () => {
    resolveTo('127.20.0.17', '127.20.0.16');
    send(enter({}).routeId);
    expect((await delivered('Sent'))[0]).toContain('accepted by 127.20.0.16:');
  });

  test('reaches the first mail server alone, with Postal’s sender, one header on top', async () => {
    const taken: { readonly from: string; readonly to: string; text: string }[] = [];
    const sink = await startMailSink('127.20.0.19', 0, {
      disabledCommands: ['STARTTLS'],
      onData: (stream, { envelope }, callback) => {
        const mail = { from: address(envelope.mailFrom), to: address(envelope.rcptTo[0]), text: '' };
        taken.push(mail);
        stream.on('data', (chunk) => (mail.text += String(chunk))).on('end', () => callback());
      },
    });
    let connections = 0;
    const second = await startRawListener('127.20.0.20', sink.port, (socket) => {
      connections += 1;
      socket.end();
    });
    try {
      resolveTo('127.20.0.19', '127.20.0.20');
      send(enter({ port: String(sink.port) }).routeId);
      await delivered('Sent');
      expect(connections).toBe(0);
      expect(taken).toEqual([
        {
          from: 'acmepr@rp.postal.example.com',
          to: 'gitlab@acme.example',
          text: expect.stringMatching(
            /^Resent-Sender: acmepr@rp\.postal\.example\.com\r\n[\s\S]*Subject: Sample message/,
          ),
        },
      ]);
    } finally {
      await Promise.all([sink.close(), second.close()]);
    }
  });

  test('fails untried with the others of its batch, where the first finds no way in', async () => {
    await postal[Symbol.asyncDispose]();
    // At Postal's own pace nothing is tried a second time meanwhile.
    postal = await postalUnderTest(undefined, 1);
    let connections = 0;
    const refusing = await startRawListener('127.20.0.19', 0, (socket) => {
      connections += 1;
      socket.end('554 No service\r\n');
    });
    try {
      resolveTo('127.20.0.19');
      const { routeId } = enter({ port: String(refusing.port) });
      for (let count = 0; count < 3; count += 1) send(routeId);
      await expect.poll(() => postal.state().deliveries.map(({ status }) => status)).toEqual(Array(3).fill('SoftFail'));
      expect(connections).toBe(1);
    } finally {
      await refusing.close();
    }
  });

  test('is held by a mail server in development', async () => {
    const { routeId } = enter({ serverId: 2 });
    send(routeId);
    expect(await delivered('Held')).toEqual(['Server is in development mode.', null]);
    await expect
      .poll(() => webhooks().map(({ server, event }) => [server, event.status]), { timeout: 20_000 })
      .toEqual([['acme/staging', 'Held']]);
  });

  test('bounces when its endpoint was deleted, and the route refuses what comes after it', async () => {
    await postal.samples.starttls.close();
    resolveTo('127.20.0.11');
    const { endpointId, routeId } = enter({});
    send(routeId);
    await delivered('SoftFail');
    expect(postal.act('delete-postal-endpoint', { id: endpointId })).toBeUndefined();
    expect((await delivered('HardFail'))[0]).toMatch(
      /^Message has been bounced because the route asks for this\. See message <msg:\d+>$/,
    );
    expect(postal.act('postal-message', { routeId })).toBe('550 Route does not accept incoming messages');
  });

  test('is lost without a bounce when its route was deleted', async () => {
    await postal.samples.starttls.close();
    resolveTo('127.20.0.11');
    const { routeId } = enter({});
    send(routeId);
    await delivered('SoftFail');
    expect(postal.act('delete-postal-route', { id: routeId })).toBeUndefined();
    expect((await delivered('HardFail'))[0]).toBe(
      'Message does not have a route and/or endpoint available for delivery.',
    );
  });
});

describe('what the local Postal tells the bot', () => {
  test('is a snapshot after a change, with what waits, and a signed webhook for each delivery', async () => {
    const { endpointId, routeId } = enter({ hostname: '127.20.0.11' });
    send(routeId);
    send(routeId);
    await expect.poll(() => lastSnapshot().deliveries.get(endpointId)?.failingNow, { timeout: 20_000 }).toBe(true);
    const { endpoints, routes, queue, deliveries } = lastSnapshot();
    expect(endpoints).toMatchObject([{ id: endpointId, name: 'GitLab', hostname: '127.20.0.11', wasUsed: false }]);
    expect(routes).toMatchObject([{ id: routeId, address: 'gitlab@acme.example', endpointId }]);
    expect(queue).toMatchObject([
      { batchKey: `incoming-rt:${routeId}-ep:${endpointId}-SMTPEndpoint`, count: 2, tried: 2 },
    ]);
    expect(deliveries.get(endpointId)?.lastFailure).toEqual({ status: 'SoftFail', details: noHosts, output: null });
    expect(webhooks()[0]).toMatchObject({ server: 'acme/production', event: { status: 'SoftFail', details: noHosts } });
    expect(new Set(webhooks().map(({ event }) => event.uuid)).size).toBe(webhooks().length);
  });

  test('is sent again where it was not taken', async () => {
    resolveTo('127.20.0.11');
    const { routeId } = enter({});
    await expect.poll(() => lastSnapshot().routes.length, { timeout: 20_000 }).toBe(1);
    postal.failRequests(4);
    send(routeId);
    await delivered('Sent');
    await expect.poll(() => webhooks().map(({ event }) => event.status), { timeout: 20_000 }).toEqual(['Sent']);
  });

  test('stays the same over a restart, and what waits is tried again', async () => {
    await postal.samples.starttls.close();
    resolveTo('127.20.0.11');
    const { routeId } = enter({});
    send(routeId);
    await delivered('SoftFail');
    const { endpoints, routes, queue } = postal.state();
    await postal.restart();
    expect(postal.state()).toMatchObject({
      endpoints,
      routes,
      queue: [{ oldestAtMs: queue[0]?.oldestAtMs, count: 1 }],
    });
    await postal.samples.starttls.start();
    await delivered('Sent');
  });
});
