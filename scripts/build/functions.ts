import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFunction } from './bundle.ts';

/** The functions that are deployed. */
export const functionNames = ['slack', 'worker', 'prober', 'watch'] as const;

/** Writes each function's bundle to `<folder>/<name>/index.mjs`. */
export const buildFunctions = async (folder: string): Promise<void> => {
  for (const name of functionNames) {
    const { code } = await bundleFunction(name);
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'index.mjs'), code);
  }
};
