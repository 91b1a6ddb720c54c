import { canonicalName, questionName } from './dns-name.ts';
import { askNameservers } from './dns-question.ts';
import type { Nameserver } from './nameserver.ts';
import type { DnsAnswer, Resolution } from './report.ts';

/** Longer chains are mistakes or attacks; resolvers stop at about as many. */
const maximumCnames = 16;
/** Questions for one type: the hostname's own, and one for each CNAME whose target the nameserver did not look up by itself. */
const maximumQuestions = 8;

type Walk = { readonly chain: readonly string[]; readonly addresses: readonly string[]; readonly end: string; readonly ended: boolean };

/** Follows the CNAMEs of one answer from `start`; `ended` when there is nothing further to ask: a loop, or too long. */
const walk = (start: string, type: 'A' | 'AAAA', records: DnsAnswer['records'], seen: ReadonlySet<string>): Walk => {
  const cnames = new Map(
    records.filter((record) => record.type === 'CNAME').map((record) => [canonicalName(record.name), canonicalName(record.data)]),
  );
  const visited = new Set([...seen, start]);
  const chain: string[] = [];
  let end = start;
  for (let target = cnames.get(end); target !== undefined; target = cnames.get(end)) {
    chain.push(target);
    if (visited.has(target) || visited.size > maximumCnames) return { chain, addresses: [], end, ended: true };
    visited.add(target);
    end = target;
  }
  const addresses = records.filter((record) => record.type === type && canonicalName(record.name) === end).map((record) => record.data);
  return { chain, addresses, end, ended: false };
};

/** A last CNAME without an address is worth a question of its own unless the nameserver has already said that there is none. */
const isUnfinished = (answer: DnsAnswer, { chain, addresses, ended }: Walk): boolean =>
  answer.rcode === 'NOERROR' && chain.length > 0 && addresses.length === 0 && answer.soa === undefined && !ended;

const resolveType = async (
  hostname: string,
  type: 'A' | 'AAAA',
  nameservers: readonly Nameserver[],
  dnsTimeoutMs: number,
  signal: AbortSignal,
): Promise<Resolution> => {
  const answers: DnsAnswer[] = [];
  const chain: string[] = [];
  let name = canonicalName(hostname);
  for (let question = 0; question < maximumQuestions; question += 1) {
    const asked = await askNameservers(name, type, nameservers, dnsTimeoutMs, signal);
    answers.push(...asked.map((answer) => (question === 0 ? answer : { ...answer, name })));
    const last = asked.at(-1);
    if (last?.rcode === undefined) break;
    const walked = walk(name, type, last.records, new Set([canonicalName(hostname), ...chain]));
    chain.push(...walked.chain);
    if (!isUnfinished(last, walked)) return { answers, cnameChain: chain, addresses: last.rcode === 'NOERROR' ? walked.addresses : [] };
    name = walked.end;
  }
  return { answers, cnameChain: chain, addresses: [] };
};

/**
 * Resolves a hostname to addresses through the given nameservers, asking AAAA and A apart, in parallel, within the deadline of `signal`.
 *
 * `/etc/hosts`, search domains and the system's resolver have no part in it. The name must be one that DNS can carry
 * (`dnsNameProblem`). Never rejects: silence and errors are facts in `answers`.
 */
export const resolve = async (
  hostname: string,
  recordTypes: readonly ('AAAA' | 'A')[],
  nameservers: readonly Nameserver[],
  dnsTimeoutMs: number,
  signal: AbortSignal,
): Promise<Resolution> => {
  const name = questionName(hostname);
  const postalOrder = (['AAAA', 'A'] as const).filter((type) => recordTypes.includes(type));
  const resolutions = await Promise.all(postalOrder.map((type) => resolveType(name, type, nameservers, dnsTimeoutMs, signal)));
  return {
    answers: resolutions.flatMap((resolution) => resolution.answers),
    cnameChain: resolutions.map((resolution) => resolution.cnameChain).reduce((one, other) => (other.length > one.length ? other : one), []),
    addresses: [...new Set(resolutions.flatMap((resolution) => resolution.addresses))],
  };
};
