import {
  appearingTypes,
  effectiveWithinSeconds,
  isMove,
  negativeTtlOf,
  usualNegativeTtlSeconds,
} from '../../core/dns/move.ts';
import { amendedPlan, type Plan, type WildcardUnder } from '../../core/dns/plan.ts';
import { readWildcard } from '../look-up/read-wildcard.ts';
import type { Ports } from '../ports/ports.ts';

/** How long resolvers cache that something is not in the zone; what Route 53 starts with where its SOA cannot be read. */
const negativeTtl = async (
  { zones, policy }: Pick<Ports, 'zones' | 'policy'>,
  zoneId: string,
  signal: AbortSignal,
): Promise<number> => {
  const zone = policy.zones.find(({ id }) => id === zoneId);
  const read = zone === undefined ? undefined : await zones.readNames(zoneId, [zone.name], signal);
  return (
    (read?.ok ? negativeTtlOf(read.value.find(({ type }) => type === 'SOA')) : undefined) ?? usualNegativeTtlSeconds
  );
};

/** The wildcard that answers before a name's first record, or after its last; where it cannot be read, none is spoken of. */
const wildcardOf = async (
  { zoneListing, policy }: Pick<Ports, 'zoneListing' | 'policy'>,
  { hostname, zoneId, before, after }: Plan,
  signal: AbortSignal,
): Promise<WildcardUnder | undefined> => {
  const has = (sets: Plan['before']): boolean => sets.some(({ name }) => name === hostname);
  const zone = policy.zones.find(({ id }) => id === zoneId);
  if (zone === undefined || has(before) === has(after)) return undefined;
  const read = await readWildcard({ zoneListing }, zone, hostname, signal);
  return read.ok ? read.value : undefined;
};

/** A plan that leads a name elsewhere says when that is known everywhere, also where a wildcard answers before or after; any other stays as it is. */
export const timeEffect = async (
  ports: Pick<Ports, 'zones' | 'zoneListing' | 'policy'>,
  plan: Plan,
  signal: AbortSignal,
): Promise<Plan> => {
  const wildcard = await wildcardOf(ports, plan, signal);
  const sides = wildcard === undefined ? plan : { ...plan, wildcard };
  if (wildcard === undefined && !isMove(sides)) return plan;
  const negativeTtlSeconds = appearingTypes(sides).length === 0 ? 0 : await negativeTtl(ports, plan.zoneId, signal);
  return amendedPlan(plan, {
    effectiveWithinSeconds: effectiveWithinSeconds(sides, negativeTtlSeconds),
    ...(wildcard === undefined ? {} : { wildcard }),
  });
};
