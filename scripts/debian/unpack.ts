import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianCache, unpackedPackage } from './cache.ts';

const execute = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const timeout = 300_000;

/** Root's apt would hand the download to its own user, who may not write here, and complain. */
const aptOptions = isRoot ? ['-o', 'APT::Sandbox::User=root'] : [];

const download = (name: string, folder: string): Promise<unknown> =>
  execute('apt-get', [...aptOptions, '-q', 'download', name], { cwd: folder, timeout });

/** A machine without lists of packages, a fresh container for example, knows none. */
const downloadFresh = async (name: string, folder: string): Promise<void> => {
  try {
    await download(name, folder);
  } catch (error) {
    if (!isRoot) throw error;
    await execute('apt-get', ['-q', 'update'], { timeout });
    await download(name, folder);
  }
};

const isInstalled = async (name: string): Promise<boolean> => {
  try {
    const { stdout } = await execute('dpkg-query', ['--status', name], { timeout });
    return /^Status: .* installed$/m.test(stdout);
  } catch {
    return false;
  }
};

/** Libraries alone: what else a package depends on is there for its installation or its service. */
const librariesOf = async (archive: string): Promise<readonly string[]> => {
  const { stdout } = await execute('dpkg-deb', ['--field', archive, 'Depends'], { timeout });
  const names = stdout.split(',').map((dependency) => dependency.trim().split(/[ :(|]/)[0] ?? '');
  return names.filter((name) => name.startsWith('lib'));
};

const unpackInto = async (folder: string, name: string, done: Set<string>): Promise<void> => {
  done.add(name);
  const archives = join(folder, 'archives', name);
  await mkdir(archives, { recursive: true });
  await downloadFresh(name, archives);
  for (const file of await readdir(archives)) {
    const archive = join(archives, file);
    await execute('dpkg-deb', ['--extract', archive, join(folder, 'root')], { timeout });
    for (const library of await librariesOf(archive)) {
      if (!done.has(library) && !(await isInstalled(library))) await unpackInto(folder, library, done);
    }
  }
};

/**
 * Downloads a package of Debian, with those of its libraries that this machine lacks, and unpacks them without installing anything;
 * gives the folder. Once: what was unpacked before is taken as it is. Needs apt-get and dpkg-deb; rejects with what they said.
 */
export const unpackDebianPackage = async (name: string): Promise<string> => {
  const before = unpackedPackage(name);
  if (before !== undefined) return before;
  await mkdir(debianCache, { recursive: true });
  const folder = await mkdtemp(join(debianCache, '.unpacking-'));
  try {
    await unpackInto(folder, name, new Set());
    const unpacked = join(debianCache, name);
    await rename(join(folder, 'root'), unpacked);
    return unpacked;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
