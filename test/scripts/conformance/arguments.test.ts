import { afterEach, expect, test, vi } from 'vitest';
import { ArgumentWrong, readArguments } from '../../../scripts/conformance/arguments.ts';

const variable = 'AWS_ENDPOINT_URL_ROUTE_53';
const elsewhere = 'http://127.0.0.1:9';

afterEach(() => {
  vi.unstubAllEnvs();
});

const read = (args: readonly string[], url: string | undefined) => {
  vi.stubEnv(variable, url);
  return readArguments(args);
};

test.each([
  [[], undefined, { kind: 'local' }],
  [[], '', { kind: 'local' }],
  [[], elsewhere, { kind: 'endpoint', url: elsewhere }],
  [
    ['--vpc', 'vpc-1', '--region', 'eu-central-1'],
    elsewhere,
    { kind: 'endpoint', url: elsewhere, vpcId: 'vpc-1', region: 'eu-central-1' },
  ],
  [
    ['--real', '--vpc', 'vpc-1', '--region', 'eu-central-1'],
    undefined,
    { kind: 'real', vpcId: 'vpc-1', region: 'eu-central-1' },
  ],
] as const)('%j with the variable %j', (args, url, target) => {
  expect(read(args, url)).toEqual({ target });
});

test.each([
  [['--real'], undefined, '--vpc ID and --region R'],
  [['--real', '--vpc', 'vpc-1'], undefined, '--vpc ID and --region R'],
  [['--real', '--vpc', 'vpc-1', '--region', 'eu-central-1'], elsewhere, 'name two services'],
  [['--vpc', 'corp'], elsewhere, '"corp" is no VPC id'],
  [['--region', 'eu-central-1'], undefined, '--vpc and --region go with --real'],
  [['--only', 'Weather'], undefined, 'there is no "Weather". There are "Batches", "Names and types"'],
] as const)('%j with the variable %j is refused with what would be right', (args, url, message) => {
  expect(() => read(args, url)).toThrow(ArgumentWrong);
  expect(() => read(args, url)).toThrow(message);
});

test('a variable that is no URL is named', () => {
  expect(() => read([], 'localhost')).toThrow(variable);
});
