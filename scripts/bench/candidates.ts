import { createTransport } from 'nodemailer';
import { createProber } from '../../lib/adapters/probe/prober.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { ProbeReport } from '../../lib/core/probe-report/report.ts';
import type { BlackboxExporter } from './blackbox-exporter.ts';

/** The whole of a probe's time, in every candidate. */
export const timeoutMs = 5000;

/** Probes `port` of the address that `hostname` has; whether the server was found good. */
export type Candidate = (hostname: string, port: number) => Promise<boolean>;

/** Under load the ticket may come too late to be waited for; every other stage is asked for, and so are the facts of the certificate. */
const isGood = ({ addresses: [address, ...more] }: ProbeReport): boolean =>
  more.length === 0 &&
  address?.tls?.certificate !== undefined &&
  address.stages.every(({ stage, status }) => status === 'passed' || stage === 'session-ticket');

/** Where the prober's nameserver is, and where policy lets it go. */
export type ProberPorts = { readonly dnsPort: number; readonly ports: readonly number[] };

/** The product's own prober, as its function composes it: names resolved, policy held, certificate facts taken. Every name leads to one address, so sessions at it are not limited. */
export const postalEndpoint = ({ dnsPort, ports }: ProberPorts): Candidate => {
  const prober = createProber({
    policy: { cidrs: ['127.0.0.0/8'], ports },
    profile: {
      version: '3.3.6',
      heloHostname: 'prober',
      returnPathDomain: 'rp.example.test',
      nameservers: [`127.0.0.1:${dnsPort}`],
      openTimeoutSeconds: 30,
      readTimeoutSeconds: 30,
      dnsTimeoutSeconds: 5,
    },
    clock: systemClock,
    sessionsPerAddress: 1000,
  });
  const never = new AbortController().signal;
  return async (hostname, port) => {
    const result = await prober.probe(
      { requestId: hostname, hostname, port, sslMode: 'Auto', recordTypes: ['A'], deadlineMs: timeoutMs },
      never,
    );
    return result.ok && isGood(result.report);
  };
};

/** The exporter, over its HTTP endpoint; it is given the address. */
export const blackbox =
  (exporter: BlackboxExporter): Candidate =>
  (_hostname, port) =>
    exporter.probe(port);

/** nodemailer's check of a transport; it is given the address. */
export const nodemailer: Candidate = async (_hostname, port) => {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    name: 'prober',
    requireTLS: true,
    tls: { rejectUnauthorized: false },
  });
  try {
    return await transport.verify();
  } finally {
    transport.close();
  }
};
