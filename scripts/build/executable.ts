import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleExecutable } from './bundle.ts';
import { packageJson } from './package-json.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Platforms for which a single executable is built. */
export const executableTargets = ['linux-x64', 'linux-arm64'] as const;
export type ExecutableTarget = (typeof executableTargets)[number];

/** Marks the place in Node's binary where the program goes (Node.js, single executable applications). */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Node's binary for the target: the package that brings it is installed only where it can run, and is fetched for any other machine. */
const nodeBinary = async (target: ExecutableTarget, folder: string): Promise<string> => {
  if (target === `${process.platform}-${process.arch}`) return join(root, `node_modules/node-${target}/bin/node`);
  const version = packageJson.optionalDependencies[`node-${target}`];
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder, `node-${target}@${version}`]);
  await run('tar', ['-xzf', join(folder, stdout.trim()), '-C', folder, 'package/bin/node']);
  return join(folder, 'package/bin/node');
};

/** Without its symbols the binary is an eighth smaller. Only a tool that knows the target's machine can take them off, and only before something is put in. */
const strip = async (binary: string): Promise<void> => {
  for (const tool of ['llvm-strip', 'strip']) {
    try {
      await run(tool, [binary]);
      return;
    } catch {
      // Not installed, or made for another machine: the symbols stay.
    }
  }
};

/**
 * Builds the shell's command as one file that needs no Node.js: it holds Node's binary and the program, and takes neither `NODE_OPTIONS` nor options of Node's.
 * Needs glibc 2.28 or newer, as Node's binary does. Rejects with what a tool wrote.
 */
export const buildExecutable = async (target: ExecutableTarget, file: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'postal-endpoint-executable-'));
  try {
    const program = join(folder, 'program.cjs');
    const blob = join(folder, 'program.blob');
    const settings = join(folder, 'settings.json');
    await writeFile(program, await bundleExecutable());
    await writeFile(
      settings,
      JSON.stringify({ main: program, output: blob, disableExperimentalSEAWarning: true, execArgvExtension: 'none' }),
    );
    await run(process.execPath, ['--experimental-sea-config', settings]);
    const binary = join(folder, 'binary');
    await copyFile(await nodeBinary(target, folder), binary);
    await strip(binary);
    const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));
    await run(process.execPath, [postject, binary, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse]);
    await copyFile(binary, file);
    await chmod(file, 0o755);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
