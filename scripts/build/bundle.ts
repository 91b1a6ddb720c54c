import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { packageJson } from './package-json.ts';
import { builtinsOnFirstUse, mysqlForUtf8, smallZodApart, withoutUnusedBolt } from './trim-modules.ts';

const root = join(import.meta.dirname, '../..');

const entryFile = 'index.mjs';

/** By file name. */
type Files = Readonly<Record<string, Uint8Array>>;

/** A bundle and its source maps, in memory. `index.mjs` is the entry; the other files are loaded by it, at once or when they are first needed. */
export type Bundle = {
  readonly code: Files;
  readonly maps: Files;
  /** What esbuild knows of each file of the code. */
  readonly outputs: Readonly<Record<string, Metafile['outputs'][string]>>;
  /** What esbuild knows of each module. */
  readonly inputs: Metafile['inputs'];
};

// CommonJS packages inside an ES module still call require; the name is one that no minifier gives.
const requireBanner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

const bundle = async (entryPoint: string, options: BuildOptions): Promise<Bundle> => {
  const { outputFiles = [], metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: entryPoint },
    outdir: 'bundle',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    // ES modules first: the AWS SDK's CommonJS build loads several times slower.
    mainFields: ['module', 'main'],
    // Where packages really lie, should they be linked, is no part of a bundle.
    preserveSymlinks: true,
    sourcemap: 'external',
    logLevel: 'error',
    ...options,
    metafile: true,
    write: false,
  });
  const ending = (suffix: string): Files =>
    Object.fromEntries(
      outputFiles.filter(({ path }) => path.endsWith(suffix)).map(({ path, contents }) => [basename(path), contents]),
    );
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output] as const);
  return {
    code: ending('.mjs'),
    maps: ending('.map'),
    outputs: Object.fromEntries(outputs.filter(([name]) => name.endsWith('.mjs'))),
    inputs: metafile.inputs,
  };
};

const bundleForLambda = (entryPoint: string, options: BuildOptions): Promise<Bundle> =>
  bundle(entryPoint, { target: 'node24', legalComments: 'none', splitting: true, ...options });

/** Functions that load zod's small variant at start. The others load the large one anyway, and share its core. */
const smallZodFunctions: ReadonlySet<string> = new Set(['slack', 'prober', 'postal', 'postal-database']);

/** Bundles `functions/<name>.ts` for Lambda's Node.js 24. Rejects when the sources do not build. */
export const bundleFunction = (name: string): Promise<Bundle> =>
  bundleForLambda(`functions/${name}.ts`, {
    plugins: [
      withoutUnusedBolt,
      builtinsOnFirstUse,
      mysqlForUtf8,
      ...(smallZodFunctions.has(name) ? [smallZodApart] : []),
    ],
  });

/** Bundles a module the same way, but with everything in it that it asks for: what a function is measured against. */
export const bundleUntrimmed = (entryPoint: string): Promise<Bundle> =>
  bundleForLambda(entryPoint, { banner: { js: requireBanner } });

/** The oldest Node.js that package.json allows, such as `22.18`. */
const oldestNode = packageJson.engines.node.replace('>=', '');

// Comes before anything that an older Node.js lacks: the bundle asks for Node's own modules only when it first uses them.
const nodeVersionGuard = `{const [major,minor]=process.versions.node.split('.').map(Number),[a,b]=[${oldestNode.replace('.', ',')}];if(major<a||major===a&&minor<b){process.stderr.write('postal-endpoint needs Node ${oldestNode} or newer; this is '+process.versions.node+'\\n');process.exit(3)}}`;

/** Bundles the shell's command into one executable file. On a Node.js that is too old it says so and ends with 3. Licences stay in it. */
export const bundleCommand = async (): Promise<Uint8Array> => {
  const { code } = await bundle('lib/shell/cli.ts', {
    target: `node${oldestNode}`,
    plugins: [builtinsOnFirstUse, mysqlForUtf8],
    banner: { js: `#!/usr/bin/env node\n${nodeVersionGuard}\n${requireBanner}` },
    legalComments: 'eof',
    charset: 'utf8',
  });
  return code[entryFile] ?? new Uint8Array();
};

/** Bundles the shell's command for a single executable, which takes CommonJS only and brings its own Node.js. */
export const bundleExecutable = async (): Promise<Uint8Array> => {
  const { code } = await bundle('lib/shell/cli.ts', {
    target: 'node24',
    format: 'cjs',
    plugins: [builtinsOnFirstUse, mysqlForUtf8],
    legalComments: 'eof',
    charset: 'utf8',
    sourcemap: false,
  });
  return code[entryFile] ?? new Uint8Array();
};

/** The entry and every file that it imports, directly or not: what is loaded before the first request. */
export const filesAtStart = ({ outputs }: Bundle): readonly string[] => {
  const files = new Set([entryFile]);
  for (const file of files)
    for (const { path, kind } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement') files.add(basename(path));
  return [...files].filter((file) => Object.hasOwn(outputs, file));
};

/** Bytes of the files that are loaded at start. */
export const bytesAtStart = (bundle: Bundle): number =>
  filesAtStart(bundle).reduce((sum, file) => sum + (bundle.code[file]?.length ?? 0), 0);
