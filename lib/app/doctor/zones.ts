import { bad, type Examined, good, unsure } from '../../core/base/examined.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import type { ZoneFacts, ZoneFailure } from '../../core/dns/zone-reading.ts';
import type { PolicyDocument } from '../../core/policy/policy.ts';
import type { Ports } from '../ports/ports.ts';

type PolicyZone = PolicyDocument['zones'][number];

/** A "no such name" that a resolver remembers for longer keeps a new name from working. */
const longestNegativeTtlSeconds = 300;

const unreadable = (what: string, { kind, message }: ZoneFailure): Examined =>
  kind === 'busy' || kind === 'unreachable'
    ? unsure(what, message, 'Look again in a minute; if it stays, look at the AWS health dashboard.')
    : bad(what, message, 'Compare the id in policy.json with Route 53, and the worker’s role with serverless.yml.');

const identity = (what: string, zone: ZoneFacts, { name, vpcs }: PolicyZone): Examined => {
  if (!zone.isPrivate)
    return bad(
      what,
      'is public; names there would be seen by everyone',
      'Put the id of the private zone into policy.json.',
    );
  if (zone.name !== name)
    return bad(what, `is called ${zone.name} in Route 53`, 'Put the id that belongs to the name into policy.json.');
  const missing = vpcs.filter(({ id }) => !zone.vpcs.some((seen) => seen.id === id)).map(({ id }) => id);
  if (missing.length > 0)
    return bad(
      what,
      `is not seen by ${missing.join(', ')}`,
      `Associate ${missing.length === 1 ? 'that VPC' : 'those VPCs'} with the zone: Postal asks from there.`,
    );
  return good(what, `private, seen by ${zone.vpcs.map(({ id }) => id).join(', ') || 'no VPC'}`);
};

const shadows = (what: string, rivals: readonly ZoneFacts[]): Examined =>
  rivals.length === 0
    ? good(what, 'no other private zone answers in its place')
    : bad(
        what,
        `${rivals.map(({ name, id }) => `${name} (${id})`).join(', ')} answers for names in it, to the same VPC`,
        'Names below that zone belong there: register that zone in policy.json, or take its association away.',
      );

/** The TTL with which resolvers remember that a name does not exist: the lesser of the SOA's own and its last number. RFC 2308 §5. */
export const negativeTtlSeconds = (soa: RecordSet): number | undefined => {
  const minimum = Number(soa.values[0]?.split(/\s+/).at(-1));
  return Number.isInteger(minimum) ? Math.min(minimum, soa.ttlSeconds) : undefined;
};

const negativeCaching = (what: string, zone: string, sets: readonly RecordSet[]): Examined => {
  const soa = sets.find(({ type }) => type === 'SOA');
  const seconds = soa && negativeTtlSeconds(soa);
  if (seconds === undefined)
    return unsure(what, 'the SOA record could not be read', `Look at the SOA of ${zone} in Route 53.`);
  return seconds <= longestNegativeTtlSeconds
    ? good(what, `a name that was asked for too early is found after ${seconds} s`)
    : bad(
        what,
        `a name that was asked for before it was registered stays unknown for ${seconds} s`,
        `Set the last number of ${zone}'s SOA record to 60, and its TTL too.`,
      );
};

/** The zone is the one that policy means, Postal's VPC sees it, nothing shadows it, and its "no" is forgotten soon. */
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
