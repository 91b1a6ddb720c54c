import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { localAws } from '../local-aws.ts';
import { type Environment, startEnvironment } from './environment.ts';
import type { Invocation } from './invocation.ts';

export type LambdaFunctionOptions = {
  readonly name: string;
  /** The module that exports `handler`: a `.ts` source or a bundled `.mjs`; a string is a path. */
  readonly module: URL | string;
  /** The function's environment variables; nothing of this process's own environment is passed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** How many environments may exist at a time; one more invocation is throttled. */
  readonly maximumConcurrency: number;
  /** Receives every line that the handler writes to its standard output or error. */
  readonly log: (functionName: string, line: string) => void;
};

/** A Lambda function on this machine. Environments start when they are first needed and stay warm. */
export interface LambdaFunction {
  readonly name: string;
  /** Invokes the handler with a JSON value, or with what JSON makes of it. Throws when closed. */
  invoke(event: unknown): Promise<Invocation>;
  /** Starts one environment ahead, as provisioned concurrency does; resolves when its module is loaded or has failed to. */
  warm(): Promise<void>;
  /** Ends every environment as a crash would: what runs fails, the next invocation starts cold. */
  kill(): Promise<void>;
  /** Ends every environment for good. */
  close(): Promise<void>;
}

const runtimeVariables = (name: string, taskRoot: string): Record<string, string> => ({
  AWS_REGION: localAws.region,
  AWS_DEFAULT_REGION: localAws.region,
  AWS_ACCESS_KEY_ID: localAws.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: localAws.credentials.secretAccessKey,
  AWS_SESSION_TOKEN: localAws.credentials.sessionToken,
  // Lambda's own are never there to be read, and the SDK would look for them on this machine.
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  _HANDLER: 'index.handler',
  LAMBDA_TASK_ROOT: taskRoot,
  TZ: ':UTC',
});

/** Makes a function of a handler's module, run as Lambda runs it: in environments of its own, one invocation at a time in each. */
export const createLambdaFunction = (options: LambdaFunctionOptions): LambdaFunction => {
  const module = typeof options.module === 'string' ? pathToFileURL(options.module) : options.module;
  const variables = { ...runtimeVariables(options.name, dirname(fileURLToPath(module))), ...options.env };
  const environments = new Set<Environment>();
  const idle: Environment[] = [];
  let closed = false;

  const start = (): Environment => {
    const environment = startEnvironment({
      data: { moduleUrl: module.href, functionName: options.name, functionArn: localAws.functionArn(options.name) },
      variables,
      timeoutSeconds: options.timeoutSeconds,
      onLine: (line) => options.log(options.name, line),
      onEnd: () => environments.delete(environment),
    });
    environments.add(environment);
    return environment;
  };

  const take = (): Environment | undefined => {
    for (let environment = idle.pop(); environment; environment = idle.pop())
      if (environments.has(environment)) return environment;
    return environments.size < options.maximumConcurrency ? start() : undefined;
  };

  const kill = async (): Promise<void> => {
    await Promise.all([...environments].map((environment) => environment.kill()));
  };

  return {
    name: options.name,
    invoke: async (event) => {
      if (closed) throw new Error(`The function ${options.name} is closed.`);
      const environment = take();
      if (!environment) return { kind: 'throttled' };
      const ended = await environment.invoke(randomUUID(), JSON.stringify(event) ?? 'null');
      if (environments.has(environment)) idle.push(environment);
      return ended;
    },
    warm: async () => {
      if (closed || environments.size > 0) return;
      const environment = start();
      await environment.initialised;
      if (environments.has(environment)) idle.push(environment);
    },
    kill,
    close: async () => {
      closed = true;
      await kill();
    },
  };
};
