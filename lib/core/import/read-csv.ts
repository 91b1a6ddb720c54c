import type { Found, ImportMistake, LeftOut } from './answer.ts';
import { cellText } from './cell.ts';
import { type Field, fieldOf } from './columns.ts';
import { type CsvRecord, csvRecords, type Delimiter, delimiters } from './csv-records.ts';
import { oneLine, quoted } from './one-line.ts';
import { type RawField, type RawRow, readRow } from './read-row.ts';
import { type PlacedRow, withoutRepeatedHostnames } from './repeated-hostnames.ts';

/** The columns of a CSV file. */
export type CsvHeader = {
  readonly delimiter: Delimiter;
  readonly line: number;
  /** Number of the cell, from 1, of every field that has a column. */
  readonly columns: ReadonlyMap<Field, number>;
  /** Columns that are not read, by number. */
  readonly unknown: ReadonlyMap<number, string>;
  /** How many columns there are; empty ones at the end do not count. */
  readonly width: number;
};

const isFilled = (cell: string): boolean => cellText(cell) !== '';

/** The line that says to Excel which delimiter follows. */
const isDelimiterNote = ([first = '', ...others]: readonly string[]): boolean =>
  /^sep=[,;]?$/i.test(first) && !others.some(isFilled);

const firstFilled = (records: readonly CsvRecord[]): CsvRecord | undefined =>
  records.find(({ cells }) => cells.some(isFilled) && !isDelimiterNote(cells));

/** Lines at the beginning of a file of which one has to be the header. */
const headerWithin = 100;

const headerBy = (text: string, delimiter: Delimiter): CsvHeader | undefined => {
  const record = firstFilled(csvRecords(text, delimiter, headerWithin).records);
  if (record === undefined) return undefined;
  const { cells, line } = record;
  const columns = new Map<Field, number>();
  const unknown = new Map<number, string>();
  for (const [index, cell] of cells.entries()) {
    const field = fieldOf(cell);
    if (field === undefined || columns.has(field)) unknown.set(index + 1, cellText(cell));
    else columns.set(field, index + 1);
  }
  return { delimiter, line, columns, unknown, width: cells.findLastIndex(isFilled) + 1 };
};

/** The header of a CSV file, by the delimiter that makes most of it; undefined where no column holds hostnames. */
export const csvHeader = (text: string): CsvHeader | undefined =>
  delimiters
    .map((delimiter) => headerBy(text, delimiter))
    .filter((header) => header?.columns.has('hostname'))
    .sort((one, other) => (other?.columns.size ?? 0) - (one?.columns.size ?? 0))[0];

const rawRow = ({ line, cells }: CsvRecord, columns: CsvHeader['columns']): RawRow => ({
  line,
  fields: new Map(
    [...columns].map(([field, column]): [Field, RawField] => [field, { texts: [cells[column - 1] ?? ''], column }]),
  ),
});

const unknownColumns = ({ unknown, line, width }: CsvHeader, records: readonly CsvRecord[]): readonly LeftOut[] =>
  [...unknown]
    .filter(([column, name]) => {
      // An empty column between others is a matter of looks.
      return column <= width && (name !== '' || records.some(({ cells }) => isFilled(cells[column - 1] ?? '')));
    })
    .map(([column, name]) => ({
      line,
      what: oneLine(name === '' ? `column ${column}, which has no name` : `column ${column}, ${quoted(name)}`),
    }));

/** Reads the records below a header. */
export const readCsv = (text: string, header: CsvHeader, zone: string | undefined): Found => {
  const { delimiter, columns, width } = header;
  const { records, openQuote } = csvRecords(text, delimiter);
  const below = records.filter(({ line, cells }) => line > header.line && cells.some(isFilled));
  const targetColumn = columns.get('targets');
  const hasTargets = targetColumn !== undefined && below.some(({ cells }) => isFilled(cells[targetColumn - 1] ?? ''));
  const column = columns.get('hostname') ?? null;
  const placed: PlacedRow[] = [];
  const mistakes: ImportMistake[] = [];
  for (const record of below) {
    const beyond = record.cells.findIndex((cell, index) => index >= width && isFilled(cell));
    if (beyond >= 0) {
      const message = `Cell ${beyond + 1} is one too many: the header has ${width}. Put a text that holds the delimiter in quotes.`;
      mistakes.push({ line: record.line, column: beyond + 1, code: 'csv-cells', message });
      continue;
    }
    const read = readRow(rawRow(record, columns), { zone, hasTargets });
    if ('row' in read) placed.push({ row: read.row, column });
    else mistakes.push(...read.mistakes);
  }
  const found = withoutRepeatedHostnames(placed);
  return {
    rows: found.rows,
    mistakes: [
      ...mistakes,
      ...found.mistakes,
      ...(openQuote === undefined
        ? []
        : [
            {
              ...openQuote,
              code: 'csv-quote',
              message: `The quote in cell ${openQuote.column} is never closed, so the rest of the file was not read. Close it, or double it if it is part of the text.`,
            } as const,
          ]),
    ],
    leftOut: found.leftOut,
    unread: unknownColumns(header, below),
  };
};
