import type { Definition } from '../endpoint/definition.ts';

/** A CNAME record: `name` leads to `target`; both canonical. */
export type Cname = { readonly name: string; readonly target: string };

/** A name that depends on another: it leads there, or would after a failover. */
export type Pointer = { readonly hostname: string; readonly as: 'target' | 'standby'; readonly isRegistered: boolean };

/**
 * The names that lead to a hostname by CNAME, at whatever distance, and those that have one of these as their standby. `cnames` are records of names that may
 * not be registered.
 */
export const pointersTo = (
  hostname: string,
  registered: readonly Pick<Definition, 'hostname' | 'targets' | 'standby'>[],
  cnames: readonly Cname[],
): readonly Pointer[] => {
  const own = new Set<string>(registered.map((definition) => definition.hostname));
  const leads: readonly Cname[] = [
    ...registered.flatMap(({ hostname: name, targets }) =>
      targets.kind === 'cname' ? [{ name, target: targets.cname }] : [],
    ),
    ...cnames.filter(({ name }) => !own.has(name)),
  ];
  const reached = new Set([hostname]);
  for (const target of reached) for (const lead of leads) if (lead.target === target) reached.add(lead.name);
  const standbys = registered.flatMap(({ hostname: name, standby }) =>
    standby?.kind === 'cname' && reached.has(standby.cname) && !reached.has(name) ? [name] : [],
  );
  reached.delete(hostname);
  return [
    ...[...reached].map((name): Pointer => ({ hostname: name, as: 'target', isRegistered: own.has(name) })),
    ...standbys.map((name): Pointer => ({ hostname: name, as: 'standby', isRegistered: true })),
  ];
};
