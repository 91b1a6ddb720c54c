import { parseHostname } from '../../lib/core/endpoint/hostname.ts';
import type { ImportRow } from '../../lib/core/import/answer.ts';
import { type ImportJson, importJson } from '../../lib/core/import/import-json.ts';
import { readImport } from '../../lib/core/import/read-import.ts';

const zoneOf = (text: string) => {
  const parsed = parseHostname(text);
  if ('hostname' in parsed) return parsed.hostname;
  throw new Error(`${text} is not a zone`);
};

/** Reads a file that can be read. */
export const read = (file: string | Uint8Array, zone?: string): ImportJson => {
  const answer = readImport(
    typeof file === 'string' ? new TextEncoder().encode(file) : file,
    zone === undefined ? undefined : zoneOf(zone),
  );
  if ('unreadable' in answer) throw new Error(answer.unreadable);
  return importJson(answer);
};

/** Why a file cannot be read. */
export const whyNot = (file: string | Uint8Array): string => {
  const answer = readImport(typeof file === 'string' ? new TextEncoder().encode(file) : file);
  if ('unreadable' in answer) return answer.unreadable;
  throw new Error(`it was read as ${answer.format}`);
};

/** Mistakes as `line:column code`. */
export const mistakesOf = ({ mistakes }: ImportJson): readonly string[] =>
  mistakes.map(({ line, column, code }) => `${line}:${column ?? '-'} ${code}`);

/** Rows as `line hostname target,target ttl`. */
export const rowsOf = ({ rows }: ImportJson): readonly string[] =>
  rows.map(({ line, hostname, targets, ttl }) => `${line} ${hostname} ${targets.join(',')} ${ttl ?? '-'}`);

/** The fields of the only row. */
export const onlyRow = (answer: ImportJson): ImportRow => {
  const [row, ...more] = answer.rows;
  if (row === undefined || more.length > 0) throw new Error(JSON.stringify(answer));
  return row;
};
