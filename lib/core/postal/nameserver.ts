import { isIP, isIPv6 } from 'node:net';

/** Where to ask DNS questions: an address, never a name, and a port. */
export type Nameserver = { readonly address: string; readonly port: number };

const withPort = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/;

/**
 * Reads `10.0.0.2`, `127.0.0.1:5353`, `fd00::2` or `[::1]:53`; the port is 53 when none is given.
 *
 * Throws a `RangeError` with a sentence for a person.
 *
 * @example parseNameserver('[::1]:5353') // { address: '::1', port: 5353 }
 */
export const parseNameserver = (text: string): Nameserver => {
  const match = isIPv6(text) ? null : withPort.exec(text);
  const address = match?.[1] ?? match?.[2] ?? text.replace(/^\[(.*)\]$/, '$1');
  const port = match?.[3] === undefined ? 53 : Number(match[3]);
  if (isIP(address) === 0 || (text.startsWith('[') && !isIPv6(address)))
    throw new RangeError(`nameserver "${text}" is not an address; write it as 10.0.0.2, 127.0.0.1:5353 or [::1]:53`);
  if (port < 1 || port > 65_535) throw new RangeError(`nameserver "${text}" has port ${port}; a port is 1 to 65535`);
  return { address, port };
};

/** The way in which reports name a nameserver: the port is left out when it is 53. */
export const formatNameserver = ({ address, port }: Nameserver): string => {
  if (port === 53) return address;
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
};
