import { dnsNameProblem } from '../../core/endpoint/dns-name.ts';
import type { NameState } from '../../core/postal/audit/subject.ts';
import type { Nameserver } from '../../core/postal/nameserver.ts';
import { resolve } from './resolve.ts';

const dnsTimeoutMs = 5000;

/**
 * Whether a hostname has an address. Only an answer says that it has none: NXDOMAIN, or NOERROR without an address, for A and for AAAA; an error or silence says
 * nothing. A name that DNS cannot carry has none. Never rejects.
 */
export const nameState = async (
  hostname: string,
  nameservers: readonly Nameserver[],
  signal: AbortSignal,
): Promise<NameState> => {
  if (dnsNameProblem(hostname) !== undefined) return 'none';
  const how = { nameservers, dnsTimeoutMs, osHostname: undefined };
  const { addresses, answers } = await resolve(hostname, ['AAAA', 'A'], how, signal);
  if (addresses.length > 0) return 'address';
  const isAnswered = (type: 'AAAA' | 'A'): boolean => {
    const rcode = answers.findLast((answer) => answer.type === type)?.rcode;
    return rcode === 'NOERROR' || rcode === 'NXDOMAIN';
  };
  return isAnswered('AAAA') && isAnswered('A') ? 'none' : 'unknown';
};
