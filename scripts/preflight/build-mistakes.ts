import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mistake } from '../../lib/core/base/config-error.ts';
import { functionNames } from '../build/functions.ts';

/** Where what `npm run build` left is not what would be deployed now: bundles that are missing, or hold another configuration. */
export const buildMistakes = (root: string): readonly Mistake[] =>
  functionNames.flatMap((name) => {
    const folder = join(root, 'dist/functions', name);
    if (!existsSync(`${folder}.zip`))
      return [{ path: `dist/functions/${name}.zip`, message: 'it is missing: npm run build' }];
    return ['policy.json', 'postal-profile.json']
      .filter((file) => existsSync(join(folder, file)))
      .filter((file) => !readFileSync(join(folder, file)).equals(readFileSync(join(root, 'config', file))))
      .map((file) => ({
        path: `dist/functions/${name}.zip`,
        message: `it holds another ${file} than config/: npm run build`,
      }));
  });
