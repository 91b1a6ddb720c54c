import type * as z from 'zod';
import { repeatedKeys } from './repeated-keys.ts';

/** One mistake in a configuration file. `path` is where, for example `grants[0].verbs[1]`; empty for the file as a whole. */
export type Mistake = { readonly path: string; readonly message: string };

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('');

/** What the document holds at a path; undefined where it ends before. */
const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
    document,
  );

const kinds: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in square brackets',
  object: 'an object in braces',
};

const kindOf = (value: unknown): string =>
  value === null ? 'null' : (kinds[Array.isArray(value) ? 'array' : typeof value] ?? typeof value);

const issueText = (issue: z.core.$ZodIssue, value: unknown): string => {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = kinds[issue.expected] ?? issue.expected;
      if (value === undefined) return `it is missing, and has to be ${wanted}`;
      return typeof value === 'number'
        ? `${value} is not ${wanted}`
        : `it is ${kindOf(value)}, and has to be ${wanted}`;
    }
    case 'too_small':
      if (issue.origin === 'string') return 'it is empty';
      if (issue.origin === 'array') return 'the list is empty; it needs at least one entry';
      return `${value} is ${issue.inclusive === false ? 'not above' : 'below'} ${issue.minimum}`;
    case 'too_big':
      return `${value} is above ${issue.maximum}`;
    case 'invalid_value':
      return `${JSON.stringify(value)} is not one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return `${JSON.stringify(value)} is not ${issue.message}`;
    default:
      return issue.message;
  }
};

/** What a schema found wrong with a document, as mistakes in plain words; a member that is not known is named like any other. */
export const mistakesOf = (error: z.ZodError, document: unknown): readonly Mistake[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'there is no such setting' }))
      : [{ path: pathText(issue.path), message: issueText(issue, valueAt(document, issue.path)) }],
  );

/** A configuration file cannot be used; the message lists every mistake with its path. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  readonly mistakes: readonly Mistake[];

  constructor(file: string, mistakes: readonly Mistake[], cause?: unknown) {
    super([`${file} cannot be used:`, ...mistakes.map(mistakeLine)].join('\n'), { cause });
    this.mistakes = mistakes;
  }
}

/** A mistake as one line of a list. */
export const mistakeLine = ({ path, message }: Mistake): string => `- ${path === '' ? '' : `${path}: `}${message}`;

/** A configuration file as it was read, with what is wrong before any schema looks at it. */
export type ConfigJson = { readonly document: unknown; readonly mistakes: readonly Mistake[] };

/** The JSON text of a configuration file; `$schema`, by which editors find its schema, is left out. Throws `ConfigInvalid`. */
export const parseConfigJson = (file: string, text: string): ConfigJson => {
  try {
    // Editors on Windows begin a file with a byte order mark.
    const json = text.replace(/^\uFEFF/, '');
    const document: unknown = JSON.parse(json);
    const mistakes = repeatedKeys(json);
    if (typeof document !== 'object' || document === null || Array.isArray(document)) return { document, mistakes };
    const { $schema: _forEditors, ...settings }: Readonly<Record<string, unknown>> = { ...document };
    return { document: settings, mistakes };
  } catch (error) {
    throw new ConfigInvalid(
      file,
      [
        {
          path: '',
          message:
            text.trim() === ''
              ? 'it is empty'
              : `it is not valid JSON: ${String(error instanceof Error ? error.message : error)}`,
        },
      ],
      error,
    );
  }
};
