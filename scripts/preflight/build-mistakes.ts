import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mistake } from '../../lib/core/base/config-error.ts';
import { functionNames } from '../build/functions.ts';

const isSame = (one: string, other: string): boolean =>
  existsSync(other) && readFileSync(one).equals(readFileSync(other));

/** Where what `npm run build` left is not what would be deployed now: bundles that are missing, or hold another configuration. */
export const buildMistakes = (root: string): readonly Mistake[] =>
  functionNames.flatMap((name) => {
    const folder = join(root, 'dist/functions', name);
    if (!existsSync(`${folder}.zip`))
      return [{ path: `dist/functions/${name}.zip`, message: 'it is missing: npm run build' }];
    return ['policy.json', 'postal-profile.json', 'postal-database-ca.pem']
      .filter((file) => existsSync(join(folder, file)))
      .filter((file) => !isSame(join(folder, file), join(root, 'config', file)))
      .map((file) => ({
        path: `dist/functions/${name}.zip`,
        message: `it holds another ${file} than config/: npm run build`,
      }));
  });

const authorities = 'config/postal-database-ca.pem';

/** RDS signs its certificates with authorities that Node does not know: without their file the reader of Postal's database would trust none. */
export const authorityMistakes = (root: string, params: Readonly<Record<string, string>>): readonly Mistake[] =>
  params['postalDatabaseHost'] === '' ||
  params['postalDatabaseResourceId'] === '' ||
  existsSync(join(root, authorities))
    ? []
    : [
        {
          path: authorities,
          message:
            'it is missing, and the authorities of RDS are not among those that Node knows: put the certificate bundle of the region there, then npm run build',
        },
      ];
