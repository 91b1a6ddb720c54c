import {
  appearingTypes,
  effectiveWithinSeconds,
  isMove,
  negativeTtlOf,
  usualNegativeTtlSeconds,
} from '../../core/dns/move.ts';
import { type Plan, withEffect } from '../../core/dns/plan.ts';
import type { Ports } from '../ports/ports.ts';

/** How long resolvers remember that something is not in the zone; what Route 53 starts with where its SOA cannot be read. */
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

/** A plan that leads a name elsewhere says when that is known everywhere; any other stays as it is. */
export const timeEffect = async (
  ports: Pick<Ports, 'zones' | 'policy'>,
  plan: Plan,
  signal: AbortSignal,
): Promise<Plan> => {
  if (!isMove(plan)) return plan;
  const negativeTtlSeconds = appearingTypes(plan).length === 0 ? 0 : await negativeTtl(ports, plan.zoneId, signal);
  return withEffect(plan, effectiveWithinSeconds(plan, negativeTtlSeconds));
};
