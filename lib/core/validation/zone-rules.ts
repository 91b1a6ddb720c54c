import type { Finding, RuleId } from '../endpoint/finding.ts';
import { isAtOrBelow } from '../endpoint/name.ts';
import { printable } from '../endpoint/printable.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import { compileNamePattern } from '../policy/name-pattern.ts';
import type { PolicyDocument } from '../policy/policy.ts';

type NamePolicy = Pick<PolicyDocument, 'zones' | 'naming'>;

/** What comes before the zone, or undefined outside all zones and at an apex. */
const beforeZone = (name: string, zones: NamePolicy['zones']): string | undefined => {
  const zone = zoneOf(name, zones);
  return zone === undefined || zone.name === name ? undefined : name.slice(0, -zone.name.length - 1);
};

/** The name with every repetition of a zone's name taken off its end: `a.corp.internal.corp.internal` becomes `a.corp.internal`. */
export const withoutRepeatedZone = (name: string, zones: NamePolicy['zones']): string => {
  const before = beforeZone(name, zones);
  return before !== undefined && zoneOf(before, zones) !== undefined ? withoutRepeatedZone(before, zones) : name;
};

const followsNaming = (name: string, naming: NonNullable<NamePolicy['naming']>): boolean => {
  const pattern = compileNamePattern(naming.pattern);
  return 'matches' in pattern && pattern.matches(name);
};

/** A hostname that this policy would take, to show in advice. */
export const exampleHostname = ({ zones, naming }: NamePolicy): string =>
  naming?.example ?? `gitlab.${zones[0]?.name ?? 'corp.internal'}`;

/** The rules that place a well-formed name in the zones: outside-zones, apex, repeated-zone, naming-convention. */
export const zoneFindings = (name: string, policy: NamePolicy, suggestion: string | undefined): readonly Finding[] => {
  const { zones, naming } = policy;
  const finding = (id: RuleId, wrong: string, right: string, severity: Finding['severity'] = 'block'): Finding => ({
    id,
    severity,
    argument: 'hostname',
    wrong,
    right,
  });
  const advice = `Try ${suggestion ?? exampleHostname(policy)}.`;

  const zone = zoneOf(name, zones);
  if (zone === undefined) {
    const names = zones.map(({ name: zoneName }) => zoneName);
    const where = names.length === 1 ? `the zone ${names.join('')}` : `the zones ${names.join(', ')}`;
    const right =
      suggestion === undefined
        ? `Use a name that ends in .${names.join(' or .')}, for example ${exampleHostname(policy)}.`
        : advice;
    return [finding('outside-zones', `${printable(name)} is not in ${where}.`, right)];
  }
  if (zone.name === name)
    return [
      finding(
        'apex',
        `${name} is the zone itself; its SOA and NS live there.`,
        `Use a name below it, for example ${exampleHostname(policy)}.`,
      ),
    ];

  const before = beforeZone(name, zones) ?? '';
  const repeated = zones.find(({ name: zoneName }) => isAtOrBelow(before, zoneName));
  if (repeated !== undefined) {
    return [
      finding('repeated-zone', `${printable(name)} says a zone twice: ${repeated.name}, then ${zone.name}.`, advice),
    ];
  }
  if (naming === undefined || followsNaming(name, naming)) return [];
  return [
    finding(
      'naming-convention',
      `${printable(name)} does not follow the naming rule of the policy.`,
      `Names look like ${naming.example}.`,
      naming.severity,
    ),
  ];
};
