import type { Plan } from '../../core/dns/plan.ts';
import { type Protection, protectionsInTheWay, protectionText } from '../../core/dns/protection.ts';
import { isPassing, type ZoneFailure, type ZoneResult } from '../../core/dns/zone-reading.ts';
import { definitionInput } from '../../core/endpoint/definition-input.ts';
import type { Finding } from '../../core/endpoint/finding.ts';
import { sameTargets } from '../../core/endpoint/targets.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { checkDefinition } from '../../core/validation/check-definition.ts';
import { checkSurroundings, couldNotCheck, type SurroundingsFacts } from '../../core/validation/surroundings.ts';
import type { Ports } from '../ports/ports.ts';
import { readSurroundings } from './read-surroundings.ts';

export type Judgement = {
  readonly findings: readonly Finding[];
  /** What Route 53 did not answer just now, so a later look may find more. */
  readonly unread: ZoneFailure | undefined;
};

type Judging = Pick<Ports, 'policy' | 'profile' | 'zones' | 'zoneListing' | 'prober' | 'clock'>;

const unreadIn = (
  { zone, cnameTarget, standbyCnameTarget }: SurroundingsFacts,
  protections: ZoneResult<readonly Protection[]>,
): ZoneFailure | undefined => {
  const reads: readonly ZoneResult<unknown>[] = [zone, ...(zone.ok ? [zone.value.rivals] : []), protections];
  const led = [cnameTarget, standbyCnameTarget].flatMap((answer) =>
    answer === undefined ? [] : [...answer.failures.values(), ...(answer.unlisted ? [answer.unlisted] : [])],
  );
  return [...reads.flatMap((read) => (read.ok ? [] : [read.failure])), ...led].find(isPassing);
};

/** A protection refuses the batch; one that cannot be read is a warning, since Route 53 itself refuses what it protects. */
const protectionFindings = (plan: Plan, read: ZoneResult<readonly Protection[]>): readonly Finding[] =>
  read.ok
    ? protectionsInTheWay(read.value, plan.before, plan.after).map(
        (protection): Finding => ({
          id: 'protected-record',
          severity: 'block',
          argument: 'hostname',
          wrong: `${protectionText(protection)}.`,
          right: 'Ask whoever protected it to delete the protection in Route 53, then try again.',
        }),
      )
    : [couldNotCheck('record set protections', read.failure)];

const notInZone = (wrong: string): Judgement => ({
  findings: [
    { id: 'outside-zones', severity: 'block', argument: 'hostname', wrong, right: 'Ask for the change again.' },
  ],
  unread: undefined,
});

/** A name that changes over leaves its targets behind as its standby, and whatever is wrong with them must not keep it there. */
const leavesAsStandby = ({ definitionBefore: before, definitionAfter: after }: Plan): boolean =>
  before !== undefined && after?.standby !== undefined && sameTargets(before.targets, after.standby);

/**
 * Everything that policy, rules and zone have against a plan as they are now: the definition that it leads to by every rule, where its CNAMEs lead, and
 * the zone, whatever the verb. What is at the name itself is for the batch to compare, and of a definition's own warnings its requester has heard.
 */
export const judgePlan = async (ports: Judging, plan: Plan, signal: AbortSignal): Promise<Judgement> => {
  const { policy, profile } = ports;
  const { hostname, zoneId, definitionAfter: definition } = plan;
  const policyZone = zoneOf(hostname, policy.zones);
  if (policyZone === undefined) return notInZone(`${hostname} is not in any zone of the policy.`);
  if (policyZone.id !== zoneId)
    return notInZone(`The policy names zone ${policyZone.id} for ${hostname}; the plan was made for ${zoneId}.`);
  const [facts, protections] = await Promise.all([
    readSurroundings(ports, definition ?? { hostname }, policyZone, signal),
    ports.zoneListing.protections(zoneId, signal),
  ]);
  const rules = definition === undefined ? [] : checkDefinition(definitionInput(definition), policy, profile).findings;
  const findings = [
    ...rules.filter(({ severity }) => severity === 'block'),
    ...checkSurroundings(definition ?? { hostname }, facts, policy),
    ...protectionFindings(plan, protections),
  ];
  return {
    findings: leavesAsStandby(plan) ? findings.filter(({ argument }) => argument !== 'standby') : findings,
    unread: unreadIn(facts, protections),
  };
};
