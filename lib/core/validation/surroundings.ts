import { asSentence } from '../base/as-sentence.ts';
import { adoptable } from '../dns/adoptable.ts';
import type { NameAnswer } from '../dns/name-answer.ts';
import type { RecordSet } from '../dns/record-set.ts';
import { recordSetText } from '../dns/record-set-text.ts';
import type { ZoneFacts, ZoneFailure, ZoneResult } from '../dns/zone-reading.ts';
import type { Definition } from '../endpoint/definition.ts';
import type { Argument, Finding, RuleId } from '../endpoint/finding.ts';
import { isAtOrBelow } from '../endpoint/name.ts';
import { printable } from '../endpoint/printable.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { type CnamePolicy, cnameFindings } from './cname-rules.ts';

/** What Route 53 said of everything that bears on a definition. */
export type SurroundingsFacts = {
  /** The zone that the hostname is to be in, and its rivals. */
  readonly zone: ZoneResult<{ readonly zone: ZoneFacts; readonly rivals: ZoneResult<readonly ZoneFacts[]> }>;
  /** The same zone as policy has it. */
  readonly policyZone: PolicyDocument['zones'][number];
  /** Where the CNAME target leads; absent when the targets are addresses. */
  readonly cnameTarget?: NameAnswer;
  /** The same of the standby's CNAME target. */
  readonly standbyCnameTarget?: NameAnswer;
};

/** A definition, or the name alone. */
export type Judged = Pick<Definition, 'hostname'> & Partial<Definition>;

const finding = (
  id: RuleId,
  wrong: string,
  right: string,
  severity: Finding['severity'] = 'block',
  argument: Argument = 'hostname',
): Finding => ({ id, severity, argument, wrong, right });

/** A warning that something could not be read. */
export const couldNotCheck = (what: string, failure: ZoneFailure, argument: Argument = 'hostname'): Finding =>
  finding(
    'could-not-check',
    `Could not check ${what}: ${asSentence(printable(failure.message))}`,
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
            `The hosted zone ${zone.id} is public: everyone could resolve the name.`,
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

/** A plain record can be taken over; anything else says what can be done. */
const conflictRemedy = (hostname: string, existing: readonly RecordSet[]): string => {
  const judged = adoptable(hostname, existing);
  switch (judged.kind) {
    case 'yes':
      return 'Take it over as it is with adopt, or choose another name:';
    case 'no':
      return judged.right;
    case 'nothing':
      return 'Choose another name, or have that record removed.';
  }
};

/** What a name and its marker already have, which keeps the name from being registered. */
export const checkExisting = (hostname: string, existing: readonly RecordSet[]): readonly Finding[] =>
  existing.map((recordSet) =>
    finding(
      'conflicting-record',
      `${recordSet.name} already has ${recordSetText(recordSet)}, which this bot does not own and will not touch.`,
      conflictRemedy(hostname, existing),
    ),
  );

const ledBy = (
  { hostname }: Judged,
  targets: Definition['targets'] | undefined,
  answer: NameAnswer | undefined,
  policy: CnamePolicy,
  argument: 'target' | 'standby',
): readonly Finding[] =>
  targets?.kind !== 'cname' || answer === undefined
    ? []
    : cnameFindings(hostname, targets.cname, answer, policy, argument);

/** The rules of a definition, or of a name that is to have none, that need facts from Route 53. What could not be read is a warning, never a refusal. */
export const checkSurroundings = (
  definition: Judged,
  facts: SurroundingsFacts,
  policy: CnamePolicy,
): readonly Finding[] => [
  ...zoneFindings(definition, facts),
  ...ledBy(definition, definition.targets, facts.cnameTarget, policy, 'target'),
  ...ledBy(definition, definition.standby, facts.standbyCnameTarget, policy, 'standby'),
];
