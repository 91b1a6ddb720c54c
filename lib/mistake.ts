import type * as z from 'zod';

/** One mistake in a configuration file. `path` is where, for example `grants[0].verbs[1]`; empty for the file as a whole. */
export type Mistake = { readonly path: string; readonly message: string };

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('');

/** What zod found, as mistakes. */
export const mistakesOf = (error: z.ZodError): readonly Mistake[] => error.issues.map(({ path, message }) => ({ path: pathText(path), message }));

/** Every mistake of a file, one a line. */
export const mistakesText = (file: string, mistakes: readonly Mistake[]): string =>
  [`${file} cannot be used:`, ...mistakes.map(({ path, message }) => `- ${path === '' ? '' : `${path}: `}${message}`)].join('\n');
