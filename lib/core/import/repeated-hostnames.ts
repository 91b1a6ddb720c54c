import type { Found, ImportMistake, ImportRow, LeftOut } from './answer.ts';
import { oneLine } from './one-line.ts';

/** A row with the number of its hostname's cell, where there are cells. */
export type PlacedRow = { readonly row: ImportRow; readonly column: number | null };

const isSame = ({ line: _1, ...one }: ImportRow, { line: _2, ...other }: ImportRow): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Every hostname once, where it is first: the same again is left out, anything else is a mistake. */
export const withoutRepeatedHostnames = (placed: readonly PlacedRow[]): Omit<Found, 'unread'> => {
  const first = new Map<string, ImportRow>();
  const mistakes: ImportMistake[] = [];
  const leftOut: LeftOut[] = [];
  for (const { row, column } of placed) {
    const earlier = first.get(row.hostname);
    if (earlier === undefined) first.set(row.hostname, row);
    else if (isSame(earlier, row))
      leftOut.push({ line: row.line, what: oneLine(`${row.hostname} is already in line ${earlier.line}`) });
    else
      mistakes.push({
        line: row.line,
        column,
        code: 'duplicate-hostname',
        message: oneLine(
          `${row.hostname} is in line ${earlier.line} already, with other values. Keep one of the two lines.`,
        ),
      });
  }
  return { rows: [...first.values()], mistakes, leftOut };
};
