import { chainOf, knownAddresses, type NameAnswer, needsResolver } from '../dns/name-answer.ts';
import type { RecordSet } from '../dns/record-set.ts';
import { type Lookup, longestChain } from '../dns/zone-answer.ts';
import { isPassing } from '../dns/zone-reading.ts';
import type { Finding } from '../endpoint/finding.ts';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { isAtOrBelow } from '../endpoint/name.ts';
import { printable } from '../endpoint/printable.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { addressProblem } from './address-rules.ts';

/** What of the policy decides where a CNAME may lead. */
export type CnamePolicy = Pick<PolicyDocument, 'zones' | 'cidrs' | 'cnameSuffixes'>;
type Problem = Pick<Finding, 'id' | 'severity' | 'wrong' | 'right'>;

/** A chain of CNAMEs as far as it is known: `a → b → c`. */
export const chainText = ({ hops, end }: Lookup<RecordSet>): string =>
  [...hops.map(({ name }) => name), end.name].join(' → ');

/** Why a chain ends without an address; undefined where it has one, or may have one outside of what could be read. */
export const brokenLink = (answer: NameAnswer): string | undefined => {
  const { a, aaaa } = answer;
  const mayHaveAddress = ({ end: { kind } }: Lookup<RecordSet>): boolean =>
    kind === 'records' || kind === 'outside' || kind === 'could-not-look';
  if (mayHaveAddress(a) || mayHaveAddress(aaaa)) return undefined;
  const { hops, end } = chainOf(answer);
  if (end.kind === 'loop') return `${end.name} leads back to itself (${chainText({ hops, end })})`;
  if (end.kind === 'too-long') return `the chain has more than ${longestChain} CNAMEs`;
  const missing = end.kind === 'no-such-name' ? `${end.name} does not exist` : `${end.name} has no A or AAAA record`;
  return hops.length === 0 ? missing : `${missing} (${chainText({ hops, end })})`;
};

/** What is wrong with a name that policy gives no way to: it lies in none of its zones and below none of its suffixes. */
export const outsideProblem = (name: string, { zones, cnameSuffixes }: CnamePolicy): Problem | undefined => {
  const suffixes = [...zones.map((zone) => zone.name), ...cnameSuffixes];
  return suffixes.some((suffix) => isAtOrBelow(name, suffix))
    ? undefined
    : {
        id: 'cname-outside',
        severity: 'block',
        wrong: `${name} lies outside the zones; it could lead out of the allowed ranges.`,
        right: `Give a name that stays below ${suffixes.join(', ')}, or an address.`,
      };
};

/** The first name of a chain that lies in no private zone of the VPC, with what policy has against it. */
const outsideIn = ({ a, aaaa }: NameAnswer, policy: CnamePolicy) =>
  [a.end, aaaa.end].flatMap(({ kind, name }) => {
    const problem = kind === 'outside' ? outsideProblem(name, policy) : undefined;
    return problem === undefined ? [] : [{ name, problem }];
  })[0];

/** Whether only the resolver can tell where a name leads, and policy does not refuse it anyway. */
export const isWorthResolving = (answer: NameAnswer, policy: CnamePolicy): boolean =>
  needsResolver(answer) && outsideIn(answer, policy) === undefined;

/** What is not known of a chain, and why; empty where its zones tell everything. */
export const unknownParts = ({ a, aaaa, failures }: NameAnswer): readonly string[] => {
  const parts = [a.end, aaaa.end].flatMap((end) => {
    if (end.kind === 'could-not-look')
      return [`the zone ${end.zone}: ${printable(failures.get(end.zone)?.message ?? 'it could not be read')}`];
    if (end.kind === 'outside') return [`${end.name}, which lies outside the zones`];
    return end.kind === 'records' && end.sets.some(({ foreign }) => foreign === 'alias')
      ? [`the alias ${end.name}, whose addresses are not in its zone`]
      : [];
  });
  return [...new Set(parts)];
};

const problemsOf = (hostname: string, cname: string, answer: NameAnswer, policy: CnamePolicy): readonly Problem[] => {
  const chain = chainOf(answer);
  const names = new Set(
    [answer.a, answer.aaaa].flatMap(({ hops, end }) => [...hops.map(({ name }) => name), end.name]),
  );
  const block = (id: Finding['id'], wrong: string, right: string): Problem => ({ id, severity: 'block', wrong, right });
  const circle = [answer.a.end, answer.aaaa.end].find(({ kind }) => kind === 'loop' || kind === 'too-long');
  if (names.has(hostname) || circle !== undefined) {
    const wrong =
      circle?.kind === 'too-long' && !names.has(hostname)
        ? `${cname} leads on through too many CNAMEs.`
        : `${cname} leads back to ${names.has(hostname) ? hostname : circle?.name}: a loop.`;
    return [block('cname-target', wrong, 'Give a name that leads to an address.')];
  }
  const outside = outsideIn(answer, policy);
  if (outside !== undefined) {
    const { name, problem } = outside;
    const wrong =
      name === cname
        ? problem.wrong
        : `${cname} leads to ${name}, which lies outside the zones and could lead out of the allowed ranges.`;
    const { unlisted } = answer;
    if (unlisted === undefined) return [{ ...problem, wrong }];
    const unknown = `${wrong} Could not check whether another private zone of the VPC has it: ${printable(unlisted.message)}.`;
    // What may be read the next time is read again before the batch is sent.
    return isPassing(unlisted)
      ? [{ id: 'could-not-check', severity: 'warn', wrong: unknown, right: 'Check again later.' }]
      : [{ ...problem, wrong: unknown, right: `${problem.right} Or let this bot's role list the zones of the VPC.` }];
  }
  const broken = brokenLink(answer);
  if (broken !== undefined) {
    const wrong =
      chain.hops.length === 0 ? `${cname} has no address in its zone.` : `${cname} leads to no address: ${broken}.`;
    return [block('cname-target', wrong, 'Register that name first, or give an address.')];
  }
  const judged = knownAddresses(answer).flatMap((text): readonly Problem[] => {
    const address = parseIpAddress(text);
    const problem = address && addressProblem(address, policy);
    if (address === undefined || problem === undefined) return [];
    const which = problem.wrong.replace(`${address.text} `, `${address.text}, which `);
    return [block(problem.id, `${cname} leads to ${which}`, problem.right)];
  });
  if (judged.length > 0 || !needsResolver(answer)) return judged;
  const { resolved } = answer;
  const said =
    resolved === undefined
      ? 'The resolver could not be asked either.'
      : resolved.length === 0
        ? 'The resolver finds no address for it.'
        : `The resolver finds ${resolved.join(', ')}.`;
  const wrong = `Could not check where ${cname} leads: ${unknownParts(answer).join('; ')}. ${said}`;
  const isDenied = [...answer.failures.values()].some(({ kind }) => kind === 'denied');
  const right = isDenied ? "Let this bot's role read it." : 'Make sure that it leads to the mail server.';
  // An outside name that policy lists and whose addresses are known needs no warning.
  const isKnown = (resolved?.length ?? 0) > 0 && answer.failures.size === 0;
  return isKnown ? [] : [{ id: 'could-not-check', severity: 'warn', wrong, right }];
};

/** The rules of a CNAME target, or of a standby's, that need facts from DNS: it must lead to addresses inside the ranges, by a way that policy allows. */
export const cnameFindings = (
  hostname: string,
  cname: string,
  answer: NameAnswer,
  policy: CnamePolicy,
  argument: 'target' | 'standby',
): readonly Finding[] => problemsOf(hostname, cname, answer, policy).map((problem) => ({ ...problem, argument }));
