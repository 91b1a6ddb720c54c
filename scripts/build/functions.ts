import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bundle, bundleFunction } from './bundle.ts';

/** The functions that are deployed. */
export const functionNames = ['slack', 'worker', 'prober', 'watch'] as const;

/** Writes a bundle's code to the folder. */
export const writeBundle = async (folder: string, { code }: Bundle): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const [file, contents] of Object.entries(code)) await writeFile(join(folder, file), contents);
};

/** Writes each function's bundle to `<folder>/<name>/`, as it is when it is unzipped. */
export const buildFunctions = async (folder: string): Promise<void> => {
  for (const name of functionNames) await writeBundle(join(folder, name), await bundleFunction(name));
};
