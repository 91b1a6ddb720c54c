import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimFolder } from '../../../lib/local/dynamodb/folder-lock.ts';
import { run } from '../../support/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const deadPid = async (): Promise<string> => (await run(process.execPath, ['-p', 'process.pid'])).trim();

test('names the owner while the folder is claimed, and forgets it afterwards', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'in-use-by');
  const giveBack = await claimFolder(folder.path);
  expect(await readFile(file, 'utf8')).toBe(String(process.pid));
  await expect(claimFolder(folder.path)).rejects.toThrow(`${folder.path} is in use by process ${process.pid}`);
  await giveBack();
  await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('refuses a folder of another process that runs', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'in-use-by'), String(process.ppid));
  await expect(claimFolder(folder.path)).rejects.toThrow(
    `stop that one, or choose another folder (or delete ${folder.path}/in-use-by`,
  );
});

test.each([
  ['a process that has died', deadPid],
  ['an earlier process that had the pid of this one', async () => String(process.pid)],
  ['nobody, for the file holds no pid', async () => 'x'],
])('takes over what was left by %s', async (_, left) => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'in-use-by'), await left());
  const giveBack = await claimFolder(folder.path);
  expect(await readFile(join(folder.path, 'in-use-by'), 'utf8')).toBe(String(process.pid));
  await giveBack();
});
