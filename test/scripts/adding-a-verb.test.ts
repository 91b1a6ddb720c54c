import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

type Block = { readonly file: string; readonly before: string | undefined; readonly code: string };

/** The blocks of the page that name a file: a new one, or lines to put before a line that is there. */
const blocks: readonly Block[] = [
  ...readFileSync(join(root, 'docs/adding-a-verb.md'), 'utf8').matchAll(
    /^( *)```ts (\S+)(?: before "(.*)")?\n([\s\S]*?)^\1```$/gm,
  ),
].map(([, indent = '', file = '', before, code = '']) => ({
  file,
  before,
  code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
}));

const applyTo = (folder: string, { file, before, code }: Block): void => {
  const path = join(folder, file);
  if (before === undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code, { flag: 'wx' });
    return;
  }
  const source = readFileSync(path, 'utf8');
  const at = source.indexOf(before);
  if (at < 0) throw new Error(`${file} has no line ${before}`);
  const start = source.lastIndexOf('\n', at) + 1;
  writeFileSync(path, `${source.slice(0, start)}${code}${source.slice(start)}`);
};

it('a verb added as the page says passes the checks and its own test', { timeout: 600_000 }, async () => {
  await using folder = await temporaryFolder();
  const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(folder.path, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder.path, file));
  }
  symlinkSync(realpathSync(join(root, 'node_modules')), join(folder.path, 'node_modules'));
  expect(blocks).toHaveLength(6);
  for (const block of blocks) applyTo(folder.path, block);

  const here = { cwd: folder.path, maxBuffer: 10_000_000 };
  const bin = (name: string): string => join(folder.path, 'node_modules/.bin', name);
  // Biome reads the ignore files of a repository.
  await run('git', ['init', '-q'], here);
  await run(process.execPath, [bin('tsc')], here);
  await run(bin('biome'), ['check', '--write', ...blocks.map(({ file }) => file)], here);
  await run(bin('biome'), ['check', '--error-on-warnings', '.'], here);
  await run(process.execPath, ['scripts/check-layers.ts'], here);
  await run(process.execPath, [bin('knip')], here);
  await run(process.execPath, ['scripts/check-bundles.ts'], here);
  const tests = [
    'test/app/commands/zones.test.ts',
    'test/messages/help-message.test.ts',
    'test/core/policy/verbs.test.ts',
  ];
  await run(process.execPath, [bin('vitest'), 'run', '--root', folder.path, ...tests], here);
});
