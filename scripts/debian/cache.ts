import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where packages of Debian lie unpacked, one folder each, beside what else can be fetched again. */
export const debianCache = join(import.meta.dirname, '../../node_modules/.cache/debian');

/** The folder into which a package was unpacked; undefined when it was not. */
export const unpackedPackage = (name: string): string | undefined => {
  const folder = join(debianCache, name);
  return existsSync(folder) ? folder : undefined;
};
