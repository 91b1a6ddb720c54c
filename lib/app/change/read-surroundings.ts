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

/** What Route 53 says of a hostname's zone and that zone's rivals, and of the names that a definition's CNAMEs lead to. */
export const readSurroundings = async (
  ports: Reading,
  { targets, standby }: Partial<Definition>,
  policyZone: PolicyZone,
  signal: AbortSignal,
): Promise<SurroundingsFacts> => {
  const [zone, cnameTarget, standbyCnameTarget] = await Promise.all([
    ports.zones.inspectZone(policyZone.id, signal),
    readAlong(ports, targets, signal),
    readAlong(ports, standby, signal),
  ]);
  return {
    zone,
    policyZone,
    ...(cnameTarget === undefined ? {} : { cnameTarget }),
    ...(standbyCnameTarget === undefined ? {} : { standbyCnameTarget }),
  };
};
