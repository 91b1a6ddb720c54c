import { markerName } from '../../../lib/core/dns/marker.ts';
import { type RecordChange, type RecordSet, recordSetKey } from '../../../lib/core/dns/record-set.ts';
import type { Commit } from './unreliable-ports.ts';

type Event =
  | { readonly by: 'bot'; readonly changeId: string; readonly changes: readonly RecordChange[] }
  | { readonly by: 'outsider'; readonly changes: readonly RecordChange[] };
type Owned = { readonly recordSet: RecordSet; readonly owner: 'bot' | 'outsider' };

/** What truly happened to the zone, in order, whoever knows of it. */
export interface Truth {
  readonly commits: readonly Commit[];
  committed(commit: Commit): void;
  edited(changes: readonly RecordChange[]): void;
  /** A change was sent to Route 53 although it was not permitted at that moment. */
  wronged(changeId: string, why: string): void;
  /** Whether the outsider touched a name at all, and whether after the bot last did. */
  isEdited(hostname: string): boolean;
  isEditedLast(hostname: string): boolean;
  /** What should stand in the zone by now. */
  zone(): readonly RecordSet[];
  /** Foreign records that the bot changed without owning their name, and batches that it sent when they were not permitted. */
  readonly trespasses: readonly string[];
}

const placeOf = ({ name, type }: RecordSet): string => `${name} ${type}`;
const touches = (changes: readonly RecordChange[], hostname: string): boolean =>
  changes.some(({ recordSet: { name } }) => name === hostname || name === markerName(hostname));

/** Begins with an empty zone. */
export const createTruth = (): Truth => {
  const events: Event[] = [];
  const commits: Commit[] = [];
  const trespasses: string[] = [];
  const standing = new Map<string, Owned>();

  const apply = (changes: readonly RecordChange[], owner: Owned['owner']): void => {
    const before = new Map(standing);
    for (const { action, recordSet } of changes) {
      if (action === 'DELETE') standing.delete(placeOf(recordSet));
    }
    for (const { action, recordSet } of changes) {
      if (action !== 'CREATE') continue;
      const old = before.get(placeOf(recordSet));
      const isSame = old !== undefined && recordSetKey(old.recordSet) === recordSetKey(recordSet);
      standing.set(placeOf(recordSet), isSame ? old : { recordSet, owner });
    }
  };

  return {
    commits,
    committed: ({ changeId, changes }) => {
      const before = new Map(standing);
      const hostname = changes.map(({ recordSet: { name } }) => name.replace(/^_postal-endpoint\./, ''))[0] ?? '';
      const isOurs = before.get(`${markerName(hostname)} TXT`)?.owner === 'bot';
      apply(changes, 'bot');
      for (const [place, { recordSet, owner }] of before) {
        if (owner !== 'outsider' || standing.get(place)?.recordSet === recordSet) continue;
        if (!isOurs || recordSet.name === markerName(hostname))
          trespasses.push(`${changeId} changed ${place} ${recordSet.values.join(' ')}`);
      }
      events.push({ by: 'bot', changeId, changes });
      commits.push({ changeId, changes });
    },
    edited: (changes) => {
      apply(changes, 'outsider');
      events.push({ by: 'outsider', changes });
    },
    wronged: (changeId, why) => void trespasses.push(`${changeId} was sent although ${why}`),
    isEdited: (hostname) => events.some(({ by, changes }) => by === 'outsider' && touches(changes, hostname)),
    isEditedLast: (hostname) => events.findLast(({ changes }) => touches(changes, hostname))?.by === 'outsider',
    zone: () => [...standing.values()].map(({ recordSet }) => recordSet),
    trespasses,
  };
};
