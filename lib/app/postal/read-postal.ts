import type { Registered } from '../../core/endpoint/registered.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { type Audit, audit } from '../../core/postal/audit/audit.ts';
import { nameState, nameStates } from '../../core/postal/audit/name-states.ts';
import type { Registry } from '../../core/postal/audit/registry.ts';
import type { Snapshot } from '../../core/postal/audit/snapshot.ts';
import { hostnameOf, type NameState } from '../../core/postal/audit/subject.ts';
import { sourceWords } from '../../core/postal/reports/source-words.ts';
import { lookUpName } from '../look-up/look-up-name.ts';
import { readZones, type UnreadZone, unreadZones } from '../look-up/read-zones.ts';
import type { Ports } from '../ports/ports.ts';
import { listRegistered, registeredAs } from '../state/directory.ts';
import { newestSnapshot, type ReportHead } from '../state/postal/postal-report-store.ts';

type ReadingPorts = Pick<Ports, 'state' | 'policy' | 'zoneListing'>;

/** What Postal has, compared with what is registered, and who reported it. */
export type PostalView = {
  readonly audit: Audit;
  readonly heads: readonly ReportHead[];
  /** About the names in these zones nothing is known. */
  readonly unread: readonly UnreadZone[];
};

/** Who reported what is in view, and how long ago that was read. */
export const sourceOf = ({ audit: { atMs }, heads }: PostalView, nowMs: number): string =>
  sourceWords({ senders: heads.map(({ sender }) => sender), atMs }, nowMs);

const registryOf = (registered: readonly Registered[], isComplete: boolean): Registry => ({
  registrations: new Map(
    registered.map(({ definition: { hostname, port, sslMode } }) => [hostname, { port, sslMode }]),
  ),
  isComplete,
  unknown: new Set(),
});

const readNames = async (ports: ReadingPorts, { endpoints }: Snapshot, signal: AbortSignal) => {
  const read = await readZones(ports, signal);
  const zones = read.map(({ zone: { id, name }, listed }) => ({
    id,
    name,
    ...(listed.ok ? { recordSets: listed.value } : {}),
  }));
  return { names: nameStates(endpoints.map(hostnameOf), zones), unread: unreadZones(read) };
};

/** The newest snapshot as the audit judges it. Undefined: Postal has reported nothing, or nothing for eight days. */
export const readPostal = async (ports: ReadingPorts, signal: AbortSignal): Promise<PostalView | undefined> => {
  const newest = await newestSnapshot(ports.state, signal);
  if (newest === undefined) return undefined;
  const { snapshot, heads } = newest;
  const [registered, { names, unread }] = await Promise.all([
    listRegistered(ports.state, signal),
    readNames(ports, snapshot, signal),
  ]);
  return { audit: audit(snapshot, registryOf(registered, true), { names }), heads, unread };
};

/** What Postal has of one hostname; `look` reads what DNS has for it. */
const readOf = async (
  { state }: Pick<Ports, 'state'>,
  hostname: string,
  look: () => Promise<NameState | undefined>,
  signal: AbortSignal,
): Promise<PostalView | undefined> => {
  const newest = await newestSnapshot(state, signal);
  if (newest === undefined) return undefined;
  const own = {
    ...newest.snapshot,
    endpoints: newest.snapshot.endpoints.filter((endpoint) => hostnameOf(endpoint) === hostname),
  };
  const [registered, resolves] = await Promise.all([registeredAs(state, hostname, signal), look()]);
  const registry = registryOf(registered === undefined ? [] : [registered], false);
  const names = new Map(resolves === undefined ? [] : [[hostname, resolves] as const]);
  return { audit: audit(own, registry, { names }), heads: newest.heads, unread: [] };
};

/** What Postal has of one hostname, without a look into DNS. */
export const readInPostal = (
  ports: Pick<Ports, 'state'>,
  hostname: string,
  signal: AbortSignal,
): Promise<PostalView | undefined> => readOf(ports, hostname, async () => undefined, signal);

/** What Postal has of many hostnames, without a look into DNS. */
export const readManyInPostal = async (
  { state }: Pick<Ports, 'state'>,
  hostnames: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<PostalView | undefined> => {
  const newest = await newestSnapshot(state, signal);
  if (newest === undefined) return undefined;
  const endpoints = newest.snapshot.endpoints.filter((endpoint) => hostnames.has(hostnameOf(endpoint)));
  const held = audit({ ...newest.snapshot, endpoints }, registryOf([], false), { names: new Map() });
  return { audit: held, heads: newest.heads, unread: [] };
};

/** The audit of one hostname, which reads of the zones only what is around it. */
export const readPostalOf = (
  ports: Pick<Ports, 'state' | 'policy' | 'zones' | 'zoneListing'>,
  hostname: string,
  signal: AbortSignal,
): Promise<PostalView | undefined> => {
  const look = async (): Promise<NameState | undefined> => {
    if (zoneOf(hostname, ports.policy.zones) === undefined) return undefined;
    const { a, aaaa } = await lookUpName(ports, hostname, signal);
    return nameState(a, aaaa);
  };
  return readOf(ports, hostname, look, signal);
};
