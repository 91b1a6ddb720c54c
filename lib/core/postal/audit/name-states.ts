import { type AnsweringSet, lookUp, type VisibleZone } from '../../dns/zone-answer.ts';
import type { NameState } from './subject.ts';

const stateOf = (zones: readonly VisibleZone<AnsweringSet>[], hostname: string): NameState => {
  const ends = ['A', 'AAAA'].map((type) => lookUp(zones, hostname, type).end.kind);
  if (ends.includes('records')) return 'address';
  return ends.every((kind) => kind === 'no-data' || kind === 'no-such-name') ? 'none' : 'unknown';
};

/** What the zones answer for each hostname; `unknown` for names in none of them, and in those that could not be read. */
export const nameStates = (
  hostnames: readonly string[],
  zones: readonly VisibleZone<AnsweringSet>[],
): ReadonlyMap<string, NameState> => new Map(hostnames.map((hostname) => [hostname, stateOf(zones, hostname)]));
