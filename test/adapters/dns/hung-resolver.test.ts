import { expect, it } from 'vitest';
import { createProber } from '../../../lib/adapters/probe/prober.ts';
import { clock, never, profileFor, request } from '../../support/probe-request.ts';
import { addressRecord, startDns } from '../../support/scripted-dns.ts';
import { mailServer, startScript } from '../../support/smtp-script.ts';

const names = Array.from(
  { length: 25 },
  (_, index) => `${index % 5 === 0 ? 'unanswered' : 'answered'}-${index}.example.test`,
);

it('probes the names that a nameserver answers for while it leaves a fifth of them without an answer', async () => {
  await using server = await startScript(mailServer());
  await using dns = await startDns(({ name }) =>
    name.startsWith('unanswered') ? undefined : { answers: [addressRecord(name, '127.0.0.1')] },
  );
  const profile = { ...profileFor(dns), dnsTimeoutSeconds: 600 };
  const prober = createProber({ policy: { cidrs: ['127.0.0.0/8'], ports: [server.port] }, profile, clock });
  const over = new AbortController();
  const settled = new Set<string>();
  const probes = names.map(async (hostname) => {
    const asked = request(server.port, { hostname, sslMode: 'None', recordTypes: ['A'], deadlineMs: 600_000 });
    const result = await prober.probe(asked, hostname.startsWith('unanswered') ? over.signal : never);
    settled.add(hostname);
    return result;
  });
  // They could only settle after their own timeout of ten minutes, or when told to.
  const answered = await Promise.all(probes.filter((_, index) => index % 5 !== 0));
  expect([...settled].filter((name) => name.startsWith('unanswered'))).toEqual([]);
  for (const result of answered)
    expect(result).toMatchObject({ ok: true, report: { addresses: [{ banner: '220 mail.example.test ESMTP' }] } });

  over.abort();
  const unanswered = await Promise.all(probes.filter((_, index) => index % 5 === 0));
  for (const result of unanswered)
    expect(result).toMatchObject({
      ok: true,
      report: { addresses: [], resolution: { answers: [{ reason: 'timeout' }] } },
    });
});
