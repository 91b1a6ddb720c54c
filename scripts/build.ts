import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadPolicy, loadPostalProfile } from '../lib/adapters/config-files.ts';
import { bundleCommand, bundleFunction, bytesAtStart } from './build/bundle.ts';
import { deploymentOf } from './build/deployment.ts';
import { functionNames, readAssets } from './build/functions.ts';
import { deterministicZip } from './build/zip.ts';

// Bundles the Lambda functions, each zipped with its configuration as serverless.yml expects it, and the shell's command. The same sources give the
// same bytes. Every file is put in place whole, so that whoever reads dist/ meanwhile sees the old one or the new one.

const root = join(import.meta.dirname, '..');

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'dist') },
    policy: { type: 'string', default: join(root, 'config/policy.json') },
    'postal-profile': { type: 'string', default: join(root, 'config/postal-profile.json') },
    'postal-database-ca': { type: 'string', default: join(root, 'config/postal-database-ca.pem') },
  },
});

const put = async (path: string, contents: Uint8Array | string, mode = 0o644): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, contents, { mode });
  await rename(unfinished, path);
};

const say = (what: string, bytes: number): void =>
  void process.stdout.write(`${String(bytes).padStart(9)} bytes  ${what}\n`);

/** Chunks are named by what is in them: those of earlier builds stay behind. */
const dropOthers = async (folder: string, files: readonly string[]): Promise<void> => {
  const others = (await readdir(folder)).filter((file) => !files.includes(file) && !file.endsWith('.tmp'));
  for (const file of others) await rm(join(folder, file), { force: true });
};

type Files = Readonly<Record<string, Uint8Array>>;

const buildFunction = async (name: (typeof functionNames)[number], configuration: Files): Promise<void> => {
  const bundle = await bundleFunction(name);
  const beside = { ...configuration, ...(await readAssets(name)) };
  const zip = deterministicZip({ ...bundle.code, ...beside });
  const folder = join(options.out, 'functions', name);
  const files = { ...bundle.code, ...bundle.maps, ...beside };
  for (const [file, contents] of Object.entries(files)) await put(join(folder, file), contents);
  await dropOthers(folder, Object.keys(files));
  await put(`${folder}.zip`, zip);
  say(`functions/${name}, loaded at start`, bytesAtStart(bundle));
  say(`functions/${name}.zip`, zip.length);
};

const buildCommand = async (): Promise<void> => {
  const code = await bundleCommand();
  await put(join(options.out, 'cli/postal-endpoint.mjs'), code, 0o755);
  say('cli/postal-endpoint.mjs', code.length);
};

const main = async (): Promise<void> => {
  const policyFile = resolve(options.policy);
  const profileFile = resolve(options['postal-profile']);
  const policy = loadPolicy(policyFile);
  const deployment = deploymentOf(policy, loadPostalProfile(profileFile));
  const configuration = {
    'policy.json': await readFile(policyFile),
    'postal-profile.json': await readFile(profileFile),
  };
  const ca = resolve(options['postal-database-ca']);
  const withCa = existsSync(ca) ? { ...configuration, 'postal-database-ca.pem': await readFile(ca) } : configuration;
  for (const name of functionNames) await buildFunction(name, name === 'postal-database' ? withCa : configuration);
  await buildCommand();
  await put(join(options.out, 'deployment.json'), `${JSON.stringify(deployment, undefined, 2)}\n`);
};

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
