import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program to its end, 30 s at most; rejects with what it wrote when it fails. */
export const run = async (program: string, args: readonly string[]): Promise<string> => {
  const { stdout } = await execute(program, args, { timeout: 30_000, encoding: 'utf8' });
  return stdout;
};

/** Where a program of the system is, in the folders that Debian puts them; undefined when it is not installed. */
export const findProgram = (name: string): string | undefined =>
  ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin'].map((folder) => `${folder}/${name}`).find(isExecutable);

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
