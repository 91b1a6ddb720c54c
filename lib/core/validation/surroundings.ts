import type { RecordSet } from '../dns/record-set.ts';
import type { ZoneFacts, ZoneFailure, ZoneResult } from '../dns/zone-reading.ts';
import type { Definition } from '../endpoint/definition.ts';
import type { Argument, Finding, RuleId } from '../endpoint/finding.ts';
import { isAtOrBelow } from '../endpoint/name.ts';
import { printable } from '../endpoint/printable.ts';
import type { PolicyDocument } from '../policy/policy.ts';

/** What Route 53 said of everything that bears on a definition. */
export type SurroundingsFacts = {
  /** The zone that the hostname is to stand in, and its rivals. */
  readonly zone: ZoneResult<{ readonly zone: ZoneFacts; readonly rivals: ZoneResult<readonly ZoneFacts[]> }>;
  /** The same zone as policy has it. */
  readonly policyZone: PolicyDocument['zones'][number];
  /** Record sets at the CNAME target, and at names that it leads on to; absent when it lies outside our zones. */
  readonly cnameTarget?: ZoneResult<readonly RecordSet[]>;
  /** The same of the standby's CNAME target. */
  readonly standbyCnameTarget?: ZoneResult<readonly RecordSet[]>;
};

/** A definition, or the name alone. */
type Judged = Pick<Definition, 'hostname'> & Partial<Definition>;

const finding = (
  id: RuleId,
  wrong: string,
  right: string,
  severity: Finding['severity'] = 'block',
  argument: Argument = 'hostname',
): Finding => ({ id, severity, argument, wrong, right });

const couldNotCheck = (what: string, failure: ZoneFailure, argument: Argument = 'hostname'): Finding =>
  finding(
    'could-not-check',
    `Could not check ${what}: ${printable(failure.message)}`,
    failure.kind === 'denied' ? "Let this bot's role read it." : 'Check again later.',
    'warn',
    argument,
  );

const vpcText = ({ id, region }: { readonly id: string; readonly region: string }): string => `${id} (${region})`;

const vpcFindings = (zone: ZoneFacts, expected: SurroundingsFacts['policyZone']['vpcs']): readonly Finding[] => {
  // A policy that names no VPC expects none in particular.
  if (expected.length === 0) return [];
  const missing = expected.filter((vpc) => !zone.vpcs.some((seen) => seen.id === vpc.id && seen.region === vpc.region));
  const more = zone.vpcs.filter((seen) => !expected.some((vpc) => vpc.id === seen.id && vpc.region === seen.region));
  return [
    ...missing.map((vpc) =>
      finding(
        'zone-vpcs',
        `VPC ${vpcText(vpc)} does not see the zone ${zone.name}; Postal there would not find the name.`,
        'Associate the VPC with the zone.',
      ),
    ),
    ...more.map((vpc) =>
      finding(
        'zone-vpcs',
        `VPC ${vpcText(vpc)} sees the zone ${zone.name} too; policy does not name it.`,
        'Add it to policy.json or end the association.',
        'warn',
      ),
    ),
  ];
};

const zoneFindings = (
  { hostname }: Judged,
  { zone: inspection, policyZone }: SurroundingsFacts,
): readonly Finding[] => {
  if (!inspection.ok) {
    return inspection.failure.kind === 'no-such-zone'
      ? [
          finding(
            'zone-missing',
            `The hosted zone ${policyZone.id} (${policyZone.name}) does not exist.`,
            'Correct its id in policy.json.',
          ),
        ]
      : [couldNotCheck(`the zone ${policyZone.name}`, inspection.failure)];
  }
  const { zone, rivals } = inspection.value;
  const shadows = rivals.ok
    ? rivals.value.filter(
        (rival) => rival.id !== zone.id && isAtOrBelow(rival.name, zone.name) && isAtOrBelow(hostname, rival.name),
      )
    : [];
  return [
    ...(zone.isPrivate
      ? []
      : [
          finding(
            'zone-public',
            `The hosted zone ${zone.id} is public; the name would be seen by everyone.`,
            'Put the id of a private zone into policy.json.',
          ),
        ]),
    ...(zone.name === policyZone.name
      ? []
      : [
          finding(
            'zone-name',
            `The hosted zone ${zone.id} is called ${zone.name}, not ${policyZone.name}.`,
            'Correct its id or name in policy.json.',
          ),
        ]),
    ...vpcFindings(zone, policyZone.vpcs),
    ...shadows.map((rival) =>
      finding(
        'shadowed',
        `The private zone ${rival.name} (${rival.id}) answers for ${hostname} in the same VPC; a record in ${zone.name} would never be seen.`,
        'Register the name in that zone, or choose one outside it.',
      ),
    ),
    ...(rivals.ok ? [] : [couldNotCheck('whether another private zone shadows the name', rivals.failure)]),
  ];
};

const recordText = ({ name, type, ttlSeconds, values, foreign }: RecordSet): string => {
  const kind = foreign === undefined || foreign === 'type' ? type : `${type} (${foreign})`;
  const content = values.length === 0 ? '' : ` ${printable(values.join(', '))}, TTL ${ttlSeconds}`;
  return `${name} already has ${kind}${content}`;
};

/** What stands at a name and its marker, and keeps it from being registered. */
export const checkExisting = (existing: readonly RecordSet[]): readonly Finding[] =>
  existing.map((recordSet) =>
    finding(
      'conflicting-record',
      `${recordText(recordSet)}, which this bot does not own and will not touch.`,
      'Choose another name, or have that record removed.',
    ),
  );

type Lead = { readonly end: 'address' | 'unknown' | 'nothing' | 'loop'; readonly at: string };

/** Follows CNAMEs as far as the record sets go. */
const follow = (name: string, recordSets: readonly RecordSet[], seen: readonly string[]): Lead => {
  if (seen.includes(name)) return { end: 'loop', at: name };
  const here = recordSets.filter((recordSet) => recordSet.name === name);
  if (here.some(({ type }) => type === 'A' || type === 'AAAA')) return { end: 'address', at: name };
  const next = here.find(({ type }) => type === 'CNAME')?.values[0];
  if (next !== undefined) return follow(next.replace(/\.$/, '').toLowerCase(), recordSets, [...seen, name]);
  // Of the target itself everything was read; of a name further on perhaps nothing.
  return { end: here.length > 0 || seen.length === 1 ? 'nothing' : 'unknown', at: name };
};

const cnameFindings = (
  hostname: string,
  targets: Definition['targets'] | undefined,
  read: ZoneResult<readonly RecordSet[]> | undefined,
  argument: 'target' | 'standby',
): readonly Finding[] => {
  if (targets?.kind !== 'cname' || read === undefined) return [];
  const { cname } = targets;
  if (!read.ok) return [couldNotCheck(`where ${cname} leads`, read.failure, argument)];
  const { end, at } = follow(cname, read.value, [hostname]);
  switch (end) {
    case 'address':
    case 'unknown':
      return [];
    case 'loop':
      return [
        finding(
          'cname-target',
          `${cname} leads back to ${at}: a loop.`,
          'Give a name that leads to an address.',
          'block',
          argument,
        ),
      ];
    case 'nothing':
      return [
        finding(
          'cname-target',
          at === cname ? `${cname} has no address in its zone.` : `${cname} leads to ${at}, which has no address.`,
          'Register that name first, or give an address.',
          'block',
          argument,
        ),
      ];
  }
};

/** The rules of a definition, or of a name that is to have none, that need facts from Route 53. What could not be read is a warning, never a refusal. */
export const checkSurroundings = (definition: Judged, facts: SurroundingsFacts): readonly Finding[] => [
  ...zoneFindings(definition, facts),
  ...cnameFindings(definition.hostname, definition.targets, facts.cnameTarget, 'target'),
  ...cnameFindings(definition.hostname, definition.standby, facts.standbyCnameTarget, 'standby'),
];
