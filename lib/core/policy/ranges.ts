import ipaddr from 'ipaddr.js';
import { embeddedIpv4, parseIpAddress } from '../endpoint/ip-address.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [network: Address, prefixLength: number];

/** Canonical text first: ipaddr.js by itself takes `10.1`. An IPv4 address inside an IPv6 one is judged as what it is, or it would slip past IPv4 ranges. */
const parseAddress = (text: string): Address | undefined => {
  const address = parseIpAddress(text);
  return address && ipaddr.parse(embeddedIpv4(address) ?? address.text);
};

const parseRange = (cidr: string): Range | undefined => {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(cidr);
  const network = parseIpAddress(match?.[1] ?? '');
  const prefixLength = Number(match?.[2]);
  if (network === undefined || prefixLength > (network.family === 4 ? 32 : 128)) return undefined;
  const parsed = ipaddr.parse(network.text);
  const mapped = parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() && prefixLength >= 96;
  return mapped ? [parsed.toIPv4Address(), prefixLength - 96] : [parsed, prefixLength];
};

const contains = ([network, prefixLength]: Range, address: Address): boolean =>
  network.kind() === address.kind() && address.match([network, prefixLength]);

/** Kinds that only a range of that very kind lets in, with the widest such range: a wide range such as 0.0.0.0/0 does not. */
const confined = new Map([
  ['loopback', { ipv4: 8, ipv6: 128 }],
  ['linkLocal', { ipv4: 16, ipv6: 10 }],
  ['deprecatedSiteLocal', { ipv4: 32, ipv6: 10 }],
  ['unspecified', { ipv4: 8, ipv6: 128 }],
  ['instanceService', { ipv4: 32, ipv6: 32 }],
]);

/** AWS's own, for metadata, DNS and time of an instance: inside `fd00::/8`, and no more a neighbour than 169.254.169.254. */
const instanceServices = ipaddr.IPv6.parseCIDR('fd00:ec2::/32');

const kindOf = (address: Address): string =>
  address instanceof ipaddr.IPv6 && address.match(instanceServices) ? 'instanceService' : address.range();

/**
 * Whether an address lies in one of the CIDR ranges; an IPv6 address with an IPv4 one inside counts as that, and what cannot be parsed is outside.
 *
 * | address | inside |
 * | --- | --- |
 * | loopback, link-local, site-local and `fd00:ec2::/32` (instance metadata), unspecified (oneself) | only a range that is wholly of that kind |
 * | multicast, broadcast | never |
 * | any other | any range that contains it |
 */
export const insideRanges = (address: string, cidrs: readonly string[]): boolean => {
  const parsed = parseAddress(address);
  if (parsed === undefined) return false;
  const kind = kindOf(parsed);
  if (kind === 'multicast' || kind === 'broadcast') return false;
  const widest = confined.get(kind);
  return cidrs.some((cidr) => {
    const range = parseRange(cidr);
    if (range === undefined || !contains(range, parsed)) return false;
    return widest === undefined || range[1] >= widest[parsed.kind()];
  });
};
