import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { decode, encode, type Packet, RECURSION_DESIRED, type RecordType } from 'dns-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatTxt } from '../../lib/core/dns/txt-value.ts';
import { createDnsServer, type DnsServer } from '../../lib/local/dns-server.ts';
import type { ZoneSeed } from '../../lib/local/route53/zone.ts';
import { dig, digMissing } from '../support/dig.ts';
import { type LocalRoute53Harness, startLocalRoute53 } from '../support/local-route53.ts';

const simple = (name: string, type: string, values: readonly string[], ttlSeconds = 60) => ({
  name,
  type,
  ttlSeconds,
  values,
});

const zones: readonly ZoneSeed[] = [
  {
    id: 'ZCORP',
    name: 'corp.internal',
    recordSets: [
      simple('both.corp.internal', 'A', ['10.0.4.12', '10.0.4.13']),
      simple('both.corp.internal', 'AAAA', ['fd00::1'], 120),
      simple('alias.corp.internal', 'CNAME', ['both.corp.internal.']),
      simple('alias-of-alias.corp.internal', 'CNAME', ['Alias.corp.internal']),
      simple('outside.corp.internal', 'CNAME', ['mx.example.org']),
      simple('dangling.corp.internal', 'CNAME', ['nobody.corp.internal']),
      simple('loop-a.corp.internal', 'CNAME', ['loop-b.corp.internal']),
      simple('loop-b.corp.internal', 'CNAME', ['loop-a.corp.internal']),
      simple('deep.empty.corp.internal', 'A', ['10.0.4.20']),
      simple('*.wild.corp.internal', 'A', ['10.0.4.30']),
      simple('sub.wild.corp.internal', 'TXT', ['"here"']),
      simple('mx.corp.internal', 'MX', ['10 both.corp.internal.']),
      simple('hidden.mail.corp.internal', 'A', ['10.0.4.66']),
      simple(
        'many.corp.internal',
        'A',
        Array.from({ length: 60 }, (_, index) => `10.2.0.${index}`),
      ),
      simple(
        'huge.corp.internal',
        'TXT',
        Array.from({ length: 30 }, (_, index) => formatTxt(`${index} ${'x'.repeat(200)}`)),
      ),
      { ...simple('weighted.corp.internal', 'A', ['10.0.4.40']), setIdentifier: 'a', weight: 0 },
      { ...simple('weighted.corp.internal', 'A', ['10.0.4.41']), setIdentifier: 'b', weight: 5 },
      { ...simple('multi.corp.internal', 'A', ['10.0.4.50']), setIdentifier: 'a', multiValueAnswer: true },
      { ...simple('multi.corp.internal', 'A', ['10.0.4.51']), setIdentifier: 'b', multiValueAnswer: true },
      {
        name: 'lb.corp.internal',
        type: 'A',
        values: [],
        aliasTarget: { hostedZoneId: 'ZCORP', dnsName: 'both.corp.internal.', evaluateTargetHealth: false },
      },
    ],
  },
  { id: 'ZMAIL', name: 'mail.corp.internal', recordSets: [simple('in.mail.corp.internal', 'A', ['10.0.5.1'])] },
];

let harness: LocalRoute53Harness;
let server: DnsServer;
let port: number;

beforeEach(async () => {
  harness = await startLocalRoute53({ zones, insyncDelayMs: 1_000 });
  server = createDnsServer({ zones: harness.route53.zones });
  ({ port } = await server.listen());
});
afterEach(async () => {
  await server.close();
  await harness.route53.close();
});

const sendUdp = async (message: Buffer): Promise<Buffer> => {
  const socket = createSocket('udp4');
  try {
    socket.send(message, port, '127.0.0.1');
    const [reply] = await once(socket, 'message', { signal: AbortSignal.timeout(10_000) });
    return reply as Buffer;
  } finally {
    socket.close();
  }
};

const question = (
  name: string,
  type: 'A' | 'AAAA' | 'TXT' | 'MX' | 'SOA' | 'NS' | 'ANY' | 'AXFR' | 'CNAME',
  more: Partial<Packet> = {},
): Buffer =>
  encode({
    type: 'query',
    id: 4_711,
    flags: RECURSION_DESIRED,
    questions: [{ name, type: type as RecordType }],
    ...more,
  });

const ask = async (...parameters: Parameters<typeof question>) => decode(await sendUdp(question(...parameters)));

/** dns-packet reads the rcode, but its types do not say so. */
const rcodeOf = (packet: Packet): number => (packet.flags ?? 0) & 0xf;
const data = (packet: Packet): readonly unknown[] =>
  (packet.answers ?? []).map((answer) => ('data' in answer ? answer.data : undefined));

describe('the local DNS server', () => {
  test('answers A and AAAA with all addresses, authoritatively', async () => {
    const reply = await ask('both.corp.internal', 'A');
    expect([reply.id, reply.flag_aa, reply.flag_rd, reply.flag_tc, rcodeOf(reply)]).toEqual([
      4_711,
      true,
      true,
      false,
      0,
    ]);
    expect(data(reply)).toEqual(['10.0.4.12', '10.0.4.13']);
    expect((await ask('both.corp.internal', 'AAAA')).answers).toMatchObject([{ data: 'fd00::1', ttl: 120 }]);
  });

  test('folds case, and answers under the name as it was asked for', async () => {
    expect((await ask('BoTh.CORP.internal', 'AAAA')).answers).toMatchObject([
      { name: 'BoTh.CORP.internal', data: 'fd00::1' },
    ]);
  });

  test.each([
    ['alias.corp.internal', ['both.corp.internal', '10.0.4.12', '10.0.4.13']],
    ['alias-of-alias.corp.internal', ['Alias.corp.internal', 'both.corp.internal', '10.0.4.12', '10.0.4.13']],
    ['outside.corp.internal', ['mx.example.org']],
    ['lb.corp.internal', ['10.0.4.12', '10.0.4.13']],
    ['weighted.corp.internal', ['10.0.4.41']],
    ['multi.corp.internal', ['10.0.4.50', '10.0.4.51']],
    ['x.wild.corp.internal', ['10.0.4.30']],
    ['x.y.wild.corp.internal', ['10.0.4.30']],
  ])('follows %s', async (name, expected) => {
    const reply = await ask(name, 'A');
    expect([rcodeOf(reply), data(reply)]).toEqual([0, expected]);
  });

  test('a CNAME asked for itself is not followed', async () => {
    expect(data(await ask('alias.corp.internal', 'CNAME'))).toEqual(['both.corp.internal']);
  });

  test.each<[string, 'A' | 'AAAA' | 'MX' | 'TXT', number]>([
    ['nobody.corp.internal', 'A', 3],
    ['in.corp.internal', 'A', 3],
    ['both.corp.internal', 'TXT', 0],
    ['empty.corp.internal', 'A', 0],
    ['x.empty.corp.internal', 'A', 3],
    ['x.wild.corp.internal', 'TXT', 0],
    ['sub.wild.corp.internal', 'A', 0],
    ['x.sub.wild.corp.internal', 'A', 3],
    ['hidden.mail.corp.internal', 'A', 3],
    ['corp.internal', 'A', 0],
  ])('%s %s has no answer, rcode %i, and the SOA that says how long', async (name, type, rcode) => {
    const reply = await ask(name, type);
    expect([rcodeOf(reply), reply.answers]).toEqual([rcode, []]);
    const zone = name.endsWith('mail.corp.internal') ? 'mail.corp.internal' : 'corp.internal';
    expect(reply.authorities).toMatchObject([{ type: 'SOA', name: zone, ttl: 900, data: { minimum: 86_400 } }]);
  });

  test('a CNAME to a name that does not exist is NXDOMAIN with the CNAME', async () => {
    const reply = await ask('dangling.corp.internal', 'A');
    expect([rcodeOf(reply), data(reply), reply.authorities?.length]).toEqual([3, ['nobody.corp.internal'], 1]);
  });

  test('a circle of CNAMEs is SERVFAIL', async () => {
    expect(rcodeOf(await ask('loop-a.corp.internal', 'A'))).toBe(2);
  });

  test.each<[string, 'A' | 'AXFR']>([
    ['example.org', 'A'],
    ['fooocorp.internal', 'A'],
    ['internal', 'A'],
    ['.', 'A'],
    ['corp.internal', 'AXFR'],
  ])('%s %s is refused', async (name, type) => {
    const reply = await ask(name, type);
    expect([rcodeOf(reply), reply.answers, reply.flag_aa]).toEqual([5, [], false]);
  });

  test('SOA, NS, MX and ANY', async () => {
    expect((await ask('corp.internal', 'SOA')).answers).toMatchObject([
      { type: 'SOA', ttl: 900, data: { mname: 'ns-1536.awsdns-00.co.uk' } },
    ]);
    expect(data(await ask('corp.internal', 'NS'))).toHaveLength(4);
    expect(data(await ask('mx.corp.internal', 'MX'))).toEqual([{ preference: 10, exchange: 'both.corp.internal' }]);
    expect(data(await ask('both.corp.internal', 'ANY'))).toHaveLength(3);
  });

  test('an answer over 512 bytes is truncated, unless EDNS allows more', async () => {
    const short = await ask('many.corp.internal', 'A');
    expect([short.flag_tc, short.answers, short.additionals]).toEqual([true, [], []]);
    const opt = { type: 'OPT', name: '.', udpPayloadSize: 4_096, flags: 0, options: [] } as const;
    const long = await ask('many.corp.internal', 'A', { additionals: [opt as never] });
    expect([long.flag_tc, long.answers?.length, long.additionals?.[0]?.type]).toEqual([false, 60, 'OPT']);
  });

  test('other opcodes and questions that are not exactly one get an error', async () => {
    expect(rcodeOf(await ask('corp.internal', 'A', { flags: 2 << 11 }))).toBe(4);
    expect(rcodeOf(await ask('corp.internal', 'A', { questions: [] }))).toBe(1);
  });

  test('malformed messages and responses are ignored, and the server goes on', async () => {
    const socket = createSocket('udp4');
    const replies: Buffer[] = [];
    socket.on('message', (reply) => replies.push(reply));
    const junk = [
      Buffer.alloc(0),
      Buffer.from([1, 2, 3]),
      Buffer.alloc(12, 0xff),
      question('both.corp.internal', 'A').subarray(0, 20),
    ];
    const response = encode({ type: 'response', id: 1, questions: [{ name: 'both.corp.internal', type: 'A' }] });
    for (const message of [...junk, response, question('both.corp.internal', 'AAAA')])
      socket.send(message, port, '127.0.0.1');
    await once(socket, 'message', { signal: AbortSignal.timeout(10_000) });
    expect(data(await ask('both.corp.internal', 'AAAA'))).toEqual(['fd00::1']);
    expect(replies.map((reply) => data(decode(reply)))).toEqual([['fd00::1']]);
    socket.close();
  });

  test('over TCP, two questions that arrive octet by octet get two whole answers', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const framed = ['many.corp.internal', 'both.corp.internal'].map((name) => {
      const message = question(name, 'A');
      return Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message]);
    });
    socket.setNoDelay(true);
    for (const octet of Buffer.concat(framed)) socket.write(Buffer.from([octet]));
    let received = Buffer.alloc(0);
    const answers: number[] = [];
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        answers.push(decode(received.subarray(2, end)).answers?.length ?? -1);
        received = received.subarray(end);
      }
      if (answers.length === 2) break;
    }
    expect(answers).toEqual([60, 2]);
  });

  test('a change is served once it is INSYNC, not while it is PENDING', async () => {
    const signal = new AbortController().signal;
    const recordSet = simple('new.corp.internal', 'A', ['10.0.4.99']);
    expect(await harness.store.submit('ZCORP', [{ action: 'CREATE', recordSet }], 'dns', signal)).toMatchObject({
      kind: 'accepted',
    });
    expect(rcodeOf(await ask('new.corp.internal', 'A'))).toBe(3);
    await harness.clock.advance(1_000);
    expect(data(await ask('new.corp.internal', 'A'))).toEqual(['10.0.4.99']);
  });

  test('a port that is taken is an error, and close lets it go', async () => {
    const other = createDnsServer({ zones: harness.route53.zones });
    await expect(other.listen(port)).rejects.toThrow('EADDRINUSE');
    await server.close();
    expect(await other.listen(port)).toEqual({ address: '127.0.0.1', port });
    await other.close();
  });
});

describe.skipIf(digMissing !== undefined)(
  `dig asks the local DNS server${digMissing === undefined ? '' : ` (${digMissing})`}`,
  () => {
    const signal = new AbortController().signal;
    const add = async (...recordSets: readonly ReturnType<typeof simple>[]) => {
      const changes = recordSets.map((recordSet) => ({ action: 'CREATE' as const, recordSet }));
      expect(await harness.store.submit('ZCORP', changes, 'dig', signal)).toMatchObject({ kind: 'accepted' });
      await harness.clock.advance(1_000);
    };

    test('after an add: A, AAAA, the marker, and CNAME', async () => {
      await add(
        simple('gitlab.corp.internal', 'A', ['10.0.4.12', '10.0.4.13']),
        simple('gitlab.corp.internal', 'AAAA', ['fd00::1']),
        simple('_postal-endpoint.gitlab.corp.internal', 'TXT', [formatTxt('v=1 generation=1 note="é;\\"')]),
        simple('git.corp.internal', 'CNAME', ['gitlab.corp.internal']),
      );
      const a = await dig(port, 'gitlab.corp.internal', 'A');
      expect(a).toMatchObject({
        status: 'NOERROR',
        answer: ['10.0.4.12', '10.0.4.13'].map((address) => ({
          name: 'gitlab.corp.internal.',
          ttlSeconds: 60,
          type: 'A',
          data: address,
        })),
      });
      expect(a.flags).toEqual(['qr', 'aa', 'rd', 'ra']);
      expect((await dig(port, 'gitlab.corp.internal', 'AAAA')).answer.map((record) => record.data)).toEqual([
        'fd00::1',
      ]);
      expect(
        (await dig(port, '_postal-endpoint.gitlab.corp.internal', 'TXT')).answer.map((record) => record.data),
      ).toEqual(['"v=1 generation=1 note=\\"\\195\\169;\\\\\\""']);
      expect((await dig(port, 'git.corp.internal', 'A')).answer.map(({ type, data: value }) => [type, value])).toEqual([
        ['CNAME', 'gitlab.corp.internal.'],
        ['A', '10.0.4.12'],
        ['A', '10.0.4.13'],
      ]);
    });

    test('NXDOMAIN and NODATA with the SOA', async () => {
      for (const [name, type, status] of [
        ['nobody.corp.internal', 'A', 'NXDOMAIN'],
        ['both.corp.internal', 'HTTPS', 'NOERROR'],
      ] as const) {
        const reply = await dig(port, name, type);
        expect(reply).toMatchObject({
          status,
          answer: [],
          authority: [{ name: 'corp.internal.', ttlSeconds: 900, type: 'SOA' }],
        });
      }
    });

    test('truncation: dig asks again over TCP', async () => {
      const truncated = await dig(port, 'many.corp.internal', 'A', '+noedns', '+ignore');
      expect([truncated.flags.includes('tc'), truncated.answer.length]).toEqual([true, 0]);
      const whole = await dig(port, 'many.corp.internal', 'A', '+noedns');
      expect(whole.text).toContain('Truncated, retrying in TCP mode');
      expect(whole.answer).toHaveLength(60);
      expect((await dig(port, 'huge.corp.internal', 'TXT')).answer).toHaveLength(30);
    });

    test('TCP, the root, and an unknown type', async () => {
      expect((await dig(port, 'both.corp.internal', 'A', '+tcp')).answer).toHaveLength(2);
      expect((await dig(port, '.', 'NS')).status).toBe('REFUSED');
      expect((await dig(port, 'both.corp.internal', 'TYPE65280')).status).toBe('NOERROR');
    });
  },
);
