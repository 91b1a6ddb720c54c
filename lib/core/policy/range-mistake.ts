import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { said } from './mistake-at.ts';

/** What is wrong with a CIDR range, or undefined. */
export const rangeMistake = (cidr: string): string | undefined => {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  if (parseIpAddress(address) === undefined || !ipaddr.isValidCIDR(cidr))
    return `${said(cidr)} is not a range such as 10.0.0.0/16 or fd00::/8`;
  const network =
    isIP(address) === 4 ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return network.toString() === ipaddr.parse(address).toString()
    ? undefined
    : `${said(cidr)} starts inside its range; write ${network.toString()}/${length}`;
};
