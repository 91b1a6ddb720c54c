import type { PostalEndpoint, PostalServer } from '../postal/audit/snapshot.ts';
import { hostnameOf } from '../postal/audit/subject.ts';
import type { EndpointFilter } from './endpoint-filter.ts';

/** What a snapshot says of where hostnames are entered. */
type Inventory = { readonly servers: readonly PostalServer[]; readonly endpoints: readonly PostalEndpoint[] };

/** Whether a mail server is the one that is asked for, by its whole name or without its organization. */
export const isServer = (asked: string, name: string): boolean => name === asked || name.endsWith(`/${asked}`);

/** The hostnames that Postal has in its SMTP endpoints: of all mail servers, or of the one that is asked for. */
export const enteredHostnames = (
  { servers, endpoints }: Inventory,
  server: string | undefined,
): ReadonlySet<string> => {
  const ids = new Set(servers.filter(({ name }) => server === undefined || isServer(server, name)).map(({ id }) => id));
  return new Set(endpoints.filter(({ serverId }) => ids.has(serverId)).map(hostnameOf));
};

export type PostalChoice =
  | { readonly ok: true; readonly isChosen: (hostname: string) => boolean }
  | { readonly ok: false; readonly line: string };

const serversNamed = 10;

/**
 * Which hostnames a filter means by what Postal has entered. `--server` alone means those that are entered there; with `--in-postal no`, those that are
 * not. A snapshot that is not there says nothing either way, so that nothing is chosen by it.
 */
export const chosenByPostal = (
  { server, inPostal }: EndpointFilter,
  inventory: Inventory | undefined,
): PostalChoice => {
  const asked = server === undefined ? 'in-postal' : 'server';
  if (inventory === undefined)
    return {
      ok: false,
      line: `${asked}: Postal has not reported what it has, or not for eight days. Leave --${asked} out, or let Postal's host report: docs/postal-database.md.`,
    };
  if (server !== undefined && !inventory.servers.some(({ name }) => isServer(server, name))) {
    const known = inventory.servers.slice(0, serversNamed).map(({ name }) => name);
    return {
      ok: false,
      line: `server: Postal has no mail server "${server}". Known ones: ${known.join(', ') || 'none'}.`,
    };
  }
  const entered = enteredHostnames(inventory, server);
  return { ok: true, isChosen: (hostname) => entered.has(hostname) === (inPostal ?? true) };
};
