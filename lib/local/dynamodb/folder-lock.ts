import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const held = new Set<string>();

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
};

const ownerIn = async (file: string): Promise<number | undefined> => {
  try {
    const pid = Number(await readFile(file, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Claims a data folder for this process, by a file `in-use-by` that holds its pid, and resolves to what gives it back. LevelDB has a lock of its own, but
 * dynalite ends the process when it meets it. Throws when another process that still runs has the folder; what a dead one left is taken over.
 */
export const claimFolder = async (folder: string): Promise<() => Promise<void>> => {
  const file = join(resolve(folder), 'in-use-by');
  const owner = await ownerIn(file);
  const isTaken = owner === process.pid ? held.has(file) : owner !== undefined && isRunning(owner);
  if (isTaken) {
    throw new Error(
      `${folder} is in use by process ${owner}: stop that one, or choose another folder (or delete ${file}, if that process is not postal-endpoint)`,
    );
  }
  await rm(file, { force: true });
  // `wx`: of two that start at the same moment, one gets it.
  await writeFile(file, String(process.pid), { flag: 'wx' });
  held.add(file);
  return async () => {
    held.delete(file);
    await rm(file, { force: true });
  };
};
