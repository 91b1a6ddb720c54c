import { bad, type Examined, good, unsure } from '../../core/base/examined.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { isPassing, type ZoneFacts, type ZoneFailure } from '../../core/dns/zone-reading.ts';
import type { PolicyDocument } from '../../core/policy/policy.ts';
import type { Ports } from '../ports/ports.ts';

type PolicyZone = PolicyDocument['zones'][number];

/** Negative answers cached for longer keep a new name from working. */
const longestNegativeTtlSeconds = 300;

const unreadable = (what: string, failure: ZoneFailure): Examined =>
  isPassing(failure)
    ? unsure(what, failure.message, 'Try again in a minute. If this persists, check the AWS health dashboard.')
    : bad(
        what,
        failure.message,
        'Compare the id in policy.json with Route 53, and the worker’s role with serverless.yml.',
      );

const identity = (what: string, zone: ZoneFacts, { name, vpcs }: PolicyZone): Examined => {
  if (!zone.isPrivate)
    return bad(
      what,
      'is a public zone: everyone can resolve its names',
      'Put the id of the private zone into policy.json.',
    );
  if (zone.name !== name)
    return bad(what, `is called ${zone.name} in Route 53`, 'Put the id of the zone with this name into policy.json.');
  const missing = vpcs.filter(({ id }) => !zone.vpcs.some((seen) => seen.id === id)).map(({ id }) => id);
  if (missing.length > 0)
    return bad(
      what,
      `is not associated with ${missing.join(', ')}`,
      `Associate ${missing.length === 1 ? 'that VPC' : 'those VPCs'} with the zone: Postal resolves names from there.`,
    );
  return good(what, `private, associated with ${zone.vpcs.map(({ id }) => id).join(', ') || 'no VPC'}`);
};

const shadows = (what: string, rivals: readonly ZoneFacts[]): Examined =>
  rivals.length === 0
    ? good(what, 'no other private zone answers for its names')
    : bad(
        what,
        `${rivals.map(({ name, id }) => `${name} (${id})`).join(', ')} ${rivals.length === 1 ? 'answers' : 'answer'} for some of its names in the same VPC`,
        'Add that zone to policy.json and register those names there, or remove its association with the VPC.',
      );

/** Seconds for which resolvers cache that a name does not exist: the smaller of the SOA's TTL and its MINIMUM field, RFC 2308 §5. */
export const negativeTtlSeconds = (soa: RecordSet): number | undefined => {
  const minimum = Number(soa.values[0]?.split(/\s+/).at(-1));
  return Number.isInteger(minimum) ? Math.min(minimum, soa.ttlSeconds) : undefined;
};

const negativeCaching = (what: string, zone: string, sets: readonly RecordSet[]): Examined => {
  const soa = sets.find(({ type }) => type === 'SOA');
  const seconds = soa && negativeTtlSeconds(soa);
  if (seconds === undefined)
    return unsure(what, 'the SOA record could not be read', `Check the SOA record of ${zone} in Route 53.`);
  return seconds <= longestNegativeTtlSeconds
    ? good(what, `a name looked up before it was registered resolves after ${seconds} s at most`)
    : bad(
        what,
        `a name looked up before it was registered may not resolve for ${seconds} s`,
        `Set the last number and the TTL of ${zone}'s SOA record to 60.`,
      );
};

/** Whether the zone is the one in policy, is associated with Postal's VPC, is not shadowed, and has a short negative TTL. */
export const examineZone = async (
  { zones }: Pick<Ports, 'zones'>,
  zone: PolicyZone,
  signal: AbortSignal,
): Promise<readonly Examined[]> => {
  const what = `zone ${zone.name}`;
  const [inspected, apex] = await Promise.all([
    zones.inspectZone(zone.id, signal),
    zones.readNames(zone.id, [zone.name], signal),
  ]);
  if (!inspected.ok) return [unreadable(what, inspected.failure)];
  const { zone: facts, rivals } = inspected.value;
  const [shadowed, negative] = [`${what}, shadows`, `${what}, negative TTL`];
  return [
    identity(what, facts, zone),
    rivals.ok ? shadows(shadowed, rivals.value) : unreadable(shadowed, rivals.failure),
    apex.ok ? negativeCaching(negative, zone.name, apex.value) : unreadable(negative, apex.failure),
  ];
};
