import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPolicy } from '../lib/policy/load-policy.ts';
import { loadPostalProfile } from '../lib/postal/load-profile.ts';
import { bundleCommand, bundleFunction } from './build/bundle.ts';
import { functionNames } from './build/functions.ts';
import { deterministicZip } from './build/zip.ts';

// Bundles the Lambda functions, each zipped with its configuration as serverless.yml expects it, and the shell's command. The same sources give the
// same bytes. Every file is put in place whole, so that whoever reads dist/ meanwhile sees the old one or the new one.

const root = join(import.meta.dirname, '..');

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'dist') },
    policy: { type: 'string', default: join(root, 'config/policy.json') },
    'postal-profile': { type: 'string', default: join(root, 'config/postal-profile.json') },
  },
});

const put = async (path: string, contents: Uint8Array | string, mode = 0o644): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, contents, { mode });
  await rename(unfinished, path);
};

const say = (what: string, bytes: number): void => void process.stdout.write(`${String(bytes).padStart(9)} bytes  ${what}\n`);

const buildFunction = async (name: string, configuration: Readonly<Record<string, Uint8Array>>): Promise<void> => {
  const { code, map } = await bundleFunction(name);
  const files = { 'index.mjs': code, ...configuration };
  const zip = deterministicZip(files);
  const folder = join(options.out, 'functions', name);
  for (const [file, contents] of Object.entries(files)) await put(join(folder, file), contents);
  await put(join(folder, 'index.mjs.map'), map);
  await put(`${folder}.zip`, zip);
  say(`functions/${name}/index.mjs`, code.length);
  say(`functions/${name}.zip`, zip.length);
};

const buildCommand = async (): Promise<void> => {
  const { code } = await bundleCommand();
  await put(join(options.out, 'cli/postal-endpoint.mjs'), code, 0o755);
  say('cli/postal-endpoint.mjs', code.length);
};

const main = async (): Promise<void> => {
  const policyFile = resolve(options.policy);
  const profileFile = resolve(options['postal-profile']);
  const policy = loadPolicy(policyFile);
  loadPostalProfile(profileFile);
  const configuration = { 'policy.json': await readFile(policyFile), 'postal-profile.json': await readFile(profileFile) };
  for (const name of functionNames) await buildFunction(name, configuration);
  await buildCommand();
  const hostedZoneArns = policy.zones.map((zone) => `arn:aws:route53:::hostedzone/${zone.id}`);
  await put(join(options.out, 'deployment.json'), `${JSON.stringify({ hostedZoneArns }, undefined, 2)}\n`);
};

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
