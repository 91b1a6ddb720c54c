import ipaddr from 'ipaddr.js';
import type { Failing } from './failing.ts';

/** More than half of the endpoints, or of the targets, point at a suspect. */
const isMost = (count: number, of: number): boolean => count * 2 > of;

/** The network of an address that machines of one rack or site usually share. */
const networkOf = (address: string): string | undefined => {
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.parse(address);
  return parsed.kind() === 'ipv4'
    ? `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/24`).toString()}/24`
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString()}/64`;
};

/** The network that most failing targets are in, where at least three are. */
const commonNetwork = (failing: readonly Failing[]): string | undefined => {
  const targets = [...new Set(failing.flatMap(({ faults }) => faults.map(({ target }) => target)))];
  for (const [network, own] of Map.groupBy(targets, networkOf))
    if (network !== undefined && own.length >= 3 && isMost(own.length, targets.length)) return network;
  return undefined;
};

const commonZone = (failing: readonly Failing[]): string | undefined => {
  const unresolved = failing.filter(({ cause }) => cause === 'dns');
  for (const [zone, own] of Map.groupBy(unresolved, (each) => each.zone))
    if (zone !== undefined && isMost(own.length, failing.length)) return zone;
  return undefined;
};

/** The likeliest cause of a mass outage, in one sentence that says what to check first. */
export const suspectOf = (failing: readonly Failing[]): string => {
  const most = (...causes: readonly Failing['cause'][]): boolean =>
    isMost(failing.filter(({ cause }) => causes.includes(cause)).length, failing.length);
  if (most('policy'))
    return 'The policy does not allow probing these endpoints. Check its ports and ranges, not the mail servers.';
  if (most('resolver'))
    return 'The resolver does not answer for these endpoints. Check the resolver and the network path to it, not the mail servers.';
  if (most('prober'))
    return 'The prober is failing. Check the prober, not the mail servers. Whether Postal delivers right now is unknown.';
  const zone = commonZone(failing);
  if (zone !== undefined)
    return `Names of ${zone} no longer resolve. Check the zone, its VPC association and resolver rules, not the mail servers.`;
  const network = commonNetwork(failing);
  if (network !== undefined)
    return `Most of the failing targets are in ${network}. Check that network and the path to it first.`;
  if (most('unreachable', 'timeout', 'refused'))
    return 'No connection gets through. Check the network between the prober and the mail servers first.';
  return 'Check what these endpoints share: the network, the resolver, the prober, or one machine behind all of them.';
};
