import { printable } from '../endpoint/printable.ts';
import type { RecordSet } from './record-set.ts';

/** A record set in a sentence: `A 10.0.4.12, TTL 60`, or `A (alias)`. */
export const recordSetText = ({ type, ttlSeconds, values, foreign }: RecordSet): string => {
  const kind = foreign === undefined || foreign === 'type' ? type : `${type} (${foreign})`;
  return values.length === 0 ? kind : `${kind} ${printable(values.join(', '))}, TTL ${ttlSeconds}`;
};
