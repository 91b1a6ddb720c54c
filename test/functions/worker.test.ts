import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { bundleFunction } from '../../scripts/build/bundle.ts';
import { writeBundle } from '../../scripts/build/functions.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

/** Prints the modules of Node's own that a bundle asks for while it loads. */
const askedWhileLoading = `
  const asked = new Set();
  const { getBuiltinModule } = process;
  process.getBuiltinModule = (name) => {
    asked.add(name);
    return getBuiltinModule.call(process, name);
  };
  await import(process.argv[1]);
  console.log(JSON.stringify([...asked]));`;

it('asks for none of the large modules of Node.js before the first message', async () => {
  await using folder = await temporaryFolder();
  await writeBundle(folder.path, await bundleFunction('worker'));
  const bundle = join(folder.path, 'index.mjs');
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', askedWhileLoading, bundle], {
    env: { AWS_REGION: 'eu-west-1', POLICY_FILE: '/none', POSTAL_PROFILE_FILE: '/none' },
  });
  const asked: unknown = JSON.parse(stdout);
  expect(asked).toContain('node:stream');
  for (const large of ['node:http', 'node:http2', 'node:https', 'node:net', 'node:tls', 'node:fs/promises'])
    expect(asked).not.toContain(large);
});
