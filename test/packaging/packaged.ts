import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deployedResources } from './deployed-resources.ts';

export type Resource = {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
};

/** What `npm run package` leaves behind. */
export type Packaged = {
  readonly templateFile: string;
  /** What would be deployed: without the resources whose condition does not hold. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** What the build derived from policy and profile. */
  readonly deployment: {
    readonly hostedZoneArns: readonly { readonly 'Fn::Sub': string }[];
    readonly zoneNames: readonly string[];
    readonly recordNames: readonly string[];
  };
  readonly remove: () => Promise<void>;
};

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Builds and packages as a deployment would, without account or network. */
export const packageAll = async (...params: readonly string[]): Promise<Packaged> => {
  const folder = await mkdtemp(join(tmpdir(), 'postal-endpoint-package-'));
  await run(process.execPath, [join(root, 'scripts/build.ts')], { cwd: root });
  // No credentials, no home directory with any, and a proxy that nobody answers.
  const nowhere = 'http://127.0.0.1:9';
  await run(process.execPath, [join(root, 'node_modules/.bin/serverless'), 'package', '--package', folder, ...params], {
    cwd: root,
    env: {
      PATH: '/usr/bin:/bin',
      HOME: folder,
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  const templateFile = join(folder, 'cloudformation-template-update-stack.json');
  return {
    templateFile,
    resources: deployedResources(JSON.parse(await readFile(templateFile, 'utf8'))),
    deployment: JSON.parse(await readFile(join(root, 'dist/deployment.json'), 'utf8')),
    remove: () => rm(folder, { recursive: true }),
  };
};

/** One resource of the template; throws where there is none of that name. */
export const resourceIn = ({ resources }: Packaged, name: string): Resource => {
  const found = resources[name];
  if (!found) throw new Error(`${name} is not among ${Object.keys(resources).join(', ')}`);
  return found;
};
