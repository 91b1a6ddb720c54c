import type { PostalProfile } from '../../lib/core/postal/profile.ts';
import type { ProbeReport, ProbeRequest, ProbeResult } from '../../lib/core/probe-report/report.ts';
import { addressRecord, type DnsScript, type ScriptedDns, zone } from './scripted-dns.ts';

/** The name that tests probe. */
export const hostname = 'mail.example.test';
/** A signal that does not abort. */
export const never = new AbortController().signal;
/** A clock that stands still, at 2026-01-02T03:04:05Z. */
export const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5), sleep: () => Promise.resolve() };

/** A Postal that asks the scripted nameserver. */
export const profileFor = ({ nameserver }: ScriptedDns): PostalProfile => ({
  version: '3.3.6',
  heloHostname: 'postal.example.test',
  returnPathDomain: 'rp.example.test',
  nameservers: [`${nameserver.address}:${nameserver.port}`],
  openTimeoutSeconds: 30,
  readTimeoutSeconds: 30,
  dnsTimeoutSeconds: 1.9,
});

/** A worker's request for a port. */
export const request = (port: number, more: Partial<ProbeRequest> = {}): ProbeRequest => ({
  requestId: 'request-1',
  hostname,
  port,
  sslMode: 'Auto',
  recordTypes: ['AAAA', 'A'],
  deadlineMs: 20_000,
  ...more,
});

/** The report of a probe that was made; throws when it was not. */
export const reportOf = (result: ProbeResult): ProbeReport => {
  if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.message}`);
  return result.report;
};

/** A script in which the hostname has these addresses. */
export const addressesIn = (...addresses: readonly string[]): DnsScript =>
  zone(addresses.map((address) => addressRecord(hostname, address)));
