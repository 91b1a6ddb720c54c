import type * as z from 'zod';

/** One mistake in a configuration file. `path` is where, for example `grants[0].verbs[1]`; empty for the file as a whole. */
export type Mistake = { readonly path: string; readonly message: string };

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('');

/** What zod found, as mistakes; a member that is not known is named like any other. */
export const mistakesOf = (error: z.ZodError): readonly Mistake[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'there is no such setting' }))
      : [{ path: pathText(issue.path), message: issue.message }],
  );

/** A configuration file cannot be used; the message lists every mistake with its path. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  readonly mistakes: readonly Mistake[];

  constructor(file: string, mistakes: readonly Mistake[], cause?: unknown) {
    const lines = mistakes.map(({ path, message }) => `- ${path === '' ? '' : `${path}: `}${message}`);
    super([`${file} cannot be used:`, ...lines].join('\n'), { cause });
    this.mistakes = mistakes;
  }
}

/** The JSON text of a configuration file. Throws `ConfigInvalid`. */
export const parseConfigJson = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigInvalid(
      file,
      [{ path: '', message: error instanceof Error ? error.message : String(error) }],
      error,
    );
  }
};
