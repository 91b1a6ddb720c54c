import { parseHostname } from '../endpoint/hostname.ts';
import type { RecordSet } from './record-set.ts';
import { recordSetText } from './record-set-text.ts';
import { definitionFromRecords, readNameRecords } from './registered.ts';

/** Whether what a name has can be taken over as it is. */
export type Adoptable =
  | { readonly kind: 'yes' }
  | { readonly kind: 'nothing' }
  /** `wrong` names what is in the way, `right` says what can be done about it. */
  | { readonly kind: 'no'; readonly wrong: string; readonly right: string };

const adoptedTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

/**
 * Judges the record sets of a name and its marker.
 *
 * | what is there | adopt |
 * | --- | --- |
 * | plain A, AAAA, or one CNAME, of one TTL | yes |
 * | another type beside them, an alias, a routing policy | no: that record set is named |
 * | A and AAAA of two TTLs | no |
 * | a marker that is not this bot's | no |
 * | the SOA of the zone | no |
 */
export const adoptable = (hostname: string, recordSets: readonly RecordSet[]): Adoptable => {
  const parsed = parseHostname(hostname);
  const { records, markerSets, marker } = readNameRecords(hostname, recordSets);
  if (records.length === 0 || !('hostname' in parsed)) return { kind: 'nothing' };
  const foreignMarker = marker === undefined ? markerSets[0] : undefined;
  if (foreignMarker !== undefined) {
    return {
      kind: 'no',
      wrong: `${foreignMarker.name} has ${recordSetText(foreignMarker)}, which is not a marker of this bot: ${hostname} belongs to something else.`,
      right: 'Ask whoever made it; if it is left over, have it deleted, then adopt the name.',
    };
  }
  if (records.some(({ type }) => type === 'SOA'))
    return {
      kind: 'no',
      wrong: `${hostname} is the zone itself; its SOA and NS live there.`,
      right: 'Use a name below it.',
    };
  const inTheWay = records.filter(({ type, foreign }) => foreign !== undefined || !adoptedTypes.includes(type));
  if (inTheWay.length > 0) {
    const only = inTheWay.length === records.length;
    const leadsSomewhere = inTheWay.some(({ type }) => adoptedTypes.includes(type));
    const what = inTheWay.map(recordSetText).join('; ');
    return {
      kind: 'no',
      wrong: `${hostname} has ${what} in Route 53. Only plain A, AAAA and CNAME records can be adopted${only ? '' : ', and only when nothing else has that name'}.`,
      right:
        !leadsSomewhere && only
          ? 'Register another name. Or ask the owner of that record to move or delete it, then register this one.'
          : only
            ? `Leave it as it is and register another name that leads there, with a CNAME to ${hostname}; or have it replaced by a plain A record first.`
            : 'Ask its owner to move or delete that record, then adopt this name. Or register another name.',
    };
  }
  const found = definitionFromRecords(parsed.hostname, { records, markerSets });
  if (found.ok) return { kind: 'yes' };
  const ttls = records.map(({ type, ttlSeconds }) => `${type} ${ttlSeconds} s`).join(', ');
  return {
    kind: 'no',
    wrong: `The records of ${hostname} have different TTLs: ${ttls}.`,
    right: 'Have them set to one TTL, then adopt the name.',
  };
};

/** The line that takes a name over. */
export const adoptLine = (hostname: string): string => `/postal-endpoint adopt ${hostname}`;
