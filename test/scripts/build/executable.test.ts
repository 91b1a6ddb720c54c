import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { buildExecutable } from '../../../scripts/build/executable.ts';
import { startDns } from '../../support/scripted-dns.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'builds one file that runs without Node and with an empty environment',
  async () => {
    await using folder = await temporaryFolder();
    await using dns = await startDns(() => ({ rcode: 3 }));
    const file = join(folder.path, 'postal-endpoint');
    await buildExecutable('linux-x64', file);
    const env = { PATH: '' };
    const text = 'No SMTP servers were available for example.com. No hosts to try.';
    const explained = await run(file, ['explain', '--json', text], { env });
    expect({ recognised: JSON.parse(explained.stdout).recognised, stderr: explained.stderr }).toEqual({
      recognised: true,
      stderr: '',
    });
    const resolver = `127.0.0.1:${dns.nameserver.port}`;
    const checked = run(file, ['check', 'gone.example.test', '--resolver', resolver, '--os-hostname', 'postal'], {
      env,
    });
    await expect(checked).rejects.toMatchObject({
      code: 2,
      stdout: expect.stringContaining('Postal will find no address'),
    });
    // The client of the database is in it as well.
    const audited = run(file, ['audit', '--database', 'mysql://127.0.0.1:1/postal'], {
      env: { ...env, POSTAL_DATABASE_PASSWORD: 'x' },
    });
    await expect(audited).rejects.toMatchObject({
      code: 3,
      stderr: expect.stringContaining('could not be read: connect ECONNREFUSED'),
    });
    // Neither the environment nor the command line reaches Node itself.
    const withOptions = await run(file, ['explain', '--json', text], {
      env: { ...env, NODE_OPTIONS: '--require /nowhere.js' },
    });
    expect(withOptions.stdout).toBe(explained.stdout);
  },
  240_000,
);
