import { nameState } from '../../adapters/dns/name-states.ts';
import { readMarker } from '../../adapters/dns/read-marker.ts';
import { concurrently } from '../../core/base/concurrently.ts';
import type { Registration, Registry } from '../../core/postal/audit/registry.ts';
import type { PostalEndpoint } from '../../core/postal/audit/snapshot.ts';
import { hostnameOf, isAddressLiteral, type NameState } from '../../core/postal/audit/subject.ts';
import { type Nameserver, parseNameserver } from '../../core/postal/nameserver.ts';

const questionsAtOnce = 16;

/** The hostnames that can be looked up, each once. */
const hostnamesOf = (endpoints: readonly PostalEndpoint[]): readonly string[] => [
  ...new Set(endpoints.map(hostnameOf).filter((hostname) => !isAddressLiteral(hostname))),
];

/** Which hostnames have an address. */
export const observeNames = async (
  endpoints: readonly PostalEndpoint[],
  nameservers: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NameState>> => {
  const parsed = nameservers.map(parseNameserver);
  const names = new Map<string, NameState>();
  await concurrently(hostnamesOf(endpoints), questionsAtOnce, async (hostname) => {
    names.set(hostname, await nameState(hostname, parsed, signal));
  });
  return names;
};

/** What is registered, by the markers beside the hostnames that Postal has. */
export const registryFromDns = async (
  endpoints: readonly PostalEndpoint[],
  nameservers: readonly string[],
  signal: AbortSignal,
): Promise<Registry> => {
  const parsed: readonly Nameserver[] = nameservers.map(parseNameserver);
  const registrations = new Map<string, Registration>();
  const unknown = new Set<string>();
  await concurrently(hostnamesOf(endpoints), questionsAtOnce, async (hostname) => {
    const marker = await readMarker(hostname, parsed, signal);
    if (marker === undefined) unknown.add(hostname);
    else if (marker !== null) registrations.set(hostname, marker);
  });
  return { registrations, isComplete: false, unknown };
};
