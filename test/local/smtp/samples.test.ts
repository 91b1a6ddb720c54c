import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SampleName, type SmtpSample, sampleNames, startSmtpSamples } from '../../../lib/local/smtp/samples.ts';

let samples: readonly SmtpSample[];
const sockets = new Set<Socket>();

beforeAll(async () => {
  samples = await startSmtpSamples({
    port: 0,
    implicitTlsPort: 0,
    certificateNames: ['*.mail.corp.internal'],
    nowEpochMs: Date.now(),
  });
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(samples.map((sample) => sample.close()));
});

const sampleOf = (name: SampleName): SmtpSample => {
  const sample = samples.find((one) => one.name === name);
  if (!sample) throw new Error(`no sample ${name}`);
  return sample;
};

const open = (sample: SmtpSample, address = sample.addresses[0] ?? ''): Socket => {
  const socket = connect({ host: address, port: sample.port });
  sockets.add(socket);
  return socket;
};

/** Sends a command, where there is one, and reads one whole reply. */
const converse = (socket: Socket) => {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return async (command?: string): Promise<readonly string[]> => {
    if (command !== undefined) socket.write(`${command}\r\n`);
    const reply: string[] = [];
    for (;;) {
      const { value, done } = await lines.next();
      if (done) return reply;
      reply.push(value);
      if (/^\d{3} /.test(value)) return reply;
    }
  };
};

const deliver = async (say: (command?: string) => Promise<readonly string[]>): Promise<readonly string[]> => {
  await say('MAIL FROM:<a@example.com>');
  await say('RCPT TO:<b@example.com>');
  await say('DATA');
  return say('Subject: x\r\n\r\nbody\r\n.');
};

test('there is one of each, on a loopback address of its own', () => {
  expect(samples.map((sample) => sample.name)).toEqual(sampleNames);
  const addresses = samples.flatMap((sample) => sample.addresses);
  expect(new Set(addresses).size).toBe(addresses.length);
  for (const address of addresses) expect(address).toMatch(/^127\.20\.0\.\d+$/);
});

describe('the sample', () => {
  test('starttls upgrades with the certificate asked for and takes mail', async () => {
    const socket = open(sampleOf('starttls'));
    const say = converse(socket);
    expect(await say()).toEqual(['220 starttls.sample ESMTP sample with STARTTLS']);
    expect(await say('EHLO test')).toContainEqual(expect.stringMatching(/^250[- ]STARTTLS$/));
    expect(await say('STARTTLS')).toEqual([expect.stringMatching(/^220 /)]);
    const secured = connectTls({ socket, rejectUnauthorized: false });
    await once(secured, 'secureConnect');
    expect(secured.getPeerCertificate().subjectaltname).toBe('DNS:*.mail.corp.internal');
    const saySecurely = converse(secured);
    await saySecurely('EHLO test');
    expect(await deliver(saySecurely)).toEqual(['250 Dropped: this is a sample server']);
  });

  test('plaintext offers no encryption and takes mail', async () => {
    const say = converse(open(sampleOf('plaintext')));
    await say();
    expect((await say('EHLO test')).join()).not.toMatch(/STARTTLS|AUTH/);
    expect(await deliver(say)).toEqual(['250 Dropped: this is a sample server']);
  });

  test('implicit-tls speaks TLS from the first byte', async () => {
    const { addresses, port } = sampleOf('implicit-tls');
    const socket = connectTls({ host: addresses[0] ?? '', port, rejectUnauthorized: false });
    sockets.add(socket);
    const say = converse(socket);
    expect(await say()).toEqual(['220 tls.sample ESMTP sample with implicit TLS']);
    await say('EHLO test');
    expect(await deliver(say)).toEqual(['250 Dropped: this is a sample server']);
  });

  test('refuses says 554 and hangs up', async () => {
    const socket = open(sampleOf('refuses'));
    expect(await converse(socket)()).toEqual(['554 refuses.sample No SMTP service here']);
    await once(socket, 'close');
  });

  test('silent accepts the connection and sends nothing, whatever it hears', async () => {
    const socket = open(sampleOf('silent'));
    let received = 0;
    socket.on('data', (data) => {
      received += data.length;
    });
    await once(socket, 'connect');
    socket.end('EHLO test\r\nQUIT\r\n');
    // It hangs up in answer to the FIN: whatever it had to say would have come before.
    await once(socket, 'close');
    expect(received).toBe(0);
  });

  test('half-dead answers at its first address and refuses at its second', async () => {
    const sample = sampleOf('half-dead');
    expect(await converse(open(sample, sample.addresses[0]))()).toEqual([expect.stringMatching(/^220 /)]);
    const [error] = await once(
      open(sample, sample.addresses[1]).on('connect', () => undefined),
      'error',
    );
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

test('closed, none answers any more; and a port that is taken is an error that leaves nothing open', async () => {
  const more = await startSmtpSamples({
    port: 0,
    implicitTlsPort: 0,
    certificateNames: ['a.internal'],
    nowEpochMs: Date.now(),
  });
  const [silent, others] = [more.find(({ name }) => name === 'silent'), more.filter(({ name }) => name !== 'silent')];
  await Promise.all(others.map((sample) => sample.close()));
  const taken = silent?.port ?? 0;
  await expect(
    startSmtpSamples({ port: taken, implicitTlsPort: 0, certificateNames: ['a.internal'], nowEpochMs: Date.now() }),
  ).rejects.toMatchObject({ code: 'EADDRINUSE', address: '127.20.0.15' });
  await silent?.close();
  for (const sample of more) {
    const [error] = await once(open(sample), 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  }
});

test('stopped, one refuses connections and has ended those it had; started, it is back where it was', async () => {
  const sample = sampleOf('plaintext');
  const { port } = sample;
  const socket = open(sample);
  await converse(socket)();
  await Promise.all([sample.close(), once(socket, 'close')]);
  expect(sample.isUp()).toBe(false);
  const [error] = await once(open(sample), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });

  // However fast somebody clicks.
  await Promise.all([sample.start(), sample.start(), sample.close(), sample.start()]);
  expect(sample).toMatchObject({ port });
  expect(sample.isUp()).toBe(true);
  expect(await converse(open(sample))()).toEqual([expect.stringMatching(/^220 /)]);
});
