import type { Hostname } from '../endpoint/hostname.ts';
import { importLimits } from '../limits/limits.ts';
import type { Found, ImportAnswer, ImportFormat, Unreadable } from './answer.ts';
import { cellText } from './cell.ts';
import { csvRecords, delimiters } from './csv-records.ts';
import { decodeText } from './decode-text.ts';
import { oneLine, quoted } from './one-line.ts';
import { type CsvHeader, csvHeader, readCsv } from './read-csv.ts';
import { jsonObjectIn, readJsonLines } from './read-json-lines.ts';
import { beginsLikeZone, looksLikeZone } from './zone/looks-like-zone.ts';
import { readZone } from './zone/read-zone.ts';

const inOrder = (format: ImportFormat, { rows, mistakes, leftOut, unread }: Found): ImportAnswer => {
  const byLine = (one: { readonly line: number }, other: { readonly line: number }): number => one.line - other.line;
  return {
    format,
    rows: [...rows].sort(byLine),
    mistakes: [...mistakes].sort((one, other) => byLine(one, other) || (one.column ?? 0) - (other.column ?? 0)),
    leftOut: [...leftOut].sort(byLine),
    unread: [...unread].sort(byLine),
  };
};

/** JSON of this program that is not a list of endpoints. */
const otherJson = (object: Readonly<Record<string, unknown>>): string | undefined => {
  const has = (...keys: readonly string[]): boolean => keys.every((key) => Object.hasOwn(object, key));
  if (has('stream', 'sequence', 'hash'))
    return 'It is a history: what postal-endpoint export or history --export wrote. Import what postal-endpoint export --registry writes.';
  return has('endpoints', 'registeredNotInPostal')
    ? 'It is the result of an audit. Import it with --from-audit.'
    : undefined;
};

/** Cells of a line that are shown. */
const mostCells = 20;

/** The first line's cells, by the delimiter that makes most of it. */
const firstCells = (text: string): readonly string[] =>
  delimiters
    .map((delimiter) => csvRecords(text.slice(0, 10_000), delimiter, 1).records[0]?.cells.map(cellText) ?? [])
    .reduce((most, cells) => (cells.length > most.length ? cells : most));

const unknownColumns = (text: string): string => {
  const line = text.replace(/^\s+/, '').split('\n', 1)[0] ?? '';
  const cells = firstCells(line);
  const shown = cells.length === 0 ? [line] : cells.slice(0, mostCells);
  const more = cells.length > mostCells ? ` and ${cells.length - mostCells} more` : '';
  return oneLine(
    `It is not known which column holds the hostnames. The first line has: ${shown.map(quoted).join(', ')}${more}. A CSV file begins with a line such as: hostname,targets,port. A zone file and JSON lines are read, too.`,
  );
};

const inMegabytes = (octets: number): string => (octets / 1_048_576).toFixed(1);

/** What is said of a file above the limit. */
export const tooLarge = (octets: number): string =>
  `It has ${inMegabytes(octets)} MB; at most ${inMegabytes(importLimits.octets)} MB are read. Import it in parts.`;

const hasJsonObject = (text: string): boolean =>
  text.split('\n').some((line) => line.trimStart().startsWith('{') && jsonObjectIn(line) !== undefined);

const formatOf = (text: string): 'jsonl' | 'zone' | CsvHeader | undefined => {
  if (text.trimStart().startsWith('{')) return 'jsonl';
  if (beginsLikeZone(text)) return 'zone';
  const header = csvHeader(text);
  if (header !== undefined) return header;
  if (hasJsonObject(text)) return 'jsonl';
  return looksLikeZone(text) ? 'zone' : undefined;
};

const firstObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  const start = text.trimStart();
  return start.startsWith('{') ? (jsonObjectIn(start.split('\n', 1)[0] ?? '') ?? jsonObjectIn(start)) : undefined;
};

/** Reads a file of endpoints as text, without its byte order mark. `zone` is where names without any dot lie. */
export const readImportText = (raw: string, zone?: Hostname): ImportAnswer | Unreadable => {
  const text = raw.replace(/\r\n?/g, '\n');
  if (cellText(text.slice(0, 1000)) === '' && text.trim() === '') return { unreadable: 'It is empty.' };
  const lines = text.split('\n').length;
  if (lines > importLimits.lines)
    return { unreadable: `It has ${lines} lines; at most ${importLimits.lines} are read. Import it in parts.` };
  const object = firstObject(text);
  const other = object === undefined ? undefined : otherJson(object);
  if (other !== undefined) return { unreadable: other };
  const format = formatOf(text);
  switch (format) {
    case undefined:
      return { unreadable: unknownColumns(text) };
    case 'jsonl':
      return inOrder('jsonl', readJsonLines(text, zone));
    case 'zone':
      return inOrder('zone', readZone(text, zone?.split('.') ?? []));
    default:
      return inOrder('csv', readCsv(text, format, zone));
  }
};

/** Reads a file of endpoints: CSV, a zone file or JSON lines, whichever it is. Never throws. */
export const readImport = (bytes: Uint8Array, zone?: Hostname): ImportAnswer | Unreadable => {
  if (bytes.length > importLimits.octets) return { unreadable: tooLarge(bytes.length) };
  const text = decodeText(bytes);
  return typeof text === 'string' ? readImportText(text, zone) : text;
};
