import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartAssets } from '../../lib/adapters/resvg-renderer.ts';
import { type Bundle, bundleFunction } from './bundle.ts';

/** The functions that are deployed. */
export const functionNames = [
  'slack',
  'worker',
  'prober',
  'watch',
  'postal',
  'postal-facts',
  'postal-database',
] as const;

/** What a function reads at run time beside its code and its configuration. */
export const readAssets = async (
  name: (typeof functionNames)[number],
): Promise<Readonly<Record<string, Uint8Array>>> => {
  if (name !== 'worker') return {};
  const read = Object.entries(chartAssets).map(async ([file, url]) => [file, await readFile(new URL(url()))] as const);
  return Object.fromEntries(await Promise.all(read));
};

/** Writes a bundle's code, and what lies beside it, to the folder. */
export const writeBundle = async (
  folder: string,
  { code }: Bundle,
  beside: Readonly<Record<string, Uint8Array>> = {},
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const [file, contents] of Object.entries({ ...code, ...beside })) await writeFile(join(folder, file), contents);
};

/** Writes each function's bundle to `<folder>/<name>/`, as it is when it is unzipped. */
export const buildFunctions = async (folder: string): Promise<void> => {
  for (const name of functionNames)
    await writeBundle(join(folder, name), await bundleFunction(name), await readAssets(name));
};
