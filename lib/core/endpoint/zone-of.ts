/** Whether a normalised name is a zone's apex or lies below it, compared label by label. */
export const isWithin = (name: string, zoneName: string): boolean => name === zoneName || name.endsWith(`.${zoneName}`);

/** The most specific zone in which a normalised name lies: the one that Route 53's resolver would answer from. */
export const zoneOf = <Zone extends { readonly name: string }>(
  name: string,
  zones: readonly Zone[],
): Zone | undefined =>
  zones
    .filter((zone) => isWithin(name, zone.name))
    .reduce<Zone | undefined>(
      (best, zone) => (best === undefined || zone.name.length > best.name.length ? zone : best),
      undefined,
    );
