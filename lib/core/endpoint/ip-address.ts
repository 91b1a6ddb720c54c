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

type Octets = readonly number[];

const lastFour = (octets: Octets): Octets => octets.slice(12);

/**
 * IPv6 ranges whose addresses carry an IPv4 address, and where it is in them. A gateway on the way, or the machine itself, may send what is addressed to one
 * of them to that IPv4 address.
 */
const embeddings: readonly (readonly [range: string, ipv4: (octets: Octets) => Octets])[] = [
  // IPv4-mapped and IPv4-compatible, RFC 4291; IPv4-translated, RFC 2765.
  ['::ffff:0:0/96', lastFour],
  ['::/96', lastFour],
  ['::ffff:0:0:0/96', lastFour],
  // NAT64, RFC 6052 and RFC 8215.
  ['64:ff9b::/96', lastFour],
  ['64:ff9b:1::/48', lastFour],
  // 6to4, RFC 3056; Teredo, RFC 4380, where the client's address is inverted.
  ['2002::/16', (octets) => octets.slice(2, 6)],
  ['2001::/32', (octets) => lastFour(octets).map((octet) => octet ^ 0xff)],
];

/** ISATAP, RFC 5214: below any prefix, the interface id is 0:5efe or 200:5efe and an IPv4 address. */
const isIsatap = (octets: Octets): boolean =>
  ((octets[8] ?? 0) & 0xfd) === 0 && octets[9] === 0 && octets[10] === 0x5e && octets[11] === 0xfe;

/** The IPv4 address inside an IPv6 one, such as `::ffff:10.0.4.12`, `64:ff9b::a00:40c` or `2002:a00:40c::`. */
export const embeddedIpv4 = ({ family, text }: IpAddress): string | undefined => {
  if (family === 4 || text === '::' || text === '::1') return undefined;
  const address = ipaddr.IPv6.parse(text);
  const octets = address.toByteArray();
  const [, ipv4] = embeddings.find(([range]) => address.match(ipaddr.IPv6.parseCIDR(range))) ?? [];
  if (ipv4 !== undefined) return ipv4(octets).join('.');
  return isIsatap(octets) ? lastFour(octets).join('.') : undefined;
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
  /** fec0::/10, which RFC 3879 has withdrawn. */
  | 'site-local'
  /** RFC 1918, RFC 6598 or RFC 4193. */
  | 'private'
  | 'public';

/** AWS keeps this range for services of the instance: metadata, DNS, time. */
const instanceServices = ipaddr.IPv6.parseCIDR('fd00:ec2::/32');
/** RFC 6666: what is sent there is thrown away. */
const discard = ipaddr.IPv6.parseCIDR('100::/64');
const siteLocal = ipaddr.IPv6.parseCIDR('fec0::/10');

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
  if (ipv6.match(discard)) return 'reserved';
  if (ipv6.match(siteLocal)) return 'site-local';
  if (ipv6.match(instanceServices)) return 'instance-service';
  return range === 'uniqueLocal' ? 'private' : 'public';
};
