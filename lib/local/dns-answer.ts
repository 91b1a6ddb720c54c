import type { Answer, Question } from 'dns-packet';
import { canonicalName, isAtOrBelow, parseName } from '../core/endpoint/name.ts';
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

/** Longest chain of CNAMEs and aliases that is followed. */
const chainMaximum = 16;
/** A multivalue answer holds at most so many records. */
const multivalueMaximum = 8;
const wildcardLabel = '\\052';

const nothing = (rcode: Rcode): DnsAnswer => ({ rcode, answers: [], authorities: [] });

/** The zone that answers for a name: the most specific one, which never falls back to a wider one. */
const zoneOf = (zones: readonly ServedZone[], name: string): ServedZone | undefined =>
  zones
    .filter((zone) => isAtOrBelow(name, zone.name))
    .toSorted((left, right) => right.name.length - left.name.length)[0];

/** The sets at a name, or at the wildcard that covers it; undefined when the name does not exist (RFC 4592 §3.3.1). */
const setsAt = (zone: ServedZone, name: string): readonly LocalRecordSet[] | undefined => {
  const all = [...zone.recordSets.values()];
  const at = all.filter((set) => set.name === name);
  if (at.length > 0) return at;
  const exists = (wanted: string) => wanted === zone.name || all.some((set) => isAtOrBelow(set.name, wanted));
  if (exists(name)) return [];
  let encloser = name;
  while (!exists(encloser)) encloser = encloser.slice(encloser.indexOf('.') + 1);
  const wildcard = all.filter((set) => set.name === `${wildcardLabel}.${encloser}`);
  return wildcard.length > 0 ? wildcard : undefined;
};

/** Of a routing policy's sets the one that a healthy resolver would meet first; of multivalue sets all together. */
const choose = (sets: readonly LocalRecordSet[]): LocalRecordSet | undefined => {
  const [first] = sets;
  if (first?.multiValueAnswer === true)
    return { ...first, values: sets.flatMap((set) => set.values).slice(0, multivalueMaximum) };
  return sets.find((set) => set.failover === 'PRIMARY' || (set.weight ?? 0) > 0) ?? first;
};

const negative = (zone: ServedZone, rcode: Rcode, answers: readonly Answer[]): DnsAnswer => {
  const soa = [...zone.recordSets.values()].find((set) => set.type === 'SOA' && set.name === zone.name);
  return { rcode, answers, authorities: soa === undefined ? [] : toNegativeSoa(soa, zone.name) };
};

type Step =
  | { readonly kind: 'done'; readonly answer: DnsAnswer }
  | { readonly kind: 'follow'; readonly target: string; readonly records: readonly Answer[]; readonly owner: string };

/** One link of the chain. `owner` is the name under which records are shown: an alias's stay under the alias. */
const step = (zone: ServedZone, type: string, name: string, owner: string, before: readonly Answer[]): Step => {
  const sets = setsAt(zone, name);
  if (sets === undefined) return { kind: 'done', answer: negative(zone, 'NXDOMAIN', before) };
  if (type === 'ANY')
    return {
      kind: 'done',
      answer: {
        rcode: 'NOERROR',
        answers: [...before, ...sets.flatMap((set) => toAnswers(set, owner))],
        authorities: [],
      },
    };
  const chosen = choose(sets.filter((set) => set.type === type)) ?? choose(sets.filter((set) => set.type === 'CNAME'));
  if (chosen === undefined) return { kind: 'done', answer: negative(zone, 'NOERROR', before) };
  if (chosen.aliasTarget !== undefined)
    return { kind: 'follow', target: chosen.aliasTarget.dnsName, records: [], owner };
  const records = toAnswers(chosen, owner);
  const target = chosen.values[0];
  if (chosen.type === 'CNAME' && type !== 'CNAME' && target !== undefined)
    return { kind: 'follow', target, records, owner: target.replace(/\.$/, '') };
  return { kind: 'done', answer: { rcode: 'NOERROR', answers: [...before, ...records], authorities: [] } };
};

/**
 * Answers a question out of the zones.
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
  let { name } = parsed;
  let owner = question.name;
  let answers: readonly Answer[] = [];
  for (let links = 0; links < chainMaximum; links += 1) {
    const zone = zoneOf(zones, name);
    if (zone === undefined) return links === 0 ? nothing('REFUSED') : { rcode: 'NOERROR', answers, authorities: [] };
    const next = step(zone, question.type, name, owner, answers);
    if (next.kind === 'done') return next.answer;
    name = canonicalName(next.target);
    owner = next.owner;
    answers = [...answers, ...next.records];
  }
  return nothing('SERVFAIL');
};
