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

/** What else changed, where the targets are the same. */
const otherwise = (before: Definition, after: Definition): string => {
  const from = (what: string, one: string | number, other: string | number): readonly string[] =>
    one === other ? [] : [`${what} ${one} → ${other}`];
  const spoken = (['name', 'owner', 'note'] as const).filter((field) => before[field] !== after[field]);
  const standby = ({ standby: to }: Definition): string => (to === undefined ? 'none' : targetsText(to));
  const changed = [
    ...from('port', before.port, after.port),
    ...from('mode', before.sslMode, after.sslMode),
    ...from('TTL', before.ttlSeconds, after.ttlSeconds),
    ...from('standby', standby(before), standby(after)),
    ...spoken,
  ];
  return changed.length === 0 ? 'corrected' : changed.join(', ');
};

/** The targets before and after a change: `10.0.4.12 → 10.0.4.13`; where they are the same, what else changed. */
export const beforeAfter = ({
  definitionBefore,
  definitionAfter,
}: Pick<Plan, 'definitionBefore' | 'definitionAfter'>): string => {
  const before = definitionBefore === undefined ? 'nothing' : targetsText(definitionBefore.targets);
  const after = definitionAfter === undefined ? 'nothing' : targetsText(definitionAfter.targets);
  return definitionBefore !== undefined && definitionAfter !== undefined && before === after
    ? `${after}, ${otherwise(definitionBefore, definitionAfter)}`
    : `${before} → ${after}`;
};
