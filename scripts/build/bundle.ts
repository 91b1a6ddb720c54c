import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** A bundle and its source map, in memory. */
export type Bundle = { readonly code: Uint8Array; readonly map: Uint8Array };

// CommonJS packages inside an ES module still call require; the name is one that no minifier gives.
const requireBanner = "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** Parts of Bolt for other receivers and for installing the app: loading them costs a cold start 190 ms, and nothing here uses them. */
const unusedByTheFront = /^(@slack\/socket-mode|@slack\/oauth|express|raw-body)$/;

const emptyModules: Plugin = {
  name: 'empty-modules',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: unusedByTheFront }, ({ path }) => ({ path, namespace: 'empty' }));
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};

const bundle = async (entryPoint: string, options: BuildOptions): Promise<Bundle> => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile: 'index.mjs',
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    // ES modules first: the AWS SDK's CommonJS build loads several times slower.
    mainFields: ['module', 'main'],
    sourcemap: 'external',
    charset: 'utf8',
    logLevel: 'error',
    ...options,
    write: false,
  });
  const ending = (suffix: string): Uint8Array => outputFiles.find(({ path }) => path.endsWith(suffix))?.contents ?? new Uint8Array();
  return { code: ending('.mjs'), map: ending('.mjs.map') };
};

/** Bundles `functions/<name>.ts` for Lambda's Node.js 24. Rejects when the sources do not build. */
export const bundleFunction = (name: string): Promise<Bundle> =>
  bundle(`functions/${name}.ts`, { target: 'node24', banner: { js: requireBanner }, legalComments: 'none', plugins: [emptyModules] });

/** Bundles the shell's command into one executable file that also runs on the oldest Node.js that people have. Licences stay in it. */
export const bundleCommand = (): Promise<Bundle> =>
  bundle('lib/cli.ts', { target: 'node20', banner: { js: `#!/usr/bin/env node\n${requireBanner}` }, legalComments: 'eof' });
