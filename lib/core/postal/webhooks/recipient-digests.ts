import { createHmac } from 'node:crypto';

/** What stands for a recipient outside of the function that received it. */
export type RecipientDigests = {
  /** Of `local@domain`. */
  readonly exact: string;
  /** Of `*@domain`, the route of all other recipients of the domain. */
  readonly wildcard: string;
};

const digest = (key: string, address: string): string =>
  createHmac('sha256', key).update(address).digest('base64url').slice(0, 22);

/** The parts of an address as Postal compares them with its routes: lower case, without `+tag`. */
const partsOf = (address: string): { readonly local: string; readonly domain: string } | undefined => {
  const at = address.lastIndexOf('@');
  if (at <= 0 || at === address.length - 1) return undefined;
  const local = address.slice(0, at).toLowerCase();
  const tag = local.indexOf('+');
  return { local: tag > 0 ? local.slice(0, tag) : local, domain: address.slice(at + 1).toLowerCase() };
};

/** The two digests of a recipient, or undefined for what is not an address. 132 bits each: a table of digests does not tell who wrote to whom. */
export const recipientDigests = (key: string, address: string): RecipientDigests | undefined => {
  const parts = partsOf(address);
  if (parts === undefined) return undefined;
  return { exact: digest(key, `${parts.local}@${parts.domain}`), wildcard: digest(key, `*@${parts.domain}`) };
};

/** The digest of a route's address, `name@domain` or `*@domain`. */
export const routeDigest = (key: string, address: string): string => digest(key, address.toLowerCase());
