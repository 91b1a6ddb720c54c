import { createProber } from '../../lib/adapters/probe/prober.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { SslMode } from '../../lib/core/endpoint/definition.ts';
import { assess } from '../../lib/core/postal/assess.ts';
import type { Assessment } from '../../lib/core/postal/assessment.ts';
import type { SessionFacts } from '../../lib/core/probe-report/report.ts';
import { addressesIn, never, profileFor, request } from './probe-request.ts';
import { startDns } from './scripted-dns.ts';

/** A mail server of Debian on loopback. */
export type RealServer = { readonly port: number; readonly tlsPort: number; readonly certificate: string };

export type RealProbe = {
  readonly sslMode: SslMode;
  /** The server's plain port, or its port with implicit TLS in mode `TLS`, when absent. */
  readonly port?: number;
  readonly recipient?: string;
  /** Whether Postal trusts the server's certificate. */
  readonly trusts?: boolean;
  /** The name given in EHLO, by which a log can be searched for the session. */
  readonly helo?: string;
};

/** Probes a server under the name `mail.example.test`, and says what it means for a Postal 3.3.6. */
export const assessServer = async (
  server: RealServer,
  { sslMode, recipient, trusts = true, helo, ...probe }: RealProbe,
): Promise<Assessment> => {
  await using dns = await startDns(addressesIn('127.0.0.1'));
  const profile = { ...profileFor(dns), dnsTimeoutSeconds: 5, ...(helo !== undefined && { heloHostname: helo }) };
  const prober = createProber({
    policy: { cidrs: ['127.0.0.0/8'], ports: [server.port, server.tlsPort] },
    profile,
    clock: systemClock,
    ca: trusts ? server.certificate : [],
    replyBudgetMs: 10_000,
  });
  const port = probe.port ?? (sslMode === 'TLS' ? server.tlsPort : server.port);
  const asked = request(port, { sslMode, recordTypes: ['A'], ...(recipient !== undefined && { recipient }) });
  const assessed = assess(await prober.probe(asked, never), { profile, nowMs: systemClock.now() });
  if (!assessed.ok) throw new Error(`${assessed.failure.kind}: ${assessed.failure.message}`);
  return assessed.assessment;
};

/** Stages of a session, as `stagesIn` says them. */
export const plainStages = ['connect passed', 'banner passed', 'ehlo passed'];
export const securedStages = [...plainStages, 'starttls passed', 'tls passed', 'session-ticket', 'ehlo-tls passed'];

/** `connect passed`, `rcpt failed rejected-permanently`, … of a session. */
export const stagesIn = (facts: Pick<SessionFacts, 'stages'> | undefined): readonly string[] =>
  (facts?.stages ?? []).map(({ stage, status, reason }) =>
    // Whether a ticket comes within its 20 ms is a matter of the server and of the machine's load.
    stage === 'session-ticket' ? stage : [stage, status, reason].filter(Boolean).join(' '),
  );

/** `warning ssl-mode-starttls`, …, what to do first before the rest. */
export const findingsIn = ({ findings }: Assessment): readonly string[] =>
  findings.map(({ severity, code }) => `${severity} ${code}`);
