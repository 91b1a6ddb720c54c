import {
  InvokeCommand,
  LambdaClient,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLambdaFunction, type LambdaFunction } from '../../../lib/local/lambda/lambda-function.ts';
import { type LambdaService, startLambdaService } from '../../../lib/local/lambda/lambda-service.ts';
import { localAws } from '../../../lib/local/local-aws.ts';

const lost: string[] = [];
let lambda: LambdaFunction;
let service: LambdaService;
let client: LambdaClient;

beforeAll(async () => {
  lambda = createLambdaFunction({
    name: 'prober',
    module: new URL('handlers/sample-handler.ts', import.meta.url),
    env: {},
    timeoutSeconds: 20,
    maximumConcurrency: 1,
    log: () => undefined,
  });
  service = await startLambdaService({
    functions: [lambda],
    port: 0,
    onLost: (name, reason) => lost.push(`${name}: ${reason}`),
  });
  client = new LambdaClient({
    endpoint: service.endpoint,
    region: localAws.region,
    credentials: localAws.credentials,
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await service.close();
  await lambda.close();
});

const invoke = (event: unknown, more: Partial<InvokeCommand['input']> = {}) =>
  client.send(new InvokeCommand({ FunctionName: 'prober', Payload: JSON.stringify(event), ...more }));

describe('the Invoke API', () => {
  test.each(['prober', 'prober:$LATEST', localAws.functionArn('prober')])(
    'invokes %s and answers its payload',
    async (FunctionName) => {
      const { StatusCode, FunctionError, Payload } = await invoke({ a: 1 }, { FunctionName });
      expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: undefined });
      expect(JSON.parse(Payload?.transformToString() ?? '')).toMatchObject({ event: { a: 1 } });
    },
  );

  test('tells an error of the function from one of its own', async () => {
    const { StatusCode, FunctionError, Payload } = await invoke({ do: 'throw', text: 'no' });
    expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(Payload?.transformToString() ?? '')).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'no',
    });
  });

  test('does not know other functions', async () => {
    await expect(invoke({}, { FunctionName: 'nobody' })).rejects.toSatisfy(
      (error) => error instanceof ResourceNotFoundException && /function:nobody/.test(error.message),
    );
  });

  test('throttles when every environment is busy', async () => {
    const both = await Promise.allSettled([invoke({ do: 'wait', ms: 1000 }), invoke({ do: 'wait', ms: 1000 })]);
    const refused = both.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toEqual([expect.any(TooManyRequestsException)]);
  });

  test('takes an Event invocation at once, and reports one that fails', async () => {
    expect(await invoke({ do: 'throw', text: 'unattended' }, { InvocationType: 'Event' })).toMatchObject({
      StatusCode: 202,
    });
    await expect.poll(() => lost, { timeout: 10_000 }).toEqual([expect.stringContaining('unattended')]);
  });

  test.each([
    [
      'a body that is not JSON',
      '/2015-03-31/functions/prober/invocations',
      '{"a":',
      400,
      'InvalidRequestContentException',
    ],
    [
      'a body over 6 MB',
      '/2015-03-31/functions/prober/invocations',
      `"${'x'.repeat(6_291_456)}"`,
      413,
      'RequestTooLargeException',
    ],
    ['another operation', '/2015-03-31/functions/prober/configuration', '', 404, 'UnknownOperationException'],
  ])('refuses %s', async (_, path, body, status, code) => {
    const response = await fetch(service.endpoint + path, { method: 'POST', body });
    expect({ status: response.status, code: response.headers.get('x-amzn-errortype') }).toEqual({ status, code });
  });
});
