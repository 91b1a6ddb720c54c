import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import * as dnsPacket from 'dns-packet';
import { expect, test } from 'vitest';
import { type NameserverMode, zoneOf } from './dns-answer.ts';
import { startNameserver } from './nameserver.ts';
import { reservePort } from './reserved-port.ts';
import type { DnsName } from './scenario.ts';

const start = async (names: Readonly<Record<string, DnsName>>, mode: NameserverMode = 'zone', ip = '127.53.53.1') => {
  await using starting = new AsyncDisposableStack();
  const { port } = starting.use(await reservePort());
  const nameserver = starting.use(await startNameserver({ ip, port, mode, zone: zoneOf(names) }));
  const resolver = new Resolver({ timeout: 10_000, tries: 1 });
  resolver.setServers([`${ip}:${port}`]);
  const running = starting.move();
  return { resolver, asked: nameserver.asked, ip, port, [Symbol.asyncDispose]: () => running.disposeAsync() };
};

/** One question over UDP, and the message that comes back. */
const ask = async (
  { ip, port }: { readonly ip: string; readonly port: number },
  name: string,
  type: 'A' | 'AAAA' | 'CNAME',
) => {
  const socket = createSocket('udp4');
  try {
    socket.send(
      dnsPacket.encode({ type: 'query', id: 4711, flags: dnsPacket.RECURSION_DESIRED, questions: [{ name, type }] }),
      port,
      ip,
    );
    const [message] = (await once(socket, 'message', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    return { octets: message.length, ...dnsPacket.decode(message) };
  } finally {
    socket.close();
  }
};

test('a zone answers with its records, in their order', async () => {
  await using server = await start({
    'Two.oracle.test.': { A: ['127.77.0.2', '127.77.0.1'], AAAA: ['::ffff:127.77.0.1'] },
  });
  expect(await server.resolver.resolve4('two.oracle.test')).toEqual(['127.77.0.2', '127.77.0.1']);
  expect(await server.resolver.resolve6('two.oracle.test')).toEqual(['::ffff:127.77.0.1']);
});

test('a wildcard covers every name below it, at any depth', async () => {
  await using server = await start({ '*.corp.test': { A: ['127.77.0.1'] } });
  expect(await server.resolver.resolve4('a.b.corp.test')).toEqual(['127.77.0.1']);
  await expect(server.resolver.resolve4('corp.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('a CNAME is followed, unless the option forbids it; its letters stay as they are written', async () => {
  await using server = await start({
    'a.oracle.test': { CNAME: 'B.Oracle.Test' },
    'b.oracle.test': { A: ['127.77.0.1'] },
    'c.oracle.test': { CNAME: 'b.oracle.test', nochase: true },
  });
  const answers = (await ask(server, 'A.oracle.test', 'A')).answers?.map((answer) => [
    answer.name,
    answer.type,
    'data' in answer ? answer.data : '',
  ]);
  expect(answers).toEqual([
    ['A.oracle.test', 'CNAME', 'B.Oracle.Test'],
    ['b.oracle.test', 'A', '127.77.0.1'],
  ]);
  expect((await ask(server, 'c.oracle.test', 'A')).answers).toMatchObject([{ type: 'CNAME', data: 'b.oracle.test' }]);
});

test('a circle of CNAMEs is SERVFAIL, a CNAME to nowhere NXDOMAIN, a missing type NODATA', async () => {
  await using server = await start({
    'a.oracle.test': { CNAME: 'b.oracle.test' },
    'b.oracle.test': { CNAME: 'a.oracle.test' },
    'c.oracle.test': { CNAME: 'nowhere.oracle.test' },
    'd.oracle.test': { TXT: ['x'] },
  });
  expect(await ask(server, 'a.oracle.test', 'A')).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  expect(await ask(server, 'c.oracle.test', 'A')).toMatchObject({
    rcode: 'NXDOMAIN',
    answers: [{ type: 'CNAME' }],
    authorities: [{ type: 'SOA' }],
  });
  expect(await ask(server, 'd.oracle.test', 'A')).toMatchObject({
    rcode: 'NOERROR',
    answers: [],
    authorities: [{ type: 'SOA' }],
  });
});

test('one type of a name can fail alone', async () => {
  await using server = await start({ 'a.oracle.test': { AAAA: ['::1'], by_type: { A: { rcode: 'SERVFAIL' } } } });
  expect(await ask(server, 'a.oracle.test', 'A')).toMatchObject({ rcode: 'SERVFAIL' });
  expect(await server.resolver.resolve6('a.oracle.test')).toEqual(['::1']);
});

test('a truncated answer is whole over TCP', async () => {
  await using server = await start({ 'a.oracle.test': { A: ['127.77.0.1'], truncate: true } });
  expect(await ask(server, 'a.oracle.test', 'A')).toMatchObject({ flag_tc: true, answers: [] });
  expect(await server.resolver.resolve4('a.oracle.test')).toEqual(['127.77.0.1']);
  expect(server.asked.at(-1)).toBe('tcp A a.oracle.test');
});

test('an answer over 512 octets goes out over UDP all the same', async () => {
  await using server = await start({
    'big.oracle.test': { A: Array.from({ length: 40 }, (_, index) => `127.77.1.${index}`) },
  });
  const reply = await ask(server, 'big.oracle.test', 'A');
  expect(reply.octets).toBeGreaterThan(512);
  expect(reply).toMatchObject({ flag_tc: false });
  expect(reply.answers).toHaveLength(40);
});

test('a late answer comes late', async () => {
  await using server = await start({ 'slow.oracle.test': { A: ['127.77.0.1'], delay: 0.3 } });
  const before = performance.now();
  expect(await server.resolver.resolve4('slow.oracle.test')).toEqual(['127.77.0.1']);
  expect(performance.now() - before).toBeGreaterThan(290);
});

test.each([
  ['SERVFAIL', '127.53.53.2'],
  ['REFUSED', '127.53.53.4'],
  ['NXDOMAIN', '127.53.53.6'],
] as const)('a nameserver can answer everything with %s', async (mode, ip) => {
  await using server = await start({ 'a.oracle.test': { A: ['127.77.0.1'] } }, mode, ip);
  expect(await ask(server, 'a.oracle.test', 'A')).toMatchObject({ rcode: mode, answers: [] });
});

test('a silent nameserver hears and says nothing', async () => {
  await using server = await start({ 'a.oracle.test': { A: ['127.77.0.1'] } }, 'silent', '127.53.53.3');
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([`${server.ip}:${server.port}`]);
  await expect(resolver.resolve4('a.oracle.test')).rejects.toMatchObject({ code: 'ETIMEOUT' });
  expect(server.asked).toEqual(['udp A a.oracle.test']);
});

test('a name longer than DNS allows is FORMERR without its question', async () => {
  await using server = await start({});
  const name = Array.from({ length: 5 }, () => 'b'.repeat(55)).join('.');
  expect(await ask(server, name, 'A')).toMatchObject({ rcode: 'FORMERR', questions: [] });
});
