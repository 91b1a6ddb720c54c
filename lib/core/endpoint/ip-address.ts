import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address in canonical text: dotted decimal, or RFC 5952. */
export type IpAddress = { readonly family: 4 | 6; readonly text: string };

/**
 * Reads an address strictly: four decimal parts without leading zeros, or IPv6 without zone id and brackets. ipaddr.js would also
 * take `10.0.4`, `010.0.4.12` and `0x0a.0.4.12`, and reads `::10.0.4.12` as IPv4-mapped, which it is not.
 */
export const parseIpAddress = (text: string): IpAddress | undefined => {
  if (isIPv4(text)) return { family: 4, text };
  if (!isIPv6(text) || text.includes('%')) return undefined;
  // The URL standard serialises an IPv6 host by RFC 5952.
  return { family: 6, text: new URL(`http://[${text}]/`).hostname.slice(1, -1) };
};

/** The IPv4 address inside an IPv4-mapped (`::ffff:10.0.4.12`) or IPv4-compatible (`::10.0.4.12`) one. */
export const embeddedIpv4 = ({ family, text }: IpAddress): string | undefined => {
  if (family === 4 || text === '::' || text === '::1') return undefined;
  const bytes = ipaddr.IPv6.parse(text).toByteArray();
  const mapped =
    bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === bytes[11] && (bytes[10] === 0 || bytes[10] === 255);
  return mapped ? bytes.slice(12).join('.') : undefined;
};

export type AddressClass =
  | 'unspecified'
  | 'loopback'
  | 'link-local'
  | 'instance-service'
  | 'multicast'
  | 'broadcast'
  | 'reserved'
  | 'ipv4-embedded'
  /** RFC 1918, RFC 6598 or RFC 4193. */
  | 'private'
  | 'public';

/** AWS keeps this range for services of the instance: metadata, DNS, time. */
const instanceServices = ipaddr.IPv6.parseCIDR('fd00:ec2::/32');

/** What kind of address it is, as far as delivering mail to it goes. */
export const classOf = (address: IpAddress): AddressClass => {
  if (address.family === 4) {
    const ipv4 = ipaddr.IPv4.parse(address.text);
    const range = ipv4.range();
    if (range === 'unspecified' || range === 'loopback' || range === 'multicast' || range === 'broadcast') return range;
    if (range === 'linkLocal') return 'link-local';
    if (range === 'private' || range === 'carrierGradeNat') return 'private';
    return (ipv4.octets[0] ?? 0) >= 240 ? 'reserved' : 'public';
  }
  if (embeddedIpv4(address) !== undefined) return 'ipv4-embedded';
  const ipv6 = ipaddr.IPv6.parse(address.text);
  const range = ipv6.range();
  if (range === 'unspecified' || range === 'loopback' || range === 'multicast') return range;
  if (range === 'linkLocal') return 'link-local';
  if (ipv6.match(instanceServices)) return 'instance-service';
  return range === 'uniqueLocal' ? 'private' : 'public';
};
