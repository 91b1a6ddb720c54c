import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unpackedPackage } from '../../scripts/debian/cache.ts';
import { findProgram, run } from './run.ts';

/** One line that says why the tests that run a program of this package in a root of its own cannot run here; undefined when they can. */
export const unpackedMissing = (name: string): string | undefined => {
  if (unpackedPackage(name) === undefined) return `${name} is missing: node scripts/unpack-debian.ts ${name}`;
  if (findProgram('openssl') === undefined) return 'openssl is missing: apt-get install openssl';
  return process.getuid?.() === 0
    ? undefined
    : `${name} starts for root only: run the tests as root, or in a container`;
};

/** A user of the server's own, whom only its root folder knows. */
export type ServerUser = { readonly name: string; readonly id: number };

const accounts = (users: readonly ServerUser[], line: (user: ServerUser) => string, root: string): string =>
  [root, ...users.map(line), ''].join('\n');

/** Libraries beside the package are those that this machine lacks; they are found first. */
const librariesOf = async (program: string, packageFolder: string): Promise<readonly string[]> => {
  const { arch, platform } = process;
  const triplet = `${arch === 'x64' ? 'x86_64' : 'aarch64'}-${platform}-gnu`;
  const searched = [`${packageFolder}/usr/lib/${triplet}`, `${packageFolder}/lib/${triplet}`].join(':');
  const listed = await run('env', [`LD_LIBRARY_PATH=${searched}`, 'ldd', program]);
  const lacking = /^\s*(\S+) => not found/m.exec(listed)?.[1];
  if (lacking !== undefined)
    throw new Error(`${program} needs ${lacking}, which is neither installed nor unpacked with it`);
  return listed.match(/\/\S+/g) ?? [];
};

/**
 * Makes a folder into a root in which a program of an unpacked package runs by `chroot`: the program at its own path, its libraries, and its users.
 * So the paths and user names compiled into it are the folder's, and the system's mail server and accounts are not touched.
 */
export const makeRoot = async (
  folder: string,
  packageName: string,
  program: string,
  users: readonly ServerUser[],
): Promise<void> => {
  const packageFolder = unpackedPackage(packageName);
  if (packageFolder === undefined) throw new Error(`${packageName} was not unpacked`);
  const place = async (from: string, path: string): Promise<void> => {
    const to = join(folder, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o755 });
    await cp(from, to, { dereference: true });
  };
  const source = join(packageFolder, program);
  await place(source, program);
  for (const library of await librariesOf(source, packageFolder))
    await place(library, library.replace(packageFolder, ''));
  await mkdir(join(folder, 'etc'), { recursive: true, mode: 0o755 });
  await writeFile(
    join(folder, 'etc/passwd'),
    accounts(
      users,
      ({ name, id }) => `${name}:x:${id}:${id}::/nonexistent:/bin/false`,
      'root:x:0:0::/nonexistent:/bin/false',
    ),
  );
  await writeFile(
    join(folder, 'etc/group'),
    accounts(users, ({ name, id }) => `${name}:x:${id}:`, 'root:x:0:'),
  );
};
