import type { Answer, Question } from 'dns-packet';
import { type Hop, lookUp, nodeAt, type VisibleZone } from '../core/dns/zone-answer.ts';
import { canonicalName, parseName } from '../core/endpoint/name.ts';
import { zoneOf } from '../core/endpoint/zone-of.ts';
import { toAnswers, toNegativeSoa } from './dns-record-data.ts';
import type { ServedZone } from './route53/hosted-zones.ts';
import type { LocalRecordSet } from './route53/record-set.ts';

export type Rcode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED';

/** What the zones say to a question. */
export type DnsAnswer = {
  readonly rcode: Rcode;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
};

/** Most aliases that are followed. */
const aliasesMaximum = 16;
/** A multivalue answer holds at most so many records. */
const multivalueMaximum = 8;

const nothing = (rcode: Rcode): DnsAnswer => ({ rcode, answers: [], authorities: [] });

/** Of a routing policy's sets the one that a healthy resolver would meet first; of multivalue sets all together. */
const choose = (sets: readonly LocalRecordSet[]): LocalRecordSet | undefined => {
  const [first] = sets;
  if (first?.multiValueAnswer === true)
    return { ...first, values: sets.flatMap((set) => set.values).slice(0, multivalueMaximum) };
  return sets.find((set) => set.failover === 'PRIMARY' || (set.weight ?? 0) > 0) ?? first;
};

type Visible = VisibleZone<LocalRecordSet>;

/** Record sets are listed only for the zones that the question leads to. */
const visibleZone = ({ id, name, recordSets }: ServedZone): Visible => ({
  id,
  name,
  get recordSets() {
    return [...recordSets.values()];
  },
});

const answerAny = (zones: readonly Visible[], name: string, asked: string): DnsAnswer => {
  const zone = zoneOf(name, zones);
  if (zone?.recordSets === undefined) return nothing('REFUSED');
  const node = nodeAt({ name: zone.name, recordSets: zone.recordSets }, name);
  return node.kind === 'absent'
    ? negative(zones, zone.name, 'NXDOMAIN', [])
    : { rcode: 'NOERROR', answers: node.sets.flatMap((set) => toAnswers(set, asked)), authorities: [] };
};

const negative = (zones: readonly Visible[], zoneName: string, rcode: Rcode, answers: readonly Answer[]): DnsAnswer => {
  const zone = zones.find(({ name }) => name === zoneName);
  const soa = zone?.recordSets?.find((set) => set.type === 'SOA' && set.name === zoneName);
  return { rcode, answers, authorities: soa === undefined ? [] : toNegativeSoa(soa, zoneName) };
};

/** The CNAMEs of a chain, each under the name that the one before it leads to, as it was written there. */
const chainAnswers = (hops: readonly Hop<LocalRecordSet>[], owner: string) => {
  const answers: Answer[] = [];
  let next = owner;
  for (const { set } of hops) {
    answers.push(...toAnswers(set, next));
    next = (set.values[0] ?? '').replace(/\.$/, '');
  }
  return { answers, owner: next };
};

/**
 * Answers a question out of the zones, by the rules of core/dns/zone-answer.ts.
 *
 * | the name | answer |
 * | --- | --- |
 * | in no zone, class not IN, or a zone transfer | REFUSED |
 * | has the type, itself or by a wildcard | the records |
 * | has a CNAME | the CNAME, and what it leads to as far as the zones go |
 * | exists, without the type; or only names below it exist | NOERROR, no answer, SOA |
 * | does not exist | NXDOMAIN, SOA |
 * | leads round in a circle | SERVFAIL |
 */
export const answerQuestion = (zones: readonly ServedZone[], question: Question): DnsAnswer => {
  const parsed = parseName(question.name);
  if (!parsed.ok || (question.class ?? 'IN') !== 'IN' || question.type === 'AXFR' || question.type === 'IXFR')
    return nothing('REFUSED');
  const visible = zones.map(visibleZone);
  if (String(question.type) === 'ANY') return answerAny(visible, parsed.name, question.name);
  let { name } = parsed;
  let asked = question.name;
  const answers: Answer[] = [];
  for (let aliases = 0; aliases < aliasesMaximum; aliases += 1) {
    const { hops, end } = lookUp(visible, name, question.type, choose);
    const chain = chainAnswers(hops, asked);
    answers.push(...chain.answers);
    switch (end.kind) {
      case 'outside':
        return answers.length === 0 && aliases === 0
          ? nothing('REFUSED')
          : { rcode: 'NOERROR', answers, authorities: [] };
      case 'no-data':
        return negative(visible, end.zone, 'NOERROR', answers);
      case 'no-such-name':
        return negative(visible, end.zone, 'NXDOMAIN', answers);
      case 'could-not-look':
      case 'loop':
      case 'too-long':
        return nothing('SERVFAIL');
      case 'records': {
        const chosen = choose(end.sets);
        const alias = chosen?.aliasTarget;
        if (alias === undefined)
          return {
            rcode: 'NOERROR',
            answers: [...answers, ...(chosen === undefined ? [] : toAnswers(chosen, chain.owner))],
            authorities: [],
          };
        // What an alias leads to is shown under the alias's own name.
        name = canonicalName(alias.dnsName);
        asked = chain.owner;
      }
    }
  }
  return nothing('SERVFAIL');
};
