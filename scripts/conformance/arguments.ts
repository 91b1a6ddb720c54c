import { parseArgs } from 'node:util';
import { route53EndpointUrl } from '../../lib/adapters/config.ts';
import { headings } from './headings.ts';
import type { Target } from './open-subject.ts';

/** What a run is asked for: against which service, and which headings of the list, all where none is named. */
export type Wanted = { readonly target: Target; readonly only?: string | undefined };

/** The arguments or the environment are wrong; the message says what would be right. */
export class ArgumentWrong extends Error {
  override readonly name = 'ArgumentWrong';
}

const options = {
  real: { type: 'boolean', default: false },
  vpc: { type: 'string' },
  region: { type: 'string' },
  only: { type: 'string' },
} as const;

type Place = { readonly real: boolean; readonly vpc?: string | undefined; readonly region?: string | undefined };

/**
 * | `AWS_ENDPOINT_URL_ROUTE_53` | `--real` | the list runs against |
 * | --- | --- | --- |
 * | set | no | that service |
 * | not set | no | the project's own local Route 53 |
 * | not set | yes | Amazon Route 53, which needs `--vpc` and `--region` |
 * | set | yes | refused |
 */
const targetOf = ({ real, vpc, region }: Place): Target => {
  const url = route53EndpointUrl();
  if (real && url !== undefined)
    throw new ArgumentWrong(
      '--real and AWS_ENDPOINT_URL_ROUTE_53 name two services. Unset the variable, or leave --real out.',
    );
  if (vpc !== undefined && !/^vpc-[0-9a-z]+$/.test(vpc))
    throw new ArgumentWrong(`--vpc: "${vpc}" is no VPC id. Give one like vpc-0123456789abcdef0.`);
  if (url !== undefined) return { kind: 'endpoint', url, vpcId: vpc, region };
  if (!real && (vpc !== undefined || region !== undefined))
    throw new ArgumentWrong('--vpc and --region go with --real, or with AWS_ENDPOINT_URL_ROUTE_53.');
  if (!real) return { kind: 'local' };
  if (vpc === undefined || region === undefined) {
    throw new ArgumentWrong(
      '--real makes private zones in your account: say for which VPC, with --vpc ID and --region R.',
    );
  }
  return { kind: 'real', vpcId: vpc, region };
};

/** Reads command line and environment. Throws `ArgumentWrong`, or `ConfigInvalid` for the variable. */
export const readArguments = (args: readonly string[]): Wanted => {
  const { values } = parseArgs({ args: [...args], options });
  const names = headings.map(({ heading }) => heading);
  if (values.only !== undefined && !names.includes(values.only)) {
    throw new ArgumentWrong(
      `--only: there is no "${values.only}". There are ${names.map((name) => `"${name}"`).join(', ')}.`,
    );
  }
  return { target: targetOf(values), only: values.only };
};
