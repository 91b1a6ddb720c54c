import type { Found, ImportMistake, LeftOut } from './answer.ts';
import { guardedCell } from './cell.ts';
import { type Field, fieldOf } from './columns.ts';
import { oneLine, quoted } from './one-line.ts';
import { type RawField, type RawRow, readRow } from './read-row.ts';
import { type PlacedRow, withoutRepeatedHostnames } from './repeated-hostnames.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object that a text is; undefined where it is not one. */
export const jsonObjectIn = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const isPlain = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** A value as texts; undefined for a list or an object where it cannot be. */
const textsOf = (value: unknown, field: Field): readonly string[] | undefined => {
  const values: readonly unknown[] =
    Array.isArray(value) && (field === 'targets' || field === 'standby') ? value : [value];
  // In JSON, quotes within a text are part of it.
  const written = field === 'name' || field === 'owner' || field === 'note' ? guardedCell : String;
  return values.every(isPlain) ? values.map((each) => (each === null ? '' : written(String(each)))) : undefined;
};

type JsonLine = {
  readonly raw: RawRow;
  readonly mistakes: readonly ImportMistake[];
  readonly unread: readonly LeftOut[];
};

const syntax = (line: number, message: string): ImportMistake => ({
  line,
  column: null,
  code: 'json-syntax',
  message: oneLine(message),
});

const readObject = (object: JsonObject, line: number): JsonLine => {
  const fields = new Map<Field, RawField>();
  const mistakes: ImportMistake[] = [];
  const unread: LeftOut[] = [];
  for (const [key, value] of Object.entries(object)) {
    const field = fieldOf(key);
    const texts = field === undefined ? undefined : textsOf(value, field);
    // The rows of an import have the number of their line.
    if (key === 'line') continue;
    if (field === undefined || fields.has(field)) unread.push({ line, what: oneLine(`field ${quoted(key)}`) });
    else if (texts === undefined)
      mistakes.push(
        syntax(
          line,
          `${quoted(key)} is a list or an object. Write a text${field === 'targets' || field === 'standby' ? ', or a list of texts' : ''}.`,
        ),
      );
    else fields.set(field, { texts, column: null });
  }
  return { raw: { line, fields }, mistakes, unread };
};

/** Reads JSON lines: an endpoint each. */
export const readJsonLines = (text: string, zone: string | undefined): Found => {
  const mistakes: ImportMistake[] = [];
  const unread: LeftOut[] = [];
  const raws: RawRow[] = [];
  for (const [index, each] of text.split('\n').entries()) {
    if (each.trim() === '') continue;
    const line = index + 1;
    const object = jsonObjectIn(each);
    if (object === undefined) {
      mistakes.push(
        syntax(
          line,
          `${quoted(each.trim())} is not a JSON object. Write one object a line, as in {"hostname": "gitlab.mail.corp.internal", "targets": ["10.0.4.12"]}.`,
        ),
      );
      continue;
    }
    const read = readObject(object, line);
    unread.push(...read.unread);
    mistakes.push(...read.mistakes);
    if (read.mistakes.length === 0) raws.push(read.raw);
  }
  const hasTargets = raws.some(({ fields }) => fields.get('targets')?.texts.some((each) => each.trim() !== ''));
  const placed: PlacedRow[] = [];
  for (const raw of raws) {
    const read = readRow(raw, { zone, hasTargets });
    if ('row' in read) placed.push({ row: read.row, column: null });
    else mistakes.push(...read.mistakes);
  }
  const found = withoutRepeatedHostnames(placed);
  return {
    rows: found.rows,
    mistakes: [...mistakes, ...found.mistakes],
    leftOut: found.leftOut,
    unread,
  };
};
