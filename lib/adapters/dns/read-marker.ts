import { markerName, parseMarker } from '../../core/dns/marker.ts';
import { dnsNameProblem } from '../../core/endpoint/dns-name.ts';
import { canonicalName } from '../../core/endpoint/name.ts';
import type { Registration } from '../../core/postal/audit/registry.ts';
import type { Nameserver } from '../../core/postal/nameserver.ts';
import { askNameservers } from './dns-question.ts';
import { unpaced } from './packet-pace.ts';

const dnsTimeoutMs = 5000;

/** What the ownership marker beside a hostname says; `null`: there is none of ours, `undefined`: no answer came. Never rejects. */
export const readMarker = async (
  hostname: string,
  nameservers: readonly Nameserver[],
  signal: AbortSignal,
): Promise<Registration | null | undefined> => {
  const name = markerName(hostname);
  if (dnsNameProblem(hostname) !== undefined || dnsNameProblem(name) !== undefined) return null;
  const answers = await askNameservers(name, 'TXT', nameservers, dnsTimeoutMs, unpaced, signal);
  const last = answers.at(-1);
  if (last?.rcode === 'NXDOMAIN') return null;
  if (last?.rcode !== 'NOERROR') return undefined;
  const values = last.records
    .filter((record) => record.type === 'TXT' && canonicalName(record.name) === canonicalName(name))
    .map(({ data }) => data);
  const parsed = parseMarker(values);
  return parsed.ok ? { port: parsed.marker.port, sslMode: parsed.marker.sslMode } : null;
};
