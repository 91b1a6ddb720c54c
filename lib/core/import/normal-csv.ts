import type { RegistryRow } from '../endpoint/registry-row.ts';
import { guardedCell } from './cell.ts';

/** A row of a file, which may say nothing of a field, or of the registry, which says all. */
type CsvRow = {
  readonly [Field in keyof RegistryRow]: RegistryRow[Field] extends readonly string[]
    ? readonly string[]
    : RegistryRow[Field] | null;
};

const header = ['hostname', 'targets', 'standby', 'port', 'ssl_mode', 'ttl', 'name', 'owner', 'note'];

const cell = (text: string): string => {
  const guarded = guardedCell(text);
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
};

const text = (value: string | number | null): string => (value === null ? '' : cell(String(value)));

/** Cells as CSV (RFC 4180), which a spreadsheet takes for texts and numbers and never for formulas. */
export const csvText = (records: readonly (readonly (string | number | null)[])[]): string =>
  records.map((cells) => `${cells.map(text).join(',')}\n`).join('');

/** Rows as CSV (RFC 4180) that spreadsheets show as it is, and that reads back as the same rows. */
export const normalCsv = (rows: readonly CsvRow[]): string =>
  csvText([
    header,
    ...rows.map(({ hostname, targets, standby, port, sslMode, ttl, name, owner, note }) => [
      hostname,
      targets.join(' '),
      standby.join(' '),
      port,
      sslMode,
      ttl,
      name,
      owner,
      note,
    ]),
  ]);
