import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../scripts/unpack-debian.ts');

it.each([[[]], [['--help']], [['Exim']], [['exim4', '../evil']]])('takes names of packages, and %j is none', (args) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect({ status, stderr, stdout }).toEqual({
    status: 2,
    stderr: 'usage: node scripts/unpack-debian.ts PACKAGE…\n',
    stdout: '',
  });
});
