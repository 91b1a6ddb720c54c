import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Parameters } from './parameter-mistakes.ts';

/** `params.default` of serverless.yml, which holds one value a line and comments. */
const defaultsIn = (yaml: string): Readonly<Record<string, string>> => {
  const block = /^params:\n {2}default:\n((?: {4}.*\n)+)/m.exec(yaml)?.[1] ?? '';
  const lines = [...block.matchAll(/^ {4}(\w+): ('[^']*'|\S+)$/gm)];
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value.replaceAll("'", '')]));
};

/** Reads the arguments as serverless takes them, beside what serverless.yml has. Throws `RangeError` for a parameter that it does not have. */
export const readParameters = (args: readonly string[], serverlessFile: string): Parameters => {
  const yaml = readFileSync(serverlessFile, 'utf8');
  const defaults = defaultsIn(yaml);
  const { values } = parseArgs({
    args: [...args],
    options: {
      region: { type: 'string', short: 'r', default: /^ {2}region: (\S+)$/m.exec(yaml)?.[1] ?? '' },
      stage: { type: 'string', short: 's' },
      param: { type: 'string', multiple: true, default: [] },
    },
  });
  const given = values.param.map((text) => {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (!Object.hasOwn(defaults, name))
      throw new RangeError(`--param="${text}": serverless.yml has ${Object.keys(defaults).join(', ')}`);
    return [name, value] as const;
  });
  return { region: values.region, params: { ...defaults, ...Object.fromEntries(given) } };
};
