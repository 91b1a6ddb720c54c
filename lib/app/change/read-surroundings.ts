import { markerName } from '../../core/dns/marker.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import type { ZoneResult } from '../../core/dns/zone-reading.ts';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import { normaliseName } from '../../core/endpoint/hostname.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import type { PolicyDocument } from '../../core/policy/policy.ts';
import type { SurroundingsFacts } from '../../core/validation/surroundings.ts';
import type { Ports } from '../ports/ports.ts';

type PolicyZone = PolicyDocument['zones'][number];
type Reading = Pick<Ports, 'zones' | 'policy'>;

/** As many steps as resolvers commonly follow. */
const longestChain = 8;

/** The record sets along a CNAME, as far as it stays in our zones; undefined when it begins outside them. */
const readAlong = async (
  ports: Reading,
  targets: Targets | undefined,
  signal: AbortSignal,
): Promise<ZoneResult<readonly RecordSet[]> | undefined> => {
  if (targets?.kind !== 'cname') return undefined;
  const found: RecordSet[] = [];
  const seen = new Set<string>();
  let name: string | undefined = targets.cname;
  while (name !== undefined && !seen.has(name) && seen.size < longestChain) {
    const zone = zoneOf(name, ports.policy.zones);
    if (zone === undefined) return seen.size === 0 ? undefined : { ok: true, value: found };
    seen.add(name);
    const read = await ports.zones.readNames(zone.id, [name], signal);
    if (!read.ok) return read;
    found.push(...read.value);
    const next: string | undefined = read.value.find(({ type }) => type === 'CNAME')?.values[0];
    name = next === undefined ? undefined : normaliseName(next);
  }
  return { ok: true, value: found };
};

/** Everything in Route 53 that bears on a definition: its zone and that zone's rivals, what stands at the name and its marker, and where CNAMEs lead. */
export const readSurroundings = async (
  ports: Reading,
  { hostname, targets, standby }: Definition,
  policyZone: PolicyZone,
  signal: AbortSignal,
): Promise<ZoneResult<SurroundingsFacts>> => {
  const [zone, existing, cnameTarget, standbyCnameTarget] = await Promise.all([
    ports.zones.inspectZone(policyZone.id, signal),
    ports.zones.readNames(policyZone.id, [hostname, markerName(hostname)], signal),
    readAlong(ports, targets, signal),
    readAlong(ports, standby, signal),
  ]);
  // A zone that is not there holds nothing; that it is not there is for the rules to say.
  if (!existing.ok && existing.failure.kind !== 'no-such-zone') return existing;
  return {
    ok: true,
    value: {
      zone,
      policyZone,
      existing: existing.ok ? existing.value : [],
      ...(cnameTarget === undefined ? {} : { cnameTarget }),
      ...(standbyCnameTarget === undefined ? {} : { standbyCnameTarget }),
    },
  };
};
