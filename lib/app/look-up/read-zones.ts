import type { RecordSet } from '../../core/dns/record-set.ts';
import type { ZoneResult } from '../../core/dns/zone-reading.ts';
import type { PolicyDocument } from '../../core/policy/policy.ts';
import type { Ports } from '../ports/ports.ts';

/** What somebody waits for zones at most, all of them together: enough for some 20,000 record sets, and much of a worker's time is left to answer. */
const withinMs = 20_000;

/** A zone that could not be listed, and why. */
export type UnreadZone = { readonly name: string; readonly why: string };

export type ReadZone = {
  readonly zone: PolicyDocument['zones'][number];
  readonly listed: ZoneResult<readonly RecordSet[]>;
};

/** Lists the zones of the policy with all that is in them. One that is not read in time is a failure that says so. */
export const readZones = async (
  { policy, zoneListing }: Pick<Ports, 'policy' | 'zoneListing'>,
  signal: AbortSignal,
): Promise<readonly ReadZone[]> => {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  const read: ReadZone[] = [];
  for (const zone of policy.zones) read.push({ zone, listed: await zoneListing.list(zone.id, inTime) });
  return read;
};

/** Those that could not be listed. */
export const unreadZones = (read: readonly ReadZone[]): readonly UnreadZone[] =>
  read.flatMap(({ zone: { name }, listed }) => (listed.ok ? [] : [{ name, why: listed.failure.message }]));
