import { dnsNameProblem, questionName } from '../../core/endpoint/dns-name.ts';
import { canonicalName } from '../../core/endpoint/name.ts';
import { addressesIn, candidatesOf } from '../../core/postal/look-up.ts';
import type { Nameserver } from '../../core/postal/nameserver.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import { addressesTried, newestKnownRelease } from '../../core/postal/releases.ts';
import type { DnsAnswer, Resolution } from '../../core/probe-report/report.ts';
import { askNameservers } from './dns-question.ts';
import { type Paced, unpaced } from './packet-pace.ts';

/** Longer chains are mistakes or attacks; resolvers stop at about as many. */
const maximumCnames = 16;
/** Questions for one type: the hostname's own, and one for each CNAME whose target the nameserver did not look up by itself. */
const maximumQuestions = 8;

type Walk = {
  readonly chain: readonly string[];
  readonly addresses: readonly string[];
  readonly end: string;
  readonly ended: boolean;
};

/** Follows the CNAMEs of one answer from `start`; `ended` when there is nothing further to ask: a loop, or too long. */
const walk = (start: string, type: 'A' | 'AAAA', records: DnsAnswer['records'], seen: ReadonlySet<string>): Walk => {
  const cnames = new Map(
    records
      .filter((record) => record.type === 'CNAME')
      .map((record) => [canonicalName(record.name), canonicalName(record.data)]),
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
  const addresses = records
    .filter((record) => record.type === type && canonicalName(record.name) === end)
    .map((record) => record.data);
  return { chain, addresses, end, ended: false };
};

/** A last CNAME without an address is worth a question of its own unless the nameserver has already said that there is none. */
const isUnfinished = (answer: DnsAnswer, { chain, addresses, ended }: Walk): boolean =>
  answer.rcode === 'NOERROR' && chain.length > 0 && addresses.length === 0 && answer.soa === undefined && !ended;

/** Of whom to ask, how long to wait for each, with which machine's domain, and how fast. */
export type HowToResolve = {
  readonly nameservers: readonly Nameserver[];
  readonly dnsTimeoutMs: number;
  readonly osHostname: string | undefined;
  /** Which addresses Postal tries depends on its release and its settings; absent: as the newest known release does. */
  readonly postal?: Pick<PostalProfile, 'version' | 'addressPreference'>;
  /** As fast as it goes when absent. */
  readonly paced?: Paced;
};

/** What Postal makes of one type, and what there is besides. */
type Resolved = Resolution & { readonly postalAddresses: readonly string[] };

const nothing = { cnameChain: [], addresses: [], postalAddresses: [] };

/** The hostname's own answer, and the targets of CNAMEs that the nameserver did not look up: Postal does not ask for those. */
const followed = async (
  hostname: string,
  first: readonly DnsAnswer[],
  ask: (name: string) => Promise<readonly DnsAnswer[]>,
): Promise<Resolution> => {
  const answers = [...first];
  const chain: string[] = [];
  let name = canonicalName(hostname);
  for (let question = 1; ; question += 1) {
    const last = answers.at(-1);
    if (last?.rcode === undefined) break;
    const walked = walk(name, last.type, last.records, new Set([canonicalName(hostname), ...chain]));
    chain.push(...walked.chain);
    if (!isUnfinished(last, walked))
      return { answers, cnameChain: chain, addresses: last.rcode === 'NOERROR' ? walked.addresses : [] };
    if (question === maximumQuestions) break;
    name = walked.end;
    const target = name;
    answers.push(...(await ask(target)).map((answer) => ({ ...answer, name: target })));
  }
  return { answers, cnameChain: chain, addresses: [] };
};

const resolveType = async (
  hostname: string,
  candidates: readonly string[],
  type: 'A' | 'AAAA',
  ask: (name: string, type: 'A' | 'AAAA') => Promise<readonly DnsAnswer[]>,
): Promise<Resolved> => {
  const own = questionName(hostname);
  let answers: readonly DnsAnswer[] = [];
  let brokenChain: readonly string[] = [];
  for (const candidate of candidates) {
    // Postal asks for such a name in vain: what it sends is no question.
    if (dnsNameProblem(candidate) !== undefined && candidate !== '') break;
    const asked = await ask(candidate, type);
    const last = asked.at(-1);
    if (last?.rcode === 'NXDOMAIN') {
      answers = [...answers, ...named(asked, candidate, own)];
      if (candidate === own) brokenChain = walk(canonicalName(own), type, last.records, new Set()).chain;
      continue;
    }
    const postalAddresses = last?.rcode === 'NOERROR' ? addressesIn(last.records, candidate, type) : [];
    if (candidate !== own)
      return { ...nothing, answers: [...answers, ...named(asked, candidate, own)], postalAddresses };
    const resolution = await followed(candidate, asked, (name) => ask(name, type));
    return { ...resolution, answers: [...answers, ...resolution.answers], postalAddresses };
  }
  return { ...nothing, answers, cnameChain: brokenChain };
};

const named = (answers: readonly DnsAnswer[], name: string, own: string): readonly DnsAnswer[] =>
  name === own ? answers : answers.map((answer) => ({ ...answer, name }));

/**
 * Resolves a hostname as Postal does: AAAA and A apart (here in parallel), through the given nameservers, and on NXDOMAIN once more with the domain of
 * the OS hostname. `/etc/hosts`, search domains and the system's resolver have no part in it. Never rejects: silence and errors are facts in `answers`.
 */
export const resolve = async (
  hostname: string,
  recordTypes: readonly ('AAAA' | 'A')[],
  { nameservers, dnsTimeoutMs, osHostname, postal = { version: newestKnownRelease }, paced = unpaced }: HowToResolve,
  signal: AbortSignal,
): Promise<Resolution> => {
  const candidates = candidatesOf(hostname, osHostname);
  const ask = (name: string, type: 'A' | 'AAAA'): Promise<readonly DnsAnswer[]> =>
    askNameservers(name, type, nameservers, dnsTimeoutMs, paced, signal);
  const types = (['AAAA', 'A'] as const).filter((type) => recordTypes.includes(type));
  const resolutions = await Promise.all(types.map((type) => resolveType(hostname, candidates, type, ask)));
  const foundOf = (type: 'A' | 'AAAA'): readonly string[] => resolutions[types.indexOf(type)]?.postalAddresses ?? [];
  return {
    answers: resolutions.flatMap((resolution) => resolution.answers),
    cnameChain: resolutions
      .map((resolution) => resolution.cnameChain)
      .reduce((one, other) => (other.length > one.length ? other : one), []),
    addresses: [...new Set(resolutions.flatMap((resolution) => resolution.addresses))],
    postalAddresses: addressesTried({ ipv6: foundOf('AAAA'), ipv4: foundOf('A') }, postal),
    ...(signal.aborted && { isCutShort: true }),
  };
};
