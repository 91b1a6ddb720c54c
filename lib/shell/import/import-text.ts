import type { ImportAnswer, ImportFormat } from '../../core/import/answer.ts';
import { importJson } from '../../core/import/import-json.ts';
import { plain } from '../plain.ts';

const formats: Readonly<Record<ImportFormat, string>> = { csv: 'CSV', zone: 'Zone file', jsonl: 'JSON lines' };

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const place = (line: number, column: number | null): string =>
  column === null ? `line ${line}` : `line ${line}, column ${column}`;

/** What an import found, as a person reads it in a terminal: mistakes first. */
export const importText = (answer: ImportAnswer, written: string | undefined): string => {
  const { format, rows, mistakes, leftOut } = importJson(answer);
  const head = `${formats[format]}: ${counted(rows.length, 'endpoint')}, ${counted(mistakes.length, 'mistake')}, ${leftOut.length} left out`;
  const list = [
    ...mistakes.map(({ line, column, code, message }) => `${place(line, column)}: ${message} [${code}]`),
    ...leftOut.map(({ line, what }) => `${place(line, null)}: left out: ${what}`),
  ];
  return [
    head,
    ...(list.length === 0 ? [] : ['', ...list]),
    ...(written === undefined ? [] : ['', `${written} has the ${counted(rows.length, 'endpoint')} without mistakes.`]),
  ]
    .map(plain)
    .join('\n');
};
