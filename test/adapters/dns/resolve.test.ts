import { createSocket } from 'node:dgram';
import * as dnsPacket from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { resolve as resolveAsPostal } from '../../../lib/adapters/dns/resolve.ts';
import type { Nameserver } from '../../../lib/core/postal/nameserver.ts';
import type { Resolution } from '../../../lib/core/probe-report/report.ts';
import { addressRecord, cnameRecord, type DnsScript, soaRecord, startDns, zone } from '../../support/scripted-dns.ts';

const name = 'mail.example.test';
const both = ['AAAA', 'A'] as const;
const never = new AbortController().signal;
const patientMs = 1900;

const resolve = (
  hostname: string,
  recordTypes: readonly ('AAAA' | 'A')[],
  nameservers: readonly Nameserver[],
  dnsTimeoutMs: number,
  signal: AbortSignal,
  osHostname?: string,
): Promise<Resolution> => resolveAsPostal(hostname, recordTypes, { nameservers, dnsTimeoutMs, osHostname }, signal);

const resolveWith = async (
  script: DnsScript,
  recordTypes: readonly ('AAAA' | 'A')[] = ['A'],
  dnsTimeoutMs = patientMs,
) => {
  await using dns = await startDns(script);
  return { ...(await resolve(name, recordTypes, [dns.nameserver], dnsTimeoutMs, never)), asked: [...dns.asked] };
};

describe('resolve', () => {
  it('asks AAAA and A apart and puts all AAAA first, in answer order', async () => {
    const records = [
      addressRecord(name, '10.0.0.2'),
      addressRecord(name, '10.0.0.1'),
      addressRecord(name, 'fd00:0:0::2'),
      addressRecord(name, '::ffff:127.77.0.1'),
    ];
    const { addresses, answers, asked } = await resolveWith(zone(records), both);
    expect(addresses).toEqual(['fd00::2', '::ffff:7f4d:1', '10.0.0.2', '10.0.0.1']);
    expect([...asked].sort()).toEqual([`udp A ${name}`, `udp AAAA ${name}`]);
    expect(answers.map(({ type, rcode, transport }) => [type, rcode, transport])).toEqual([
      ['AAAA', 'NOERROR', 'udp'],
      ['A', 'NOERROR', 'udp'],
    ]);
    expect(answers[1]?.records[0]).toEqual({ name, type: 'A', ttlSeconds: 60, data: '10.0.0.2' });
  });

  it('leaves out a type that is not worth asking for', async () => {
    const { asked } = await resolveWith(zone([addressRecord(name, '10.0.0.1')]), ['A']);
    expect(asked).toEqual([`udp A ${name}`]);
  });

  it('names an address once that an answer names twice', async () => {
    expect(
      (await resolveWith(zone([addressRecord(name, '10.0.0.1'), addressRecord(name, '10.0.0.1')]))).addresses,
    ).toEqual(['10.0.0.1']);
  });

  it('asks again by TCP what was truncated', async () => {
    const many = Array.from({ length: 60 }, (_, index) => addressRecord(name, `10.0.0.${index}`));
    const { addresses, answers, asked } = await resolveWith(({ transport }) =>
      transport === 'udp' ? { truncated: true } : { answers: many },
    );
    expect(addresses).toHaveLength(60);
    expect(answers).toMatchObject([{ transport: 'tcp', rcode: 'NOERROR' }]);
    expect(asked).toEqual([`udp A ${name}`, `tcp A ${name}`]);
  });

  it('tells silence by TCP', async () => {
    const { answers } = await resolveWith(
      ({ transport }) => (transport === 'udp' ? { truncated: true } : undefined),
      ['A'],
      150,
    );
    expect(answers).toMatchObject([{ transport: 'tcp', reason: 'timeout', records: [] }]);
  });

  it('keeps NXDOMAIN with how long it will be remembered', async () => {
    const { addresses, answers } = await resolveWith(() => ({
      rcode: 3,
      authorities: [soaRecord('example.test', 900, 86_400)],
    }));
    expect(addresses).toEqual([]);
    expect(answers).toMatchObject([{ rcode: 'NXDOMAIN', soa: { zone: 'example.test', negativeTtlSeconds: 900 } }]);
    expect(
      (await resolveWith(() => ({ rcode: 3, authorities: [soaRecord('example.test', 900, 60)] }))).answers[0]?.soa
        ?.negativeTtlSeconds,
    ).toBe(60);
  });

  it('tells a name without an address from one that does not exist', async () => {
    expect((await resolveWith(() => ({ authorities: [soaRecord('example.test', 60, 60)] }))).answers).toMatchObject([
      { rcode: 'NOERROR', records: [] },
    ]);
  });

  describe('CNAME', () => {
    it('follows a chain within the answer, in any case and order of records', async () => {
      const { addresses, cnameChain, asked } = await resolveWith(() => ({
        answers: [
          cnameRecord('B.example.test', 'c.EXAMPLE.test'),
          cnameRecord(name, 'b.example.test'),
          addressRecord('c.example.test', '10.0.0.9'),
          addressRecord('d.example.test', '10.0.0.10'),
        ],
      }));
      expect({ addresses, cnameChain }).toEqual({
        addresses: ['10.0.0.9'],
        cnameChain: ['b.example.test', 'c.example.test'],
      });
      expect(asked).toHaveLength(1);
    });

    it('asks for the target that the nameserver did not look up, and says so', async () => {
      const { addresses, answers, cnameChain } = await resolveWith(
        zone([cnameRecord(name, 'b.example.test'), addressRecord('b.example.test', '10.0.0.9')]),
      );
      expect({ addresses, cnameChain }).toEqual({ addresses: ['10.0.0.9'], cnameChain: ['b.example.test'] });
      expect(answers.map((answer) => answer.name)).toEqual([undefined, 'b.example.test']);
    });

    it('does not ask again where the nameserver says that the target has none', async () => {
      const { addresses, asked } = await resolveWith(() => ({
        answers: [cnameRecord(name, 'b.example.test')],
        authorities: [soaRecord('example.test', 60, 60)],
      }));
      expect({ addresses, asked }).toEqual({ addresses: [], asked: [`udp A ${name}`] });
    });

    it.each([
      [
        'within one answer',
        () => ({ answers: [cnameRecord(name, 'b.example.test'), cnameRecord('b.example.test', name)] }),
      ],
      ['onto itself', () => ({ answers: [cnameRecord(name, name)] })],
      ['from answer to answer', zone([cnameRecord(name, 'b.example.test'), cnameRecord('b.example.test', name)])],
    ] as const)('ends a loop %s', async (_name, script: DnsScript) => {
      const { addresses, asked } = await resolveWith(script);
      expect(addresses).toEqual([]);
      expect(asked.length).toBeLessThanOrEqual(2);
    });

    it('ends a chain that never ends', async () => {
      const { addresses, asked, cnameChain } = await resolveWith((question) => ({
        answers: [cnameRecord(question.name, `${question.count}.example.test`)],
      }));
      expect(addresses).toEqual([]);
      expect(asked).toHaveLength(8);
      expect(cnameChain.length).toBeLessThanOrEqual(16);
    });
  });

  describe('nameservers', () => {
    const good = zone([addressRecord(name, '10.0.0.1')]);

    it('goes on to the next after silence', async () => {
      await using silent = await startDns(() => undefined);
      await using second = await startDns(good);
      const { addresses, answers } = await resolve(name, ['A'], [silent.nameserver, second.nameserver], 150, never);
      expect(addresses).toEqual(['10.0.0.1']);
      expect(answers.map(({ reason, rcode }) => reason ?? rcode)).toEqual(['timeout', 'NOERROR']);
      expect(answers[0]?.nameserver).toBe(`127.0.0.1:${silent.nameserver.port}`);
    });

    it('goes on at once where nothing listens', async () => {
      await using second = await startDns(good);
      const dead = createSocket('udp4');
      const port = await new Promise<number>((done) => dead.bind(0, '127.0.0.1', () => done(dead.address().port)));
      await new Promise<void>((done) => dead.close(() => done()));
      const { addresses, answers } = await resolve(
        name,
        ['A'],
        [{ address: '127.0.0.1', port }, second.nameserver],
        10_000,
        never,
      );
      expect(addresses).toEqual(['10.0.0.1']);
      expect(answers[0]).toMatchObject({ reason: 'unreachable', records: [] });
    });

    it.each([
      [2, 'SERVFAIL'],
      [5, 'REFUSED'],
      [1, 'FORMERR'],
      [3, 'NXDOMAIN'],
      [11, 'RCODE11'],
    ])('takes rcode %i (%s) of the first for final', async (rcode, rcodeName) => {
      await using first = await startDns(() => ({ rcode }));
      await using second = await startDns(good);
      const { addresses, answers } = await resolve(
        name,
        ['A'],
        [first.nameserver, second.nameserver],
        patientMs,
        never,
      );
      expect({ addresses, rcodes: answers.map((answer) => answer.rcode) }).toEqual({
        addresses: [],
        rcodes: [rcodeName],
      });
      expect(second.asked).toEqual([]);
    });

    it('asks again as Postal does, half as long, and takes an answer to the first try in the second', async () => {
      let firstId: number | undefined;
      const { addresses, asked, answers } = await resolveWith(
        ({ id, count }) => {
          firstId ??= id;
          return count === 1 ? undefined : { id: firstId, answers: [addressRecord(name, '10.0.0.1')] };
        },
        ['A'],
        2000,
      );
      expect(addresses).toEqual(['10.0.0.1']);
      expect(asked).toHaveLength(2);
      expect(answers).toHaveLength(1);
      expect(answers[0]?.durationMs).toBeGreaterThanOrEqual(1990);
    });
  });

  describe('answers that are none', () => {
    const forged = addressRecord(name, '10.6.6.6');
    const right = addressRecord(name, '10.0.0.1');

    it.each<[string, DnsScript]>([
      ['with another id', ({ id }) => [{ id: id ^ 1, answers: [forged] }, { answers: [right] }]],
      [
        'to another name',
        () => [
          { question: { name: 'other.example.test', type: 'A', class: 'IN' }, answers: [forged] },
          { answers: [right] },
        ],
      ],
      [
        'to another type',
        () => [{ question: { name, type: 'TXT', class: 'IN' }, answers: [forged] }, { answers: [right] }],
      ],
      [
        'that are questions',
        ({ id }) => [
          dnsPacket.encode({ type: 'query', id, questions: [{ name, type: 'A' }], answers: [forged] }),
          { answers: [right] },
        ],
      ],
      ['of a few octets', () => [Buffer.from([1, 2, 3]), { answers: [right] }]],
    ])('are passed over: %s', async (_name, script) => {
      expect((await resolveWith(script)).addresses).toEqual(['10.0.0.1']);
    });

    it('takes answers from no one but the nameserver', async () => {
      const answer = (query: Buffer, data: string): Buffer =>
        dnsPacket.encode({
          type: 'response',
          id: query.readUInt16BE(0),
          questions: [{ name, type: 'A' }],
          answers: [addressRecord(name, data)],
        });
      const nameserver = createSocket('udp4');
      const stranger = createSocket('udp4');
      nameserver.on('message', (query, from) => {
        stranger.send(answer(query, '10.6.6.6'), from.port, from.address, () =>
          nameserver.send(answer(query, '10.0.0.1'), from.port, from.address),
        );
      });
      const port = await new Promise<number>((done) =>
        nameserver.bind(0, '127.0.0.1', () => done(nameserver.address().port)),
      );
      expect((await resolve(name, ['A'], [{ address: '127.0.0.1', port }], patientMs, never)).addresses).toEqual([
        '10.0.0.1',
      ]);
      stranger.close();
      nameserver.close();
    });

    const cutBy =
      (octets: number): DnsScript =>
      ({ id }) =>
        dnsPacket
          .encode({ type: 'response', id, questions: [{ name, type: 'A' }], answers: [right] })
          .subarray(0, -octets);
    it.each<[string, DnsScript]>([
      ['cut in the middle of a record', cutBy(6)],
      ['cut in the middle of an address', cutBy(2)],
      ['longer than 512 octets', () => ({ answers: Array.from({ length: 60 }, () => right) })],
    ])('are told from silence: %s', async (_name, script) => {
      expect((await resolveWith(script, ['A'], 150)).answers).toMatchObject([{ reason: 'malformed', records: [] }]);
    });
  });

  it('drops empty labels, as Postal does', async () => {
    await using dns = await startDns(zone([addressRecord(name, '10.0.0.1')]));
    expect((await resolve('.mail..example.test.', ['A'], [dns.nameserver], patientMs, never)).addresses).toEqual([
      '10.0.0.1',
    ]);
  });

  describe('the domain of the OS hostname', () => {
    const osHostname = 'postal.corp.test';
    const wild: DnsScript = ({ name: asked, type }) =>
      asked.endsWith('.corp.test') ? { answers: type === 'A' ? [addressRecord(asked, '10.0.0.7')] : [] } : { rcode: 3 };

    it.each([
      ['gone.example.test', ['gone.example.test', 'gone.example.test.corp.test'], ['10.0.0.7']],
      ['10.0.4.12', ['10.0.4.12', '10.0.4.12.corp.test'], ['10.0.0.7']],
      ['single', ['single.corp.test'], ['10.0.0.7']],
      ['gone.example.test.', ['gone.example.test'], []],
    ])('%s: asks for %j', async (hostname, names, postalAddresses) => {
      await using dns = await startDns(wild);
      const resolution = await resolve(hostname, ['A'], [dns.nameserver], patientMs, never, osHostname);
      expect(dns.asked).toEqual(names.map((asked) => `udp A ${asked}`));
      expect(resolution).toMatchObject({ postalAddresses, addresses: [] });
      expect(resolution.answers.map((answer) => answer.name)).toEqual(
        names.map((asked) => (asked === hostname.replace(/\.$/, '') ? undefined : asked)),
      );
    });

    it('is not added after an error other than NXDOMAIN', async () => {
      await using dns = await startDns(() => ({ rcode: 2 }));
      await resolve(name, ['A'], [dns.nameserver], patientMs, never, osHostname);
      expect(dns.asked).toEqual([`udp A ${name}`]);
    });
  });

  it('finds what Postal finds, beside what there is', async () => {
    const unchased = await resolveWith(
      zone([cnameRecord(name, 'b.example.test'), addressRecord('b.example.test', '10.0.0.9')]),
    );
    expect(unchased).toMatchObject({ addresses: ['10.0.0.9'], postalAddresses: [] });
    const twice = await resolveWith(zone([addressRecord(name, '10.0.0.1'), addressRecord(name, '10.0.0.1')]));
    expect(twice).toMatchObject({ addresses: ['10.0.0.1'], postalAddresses: ['10.0.0.1', '10.0.0.1'] });
  });

  it('asks for nothing that no question can hold', async () => {
    await using dns = await startDns(() => ({ rcode: 3 }));
    const resolution = await resolve(`${'a'.repeat(64)}.example.test`, ['A'], [dns.nameserver], patientMs, never);
    expect({ asked: dns.asked, ...resolution }).toMatchObject({ asked: [], postalAddresses: [], answers: [] });
  });

  it('tells a TCP connection that ends without an answer: Postal breaks down over it', async () => {
    const { answers, asked } = await resolveWith(({ transport }) =>
      transport === 'udp' ? { truncated: true } : 'end',
    );
    expect(answers).toMatchObject([{ transport: 'tcp', reason: 'closed' }]);
    expect(asked).toHaveLength(2);
  });

  it('ends with the deadline, with what it has', async () => {
    const deadline = new AbortController();
    await using dns = await startDns(({ type }) => {
      if (type === 'A') return { answers: [addressRecord(name, '10.0.0.1')] };
      setTimeout(() => deadline.abort(), 50);
      return undefined;
    });
    const { addresses, answers } = await resolve(name, both, [dns.nameserver], 60_000, deadline.signal);
    expect(addresses).toEqual(['10.0.0.1']);
    expect(answers.map(({ reason, rcode }) => reason ?? rcode)).toEqual(['timeout', 'NOERROR']);
  });
});
