import type { RecordSet } from '../../core/dns/record-set.ts';
import type { VisibleZone } from '../../core/dns/zone-answer.ts';
import { type Audit, audit } from '../../core/postal/audit/audit.ts';
import { nameStates } from '../../core/postal/audit/name-states.ts';
import type { Registry } from '../../core/postal/audit/registry.ts';
import { hostnameOf } from '../../core/postal/audit/subject.ts';
import type { Ports } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';
import { newestSnapshot, type ReportHead } from '../state/postal-report-store.ts';

type ReadingPorts = Pick<Ports, 'state' | 'policy' | 'zoneListing'>;

/** What Postal has, held against what is registered, and who reported it. */
export type PostalView = { readonly audit: Audit; readonly heads: readonly ReportHead[] };

const registryOf = async ({ state }: ReadingPorts, signal: AbortSignal): Promise<Registry> => {
  const registered = await listRegistered(state, signal);
  return {
    registrations: new Map(
      registered.map(({ definition: { hostname, port, sslMode } }) => [hostname, { port, sslMode }]),
    ),
    isComplete: true,
    unknown: new Set(),
  };
};

/** The zones of the policy with all that is in them; one that cannot be read says nothing about its names. */
const readZones = async (
  { policy, zoneListing }: ReadingPorts,
  signal: AbortSignal,
): Promise<readonly VisibleZone<RecordSet>[]> => {
  const zones = [];
  for (const { id, name } of policy.zones) {
    const listed = await zoneListing.list(id, signal);
    zones.push({ id, name, ...(listed.ok ? { recordSets: listed.value } : {}) });
  }
  return zones;
};

/** The newest snapshot as the audit judges it. Undefined: Postal has reported nothing, or nothing for eight days. */
export const readPostal = async (ports: ReadingPorts, signal: AbortSignal): Promise<PostalView | undefined> => {
  const newest = await newestSnapshot(ports.state, signal);
  if (newest === undefined) return undefined;
  const [registry, zones] = await Promise.all([registryOf(ports, signal), readZones(ports, signal)]);
  const names = nameStates(newest.snapshot.endpoints.map(hostnameOf), zones);
  return { audit: audit(newest.snapshot, registry, { names }), heads: newest.heads };
};

/** What Postal has of one hostname, without a look into DNS. */
export const readInPostal = async (
  ports: ReadingPorts,
  hostname: string,
  signal: AbortSignal,
): Promise<PostalView | undefined> => {
  const newest = await newestSnapshot(ports.state, signal);
  if (newest === undefined) return undefined;
  const { endpoints } = newest.snapshot;
  const own = { ...newest.snapshot, endpoints: endpoints.filter((endpoint) => hostnameOf(endpoint) === hostname) };
  return { audit: audit(own, await registryOf(ports, signal), { names: new Map() }), heads: newest.heads };
};
