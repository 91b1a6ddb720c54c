import { join } from 'node:path';
import { loadPolicy, loadPostalProfile } from '../lib/adapters/config-files.ts';
import { ConfigInvalid, type Mistake, mistakeLine } from '../lib/core/base/config-error.ts';
import { policyWarnings } from '../lib/core/policy/policy-warnings.ts';
import { authorityMistakes, buildMistakes } from './preflight/build-mistakes.ts';
import { parameterMistakes } from './preflight/parameter-mistakes.ts';
import { readParameters } from './preflight/read-parameters.ts';

// Looks, without any network, at what is about to be deployed: `npm run preflight -- ` and the arguments of `serverless deploy`. Ends with 1 where the deployment
// would fail or run with example ids.

const root = join(import.meta.dirname, '..');
const list = (head: string, mistakes: readonly Mistake[]): string =>
  [head, ...mistakes.map(mistakeLine), ''].join('\n');

try {
  const parameters = readParameters(process.argv.slice(2), join(root, 'serverless.yml'));
  const policy = loadPolicy(join(root, 'config/policy.json'));
  loadPostalProfile(join(root, 'config/postal-profile.json'));
  const warnings = policyWarnings(policy);
  const isExample = ({ message }: Mistake): boolean => message.includes('looks like an example');
  const mistakes = [
    ...parameterMistakes(parameters, policy),
    ...warnings.filter(isExample).map(({ path, message }) => ({ path: `policy ${path}`, message })),
    ...buildMistakes(root),
    ...authorityMistakes(root, parameters.params),
  ];
  const others = warnings.filter((warning) => !isExample(warning));
  if (others.length > 0) process.stdout.write(list('Think about these of policy.json:', others));
  if (mistakes.length > 0) {
    process.stderr.write(list('Nothing was uploaded. Before this can be deployed:', mistakes));
    process.exitCode = 1;
  } else {
    const tables =
      parameters.params['protectTables'] === 'true'
        ? 'The tables will be protected against deletion.'
        : 'The tables will not be protected against deletion: right for the first deployment, then give --param="protectTables=true".';
    process.stdout.write(`Ready to be deployed to ${parameters.region}. ${tables}\n`);
  }
} catch (error) {
  if (!(error instanceof ConfigInvalid || error instanceof RangeError || error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
