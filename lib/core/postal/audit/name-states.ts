import { type AnsweringSet, type Lookup, lookUp, type VisibleZone } from '../../dns/zone-answer.ts';
import { indexedZone } from '../../dns/zone-index.ts';
import type { NameState } from './subject.ts';

type Ending = Pick<Lookup<AnsweringSet>, 'end'>;

/** What the look-ups of a name's addresses come to, one for each address type. */
export const nameState = (...lookups: readonly Ending[]): NameState => {
  const ends = lookups.map(({ end }) => end.kind);
  if (ends.includes('records')) return 'address';
  return ends.every((kind) => kind === 'no-data' || kind === 'no-such-name') ? 'none' : 'unknown';
};

/** What the zones answer for each hostname; `unknown` for names in none of them, and in those that could not be read. */
export const nameStates = (
  hostnames: readonly string[],
  zones: readonly VisibleZone<AnsweringSet>[],
): ReadonlyMap<string, NameState> => {
  const indexed = zones.map((zone) =>
    zone.recordSets === undefined ? zone : { ...zone, around: indexedZone(zone.name, zone.recordSets).around },
  );
  const stateOf = (hostname: string): NameState =>
    nameState(lookUp(indexed, hostname, 'A'), lookUp(indexed, hostname, 'AAAA'));
  return new Map(hostnames.map((hostname) => [hostname, stateOf(hostname)]));
};
