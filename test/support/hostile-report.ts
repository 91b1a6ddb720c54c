import fc from 'fast-check';
import type { AddressReport, ProbeReport, SessionFacts, Stage } from '../../lib/core/probe-report/report.ts';
import { stageNames } from '../../lib/core/probe-report/report.ts';

/** Text that takes many octets as JSON: control characters, quotes, four-byte characters, lone surrogates, line separators. */
export const hostileText = (longest: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('\u0001', '"', '\\', '😀', '\ud800', '\u2028', '\u007f', 'é', 'a', '<!channel>', '&amp;'),
      fc.nat(longest),
    )
    .map(([piece, length]) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length));

const stage = (longest: number): fc.Arbitrary<Stage> =>
  fc.record({
    stage: fc.constantFrom(...stageNames),
    status: fc.constant('failed' as const),
    reason: fc.constant('not-smtp' as const),
    detail: hostileText(500),
    reply: fc.record({
      code: fc.constant(250),
      lines: fc
        .array(hostileText(Math.floor(longest / 10)), { minLength: 1, maxLength: 100 })
        .map((lines) => lines.map((line) => `250-${line}`)),
    }),
    asRead: fc.record({ text: hostileText(longest).map((text) => `${text}\n`) }),
    durationMs: fc.constant(1),
  });

const session = (longest: number): fc.Arbitrary<SessionFacts> =>
  fc.record({
    stages: fc.array(stage(longest), { minLength: stageNames.length, maxLength: stageNames.length }),
    banner: hostileText(longest),
    capabilities: fc.array(hostileText(500), { maxLength: 99 }),
    tls: fc.record({
      protocol: fc.constant('TLSv1.3'),
      cipher: fc.constant('TLS_AES_256_GCM_SHA384'),
      certificate: fc.record({
        subject: hostileText(500),
        issuer: hostileText(500),
        subjectAltNames: fc.array(hostileText(500), { maxLength: 101 }),
        notBefore: fc.constant('2026-01-01T00:00:00.000Z'),
        notAfter: fc.constant('2027-01-01T00:00:00.000Z'),
        fingerprint256: fc.constant('AA:'.repeat(31)),
        key: fc.constant('RSA 2048'),
        selfSigned: fc.boolean(),
        chainError: fc.constant('DEPTH_ZERO_SELF_SIGNED_CERT'),
        chainErrorText: fc.constant('self-signed certificate'),
        nameMatches: fc.boolean(),
      }),
    }),
  });

/** What servers and resolvers can make of a report at worst: every text as long as the readers take it, of characters that cost most. */
export const hostileReport = (hostname: string): fc.Arbitrary<ProbeReport> =>
  fc.record({
    requestId: fc.constant(`watch ${hostname}`),
    hostname: fc.constant(hostname),
    port: fc.constant(25),
    sslMode: fc.constant('Auto' as const),
    startedAt: fc.constant('2026-03-02T14:02:00.000Z'),
    durationMs: fc.constant(1),
    seenFrom: fc.constant('10.0.0.7'),
    resolution: fc.record({
      answers: fc.array(
        fc.record({
          nameserver: fc.constant('10.0.0.2'),
          type: fc.constant('A' as const),
          transport: fc.constant('tcp' as const),
          rcode: fc.constant('NOERROR'),
          records: fc.array(
            fc.record({
              name: hostileText(253),
              type: fc.constant('A'),
              ttlSeconds: fc.constant(60),
              data: hostileText(253),
            }),
            { maxLength: 500 },
          ),
          durationMs: fc.constant(1),
        }),
        { maxLength: 12 },
      ),
      cnameChain: fc.array(hostileText(253), { maxLength: 16 }),
      addresses: fc.constant(
        Array.from({ length: 500 }, (_, index) => `fd00:1234:5678:9abc:def0:1234:5678:${index.toString(16)}`),
      ),
    }),
    addresses: fc.array(
      fc.tuple(session(8_192), session(8_192)).map(
        ([first, second]): AddressReport => ({
          ip: '10.0.4.12',
          port: 25,
          ...first,
          further: [{ purpose: 'reconnect', ...second }],
        }),
      ),
      { minLength: 1, maxLength: 32 },
    ),
  });

/** One report of the worst kind: 32 addresses, each stage of control characters. */
export const worstReport = (hostname: string): ProbeReport => {
  const text = '\u0001'.repeat(8_192);
  const stages = stageNames.map(
    (name): Stage => ({
      stage: name,
      status: 'failed',
      reason: 'not-smtp',
      detail: text.slice(0, 500),
      asRead: { text: `${text}\n` },
      durationMs: 1,
    }),
  );
  const facts = { stages, banner: text, capabilities: Array.from({ length: 99 }, () => text.slice(0, 80)) };
  const ips = Array.from({ length: 32 }, (_, index) => `10.0.4.${index}`);
  return {
    requestId: 'worst',
    hostname,
    port: 25,
    sslMode: 'Auto',
    startedAt: '2026-03-02T14:02:00.000Z',
    durationMs: 1,
    resolution: { answers: [], cnameChain: [], addresses: ips },
    addresses: ips.map((ip) => ({ ip, port: 25, ...facts, further: [{ purpose: 'reconnect', ...facts }] })),
  };
};
