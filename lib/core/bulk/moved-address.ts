import type { Definition, SslMode, Targets } from '../endpoint/definition.ts';
import type { Hostname } from '../endpoint/hostname.ts';

/** A registered name that has an address, and what it is to have instead: whole lists, as `update` takes them. */
export type MovedName = {
  readonly hostname: Hostname;
  readonly targets?: readonly string[];
  readonly standby?: readonly string[];
};

/** A port and SSL mode at which the new address has to answer, and one of the names that use it. */
export type UsedPort = { readonly port: number; readonly sslMode: SslMode; readonly hostname: Hostname };

export type MovedAddress = {
  readonly names: readonly MovedName[];
  readonly usedPorts: readonly UsedPort[];
  /** The longest that resolvers may return the old address, in seconds: the greatest TTL of the names whose own records change. */
  readonly rememberedSeconds: number;
};

/** The list with the new address in the old one's place, each address once; undefined where the old one is not in it. */
const moved = (targets: Targets | undefined, from: string, to: string): readonly string[] | undefined =>
  targets?.kind === 'addresses' && targets.addresses.includes(from)
    ? [...new Set(targets.addresses.map((address) => (address === from ? to : address)))]
    : undefined;

/** What an address that changes asks of these definitions. `from` and `to` are canonical, as definitions have them. */
export const movedAddress = (definitions: readonly Definition[], from: string, to: string): MovedAddress => {
  const names: MovedName[] = [];
  const usedPorts = new Map<string, UsedPort>();
  let rememberedSeconds = 0;
  for (const { hostname, targets: now, standby: spare, port, sslMode, ttlSeconds } of definitions) {
    const [targets, standby] = [moved(now, from, to), moved(spare, from, to)];
    if (targets === undefined && standby === undefined) continue;
    names.push({ hostname, ...(targets && { targets }), ...(standby && { standby }) });
    const key = `${port} ${sslMode}`;
    if (!usedPorts.has(key)) usedPorts.set(key, { port, sslMode, hostname });
    if (targets !== undefined) rememberedSeconds = Math.max(rememberedSeconds, ttlSeconds);
  }
  return { names, usedPorts: [...usedPorts.values()].sort((one, other) => one.port - other.port), rememberedSeconds };
};
