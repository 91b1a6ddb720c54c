import { afterEach, describe, expect, test } from 'vitest';
import type { Invocation } from '../../../lib/local/lambda/invocation.ts';
import {
  createLambdaFunction,
  type LambdaFunction,
  type LambdaFunctionOptions,
} from '../../../lib/local/lambda/lambda-function.ts';

const opened: LambdaFunction[] = [];
const lines: string[] = [];

const create = (options: Partial<LambdaFunctionOptions> = {}): LambdaFunction => {
  const lambda = createLambdaFunction({
    name: 'sample',
    module: new URL('handlers/sample-handler.ts', import.meta.url),
    env: { COLOUR: 'green' },
    timeoutSeconds: 20,
    maximumConcurrency: 2,
    log: (name, line) => lines.push(`${name}: ${line}`),
    ...options,
  });
  opened.push(lambda);
  return lambda;
};

const returned = (invocation: Invocation): unknown => {
  if (invocation.kind !== 'returned') throw new Error(`expected an answer: ${JSON.stringify(invocation)}`);
  return JSON.parse(invocation.payload);
};

const failure = (invocation: Invocation): unknown => {
  if (invocation.kind !== 'failed') throw new Error(`expected a failure: ${JSON.stringify(invocation)}`);
  return JSON.parse(invocation.payload);
};

afterEach(async () => {
  await Promise.all(opened.splice(0).map((lambda) => lambda.close()));
  lines.length = 0;
});

describe('a function', () => {
  test('keeps an environment warm between invocations', async () => {
    const lambda = create();
    expect(returned(await lambda.invoke({ a: 'é' }))).toEqual({ invocations: 1, event: { a: 'é' } });
    expect(returned(await lambda.invoke({}))).toEqual({ invocations: 2, event: {} });
  });

  test('sees its own environment variables and none of this process', async () => {
    const seen = returned(await create().invoke({ do: 'env' }));
    expect(seen).toMatchObject({
      COLOUR: 'green',
      AWS_LAMBDA_FUNCTION_NAME: 'sample',
      AWS_SESSION_TOKEN: 'local-session-token',
    });
    expect(seen).not.toHaveProperty('PATH');
  });

  test('is told its request id, its name and the time that is left', async () => {
    const context = returned(await create({ timeoutSeconds: 10 }).invoke({ do: 'context' }));
    expect(context).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'sample',
      remainingMs: expect.any(Number),
    });
    const { remainingMs } = context as { remainingMs: number };
    expect(remainingMs).toBeGreaterThan(0);
    expect(remainingMs).toBeLessThanOrEqual(10_000);
  });

  test('runs invocations side by side in environments of their own, and throttles beyond the maximum', async () => {
    const lambda = create();
    const slow = [lambda.invoke({ do: 'wait', ms: 300 }), lambda.invoke({ do: 'wait', ms: 300 })];
    expect(await lambda.invoke({})).toEqual({ kind: 'throttled' });
    expect((await Promise.all(slow)).map(returned)).toEqual([{ invocations: 1 }, { invocations: 1 }]);
    expect(returned(await lambda.invoke({}))).toMatchObject({ invocations: 2 });
  });

  test('answers a thrown error as Lambda does, and stays warm', async () => {
    const lambda = create();
    expect(failure(await lambda.invoke({ do: 'throw', text: 'no such luck' }))).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'no such luck',
      trace: expect.arrayContaining(['TypeError: no such luck']),
    });
    expect(returned(await lambda.invoke({}))).toMatchObject({ invocations: 2 });
  });

  test.each([
    ['waits too long', { do: 'wait', ms: 60_000 }],
    ['never yields', { do: 'spin' }],
  ])('that %s is stopped at its timeout and starts cold afterwards', async (_, event) => {
    const lambda = create({ timeoutSeconds: 0.5, maximumConcurrency: 1 });
    expect(failure(await lambda.invoke(event))).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 0\.50 seconds$/),
    });
    expect(returned(await lambda.invoke({}))).toMatchObject({ invocations: 1 });
  });

  test.each([
    [
      'exits',
      { do: 'exit' },
      { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: exit status 7' },
    ],
    ['lets an error escape', { do: 'crash' }, { errorType: 'RangeError', errorMessage: 'outside of the handler' }],
  ])('that %s fails and starts cold afterwards', async (_, event, expected) => {
    const lambda = create({ maximumConcurrency: 1 });
    expect(failure(await lambda.invoke(event))).toMatchObject(expected);
    expect(returned(await lambda.invoke({}))).toMatchObject({ invocations: 1 });
  });

  test('may not answer with more than Lambda carries', async () => {
    expect(failure(await create().invoke({ do: 'big' }))).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });

  test.each([
    [
      'cannot be loaded',
      new URL('handlers/broken-handler.ts', import.meta.url),
      { errorType: 'SyntaxError', errorMessage: 'this module cannot be loaded' },
    ],
    [
      'has no handler',
      new URL('handlers/nameless-handler.ts', import.meta.url),
      {
        errorType: 'Runtime.HandlerNotFound',
        errorMessage: expect.stringContaining('exports no function named handler'),
      },
    ],
    [
      'is not there',
      new URL('no-such-handler.ts', 'file:///nowhere/'),
      { errorMessage: expect.stringContaining('no-such-handler.ts') },
    ],
  ])('whose module %s fails with what is wrong, each time', async (_, module, expected) => {
    const lambda = create({ module, maximumConcurrency: 1 });
    await lambda.warm();
    expect(failure(await lambda.invoke({}))).toMatchObject(expected);
    expect(failure(await lambda.invoke({}))).toMatchObject(expected);
  });

  test('hands every line of its output on', async () => {
    const lambda = create();
    await lambda.invoke({ do: 'log', text: 'one\ntwo' });
    await expect.poll(() => lines, { timeout: 10_000 }).toEqual(['sample: one', 'sample: two']);
  });

  test('killed, fails what runs and starts cold afterwards', async () => {
    const lambda = create();
    await lambda.warm();
    const running = lambda.invoke({ do: 'wait', ms: 60_000 });
    await lambda.kill();
    expect(failure(await running)).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('killed'),
    });
    expect(returned(await lambda.invoke({}))).toMatchObject({ invocations: 1 });
  });

  test('closed, takes no invocation', async () => {
    const lambda = create();
    await lambda.close();
    await expect(lambda.invoke({})).rejects.toThrow('The function sample is closed.');
  });
});
