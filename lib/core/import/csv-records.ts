import { CsvError, parse } from 'csv-parse/sync';

export const delimiters = [',', ';', '\t'] as const;
export type Delimiter = (typeof delimiters)[number];

/** A record, with the number of its first line. */
export type CsvRecord = { readonly line: number; readonly cells: readonly string[] };

/** A quote that is never closed: the line at which its record begins, and the number of its cell. */
export type OpenQuote = { readonly line: number; readonly column: number };

const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** Takes CSV apart (RFC 4180, with LF alone as line break), up to a quote that is never closed. With `most`, only so many records. */
export const csvRecords = (
  text: string,
  delimiter: Delimiter,
  most = 0,
): { readonly records: readonly CsvRecord[]; readonly openQuote?: OpenQuote } => {
  const records: CsvRecord[] = [];
  let lines = 0;
  try {
    parse(text, {
      delimiter,
      info: true,
      record_delimiter: '\n',
      relax_column_count: true,
      // A quote inside a cell, as in `12" rack`, is a character.
      relax_quotes: true,
      ...(most === 0 ? {} : { to: most }),
      on_record: (record: unknown, info) => {
        const cells = typeof record === 'object' && record !== null && 'record' in record ? record.record : record;
        records.push({ line: lines + 1, cells: textsOf(cells) });
        lines = info.lines;
        return undefined;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError) || error.code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
    return { records, openQuote: { line: lines + 1, column: Number(error['column']) + 1 } };
  }
  return { records };
};
