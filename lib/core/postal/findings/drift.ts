import type { RecordSet } from '../../dns/record-set.ts';
import type { Targets } from '../../endpoint/definition.ts';
import { parseIpAddress } from '../../endpoint/ip-address.ts';
import { canonicalName } from '../../endpoint/name.ts';
import type { ProbeFinding } from './finding.ts';
import { finding, type Situation } from './situation.ts';
import { listed } from './words.ts';

const addressTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

const canonical = (value: string): string => parseIpAddress(value)?.text ?? canonicalName(value);

const sorted = (values: readonly string[]): readonly string[] => [...new Set(values.map(canonical))].sort();

const sameValues = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

const valuesOf = (targets: Targets): readonly string[] =>
  targets.kind === 'cname' ? [targets.cname] : targets.addresses;

const shown = (values: readonly string[]): string => (values.length === 0 ? 'nothing' : listed(sorted(values)));

const definitionDrift = (
  { registered, report }: Situation,
  inRoute53: readonly RecordSet[],
): readonly ProbeFinding[] => {
  if (registered === undefined || registered.hostname !== report.hostname) return [];
  const values = inRoute53.flatMap((set) => set.values);
  const isForeign = inRoute53.some(({ foreign }) => foreign !== undefined);
  if (!isForeign && sameValues(values, valuesOf(registered.targets))) return [];
  return [
    finding(
      'drift-definition',
      'warning',
      isForeign
        ? `Route 53 has a record for ${report.hostname} of a different kind than registered (${listed(inRoute53.flatMap(({ foreign }) => foreign ?? []))}).`
        : `Route 53 has ${shown(values)} for ${report.hostname}, but ${shown(valuesOf(registered.targets))} is registered.`,
      'Find out who changed the record and which of the two is right; the history shows what was registered and when.',
    ),
  ];
};

const resolverDrift = ({ report }: Situation, inRoute53: readonly RecordSet[]): readonly ProbeFinding[] => {
  const { answers, addresses, cnameChain } = report.resolution;
  // A missing name is reported by dns.ts. For routing policies and aliases Route 53 chooses the answer, so any answer may be right.
  if (addresses.length === 0 || inRoute53.some(({ foreign }) => foreign !== undefined)) return [];
  const cname = inRoute53.find(({ type }) => type === 'CNAME')?.values;
  const asked = new Set<string>(answers.map(({ type }) => type));
  const expected = cname ?? inRoute53.filter(({ type }) => asked.has(type)).flatMap(({ values }) => values);
  const answered = cname === undefined || cnameChain[0] === undefined ? addresses : [cnameChain[0]];
  if (sameValues(expected, answered)) return [];
  const ttl = Math.max(0, ...answers.flatMap(({ records }) => records.map(({ ttlSeconds }) => ttlSeconds)));
  return [
    finding(
      'drift-resolver',
      'warning',
      `The resolver answers ${shown(answered)} for ${report.hostname}, but Route 53 has ${shown(expected)}.`,
      `${ttl === 0 ? 'Check again.' : `The resolver may cache this answer for another ${ttl} s: check again after that.`} If it persists, another zone or a resolver rule answers for the name.`,
    ),
  ];
};

/** Differences between the definition, Route 53 and the resolver. */
export const driftFindings = (situation: Situation): readonly ProbeFinding[] => {
  const { inRoute53, report } = situation;
  if (inRoute53 === undefined) return [];
  const own = inRoute53.filter(({ name, type }) => name === report.hostname && addressTypes.includes(type));
  return [...definitionDrift(situation, own), ...resolverDrift(situation, own)];
};
