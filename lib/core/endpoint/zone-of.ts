import { isAtOrBelow } from './name.ts';

/** The most specific zone in which a normalised name lies: the one that Route 53's resolver would answer from. */
export const zoneOf = <Zone extends { readonly name: string }>(
  name: string,
  zones: readonly Zone[],
): Zone | undefined =>
  zones
    .filter((zone) => isAtOrBelow(name, zone.name))
    .reduce<Zone | undefined>(
      (best, zone) => (best === undefined || zone.name.length > best.name.length ? zone : best),
      undefined,
    );
