import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Tests that need sockets, processes or minutes: what only they find takes too long to be found for each mutant. */
const slow = /^(dynalite|fauxqs|playwright-core|smtp-server|node:(child_process|http|https|tls|worker_threads))$/;
const slowFolders = /^test\/(crash|concurrency|oracle|packaging|scripts)\//;

const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gms)].map(
    ([, named, bare, later]) => named ?? bare ?? later ?? '',
  );

/** All that a file loads, directly or not: files of the project, and what else it names. */
const loadedBy = (root: string, file: string, known: Map<string, readonly string[]>): ReadonlySet<string> => {
  const loaded = new Set([file]);
  for (const at of loaded) {
    if (!at.startsWith('lib/') && !at.startsWith('test/') && !at.startsWith('scripts/')) continue;
    const path = join(root, at);
    let imports = known.get(at);
    if (imports === undefined) {
      imports = existsSync(path) && /\.tsx?$/.test(at) ? importsOf(readFileSync(path, 'utf8')) : [];
      known.set(at, imports);
    }
    for (const name of imports) loaded.add(name.startsWith('.') ? relative(root, join(dirname(path), name)) : name);
  }
  return loaded;
};

const rank = (file: string): number =>
  ['test/core/', 'test/messages/', 'test/app/', 'test/scenarios/', 'test/model/'].findIndex((folder) =>
    file.startsWith(folder),
  );

/** The test files that load one of the mutated files and stay in memory; those first that are fast. */
export const testFilesOf = (root: string, mutated: readonly string[]): readonly string[] => {
  const known = new Map<string, readonly string[]>();
  const files = globSync('test/**/*.test.ts', { cwd: root }).filter((file) => !slowFolders.test(file));
  const reaching = files.filter((file) => {
    const loaded = loadedBy(root, file, known);
    return mutated.some((one) => loaded.has(one)) && ![...loaded].some((name) => slow.test(name));
  });
  return reaching.toSorted((one, other) => rank(one) - rank(other) || one.localeCompare(other));
};
