import { markerName } from '../../core/dns/marker.ts';
import type { Plan } from '../../core/dns/plan.ts';
import { type RecordSet, recordSetKey } from '../../core/dns/record-set.ts';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';

const line = (sign: string, { type, ttlSeconds, values }: RecordSet): string =>
  `${sign} ${type.padEnd(5)} ${values.join('  ')}  TTL ${ttlSeconds}`;

/** The record sets of a plan before and after, as a difference; the marker is named, not spelt out. */
export const recordLines = ({ hostname, before, after, generation, definitionAfter }: Plan): string => {
  const marker = markerName(hostname);
  const own = (sets: readonly RecordSet[]): RecordSet[] => sets.filter(({ name }) => name !== marker);
  const standby = definitionAfter?.standby === undefined ? '' : `, standby ${targetsText(definitionAfter.standby)}`;
  const hasMarker = (sets: readonly RecordSet[]): boolean => sets.some(({ name }) => name === marker);
  const markerLines = hasMarker(after)
    ? [`${hasMarker(before) ? '±' : '+'} TXT   ownership marker, generation ${generation}${standby}`]
    : hasMarker(before)
      ? ['− TXT   ownership marker']
      : [];
  const stays = new Set(own(before).map(recordSetKey));
  const remains = new Set(own(after).map(recordSetKey));
  return [
    ...own(before)
      .filter((set) => !remains.has(recordSetKey(set)))
      .map((set) => line('−', set)),
    ...own(after).map((set) => line(stays.has(recordSetKey(set)) ? ' ' : '+', set)),
    ...markerLines,
  ].join('\n');
};

/** Targets on one line: `10.0.4.12, 10.0.4.13`, or the CNAME target. */
export const targetsText = (targets: Targets): string =>
  targets.kind === 'addresses' ? targets.addresses.join(', ') : targets.cname;

/** A definition on one line: `10.0.4.12, port 25, Auto`. */
export const definitionText = ({ targets, port, sslMode }: Definition): string =>
  `${targetsText(targets)}, port ${port}, ${sslMode}`;
