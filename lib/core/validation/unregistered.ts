import { adoptable } from '../dns/adoptable.ts';
import { type ExternalDnsOwner, externalDnsNames } from '../dns/external-dns.ts';
import { listedZone } from '../dns/listed-zone.ts';
import type { RecordSet } from '../dns/record-set.ts';
import type { Definition } from '../endpoint/definition.ts';
import { type Hostname, parseHostname } from '../endpoint/hostname.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { type MailSign, mailSigns } from './mail-signs.ts';

/** What can be done with a name that nobody registered. */
export type Fate =
  | { readonly kind: 'adoptable' }
  /** external-dns writes it: whatever the bot changed there, external-dns would change back. */
  | { readonly kind: 'external-dns'; readonly owner: ExternalDnsOwner }
  /** `adoptable` says why not, and what can be done about it. */
  | { readonly kind: 'unadoptable'; readonly wrong: string; readonly right: string };

/** A name with an address or a CNAME that nobody registered. */
export type Unregistered = {
  readonly hostname: Hostname;
  readonly zoneId: string;
  /** The A, AAAA and CNAME record sets of the name. */
  readonly records: readonly RecordSet[];
  /** Why it looks like a mail endpoint; empty where nothing says so. */
  readonly signs: readonly MailSign[];
  readonly fate: Fate;
};

/** A zone of the policy with all its record sets. */
export type WholeZone = { readonly id: string; readonly name: string; readonly recordSets: readonly RecordSet[] };

export type UnregisteredNames = {
  /** What looks like mail first, then what can be adopted, then by name. */
  readonly names: readonly Unregistered[];
  /** Names with such records that are no host names, such as wildcards. */
  readonly notHostnames: number;
};

const leadingTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

const rank = ({ fate, signs }: Unregistered): number =>
  fate.kind === 'unadoptable' ? 3 : fate.kind === 'external-dns' ? 2 : signs.length > 0 ? 0 : 1;

const byRank = (one: Unregistered, other: Unregistered): number =>
  rank(one) - rank(other) || other.signs.length - one.signs.length || (one.hostname < other.hostname ? -1 : 1);

/** The names of these zones that have an address or a CNAME and are not registered. */
export const unregisteredNames = (
  zones: readonly WholeZone[],
  registered: readonly Pick<Definition, 'hostname' | 'targets' | 'standby'>[],
  policy: Pick<PolicyDocument, 'zones' | 'naming'>,
): UnregisteredNames => {
  const known = new Set<string>(registered.map(({ hostname }) => hostname));
  const signsOf = mailSigns(
    zones.flatMap(({ recordSets }) => recordSets),
    registered,
    policy.naming,
  );
  const names: Unregistered[] = [];
  let notHostnames = 0;
  for (const zone of zones) {
    const external = externalDnsNames(zone.recordSets);
    const { standingAt } = listedZone(zone.recordSets);
    const candidates = new Set(
      zone.recordSets.filter(({ type }) => leadingTypes.includes(type)).map(({ name }) => name),
    );
    for (const name of candidates) {
      // Where another zone of the policy is more specific, that one answers, and this record serves nobody.
      if (known.has(name) || zoneOf(name, policy.zones)?.id !== zone.id) continue;
      const parsed = parseHostname(name);
      if (!('hostname' in parsed)) {
        notHostnames += 1;
        continue;
      }
      const { hostname } = parsed;
      const standing = standingAt(hostname);
      const records = standing.filter((set) => set.name === hostname && leadingTypes.includes(set.type));
      const owner = external.get(hostname);
      const judged = adoptable(hostname, standing);
      const fate: Fate =
        owner !== undefined
          ? { kind: 'external-dns', owner }
          : judged.kind === 'no'
            ? { kind: 'unadoptable', wrong: judged.wrong, right: judged.right }
            : { kind: 'adoptable' };
      names.push({ hostname, zoneId: zone.id, records, signs: signsOf(hostname, zone.name, records), fate });
    }
  }
  return { names: names.sort(byRank), notHostnames };
};
