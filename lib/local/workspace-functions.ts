import { createLambdaFunction, type LambdaFunction, type LambdaFunctionOptions } from './lambda/lambda-function.ts';
import { startLambdaService } from './lambda/lambda-service.ts';

export type FunctionName = 'slack' | 'worker' | 'prober' | 'watch' | 'postal' | 'postal-facts';

/** As in serverless.yml, but for the front, which starts more slowly from its sources. */
export const timeoutsSeconds = {
  slack: 10,
  worker: 90,
  prober: 45,
  watch: 300,
  postal: 10,
  'postal-facts': 60,
} as const;

/** What the functions run on. */
export type FunctionsOptions = {
  readonly moduleOf: (name: FunctionName) => URL;
  readonly createWorker: (options: LambdaFunctionOptions) => LambdaFunction;
  readonly frontConcurrency: number;
  readonly workersAtOnce: number;
  readonly log: (name: string, line: string) => void;
  readonly policyFile: string;
  readonly postalProfileFile: string;
  readonly tables: { readonly ledger: string; readonly state: string };
  readonly slackSecretId: string;
  readonly secretsPort: number;
  readonly sqs: { readonly endpoint: string; readonly queueUrl: string; readonly deadLetterQueueUrl: string };
  readonly postalSecretId: string;
  readonly postalQueueUrl: string;
  readonly slackApiUrl: string;
  readonly dynamoDbUrl: string;
  readonly route53Url: string;
};

type Functions = AsyncDisposable &
  Readonly<Record<'front' | 'worker' | 'prober' | 'watch' | 'postal' | 'postalFacts', LambdaFunction>>;

/** How many requests of Postal are taken at once, and how many of its messages are kept at once, as deployed. */
export const postalConcurrency = { postal: 10, postalFacts: 2 } as const;

/** Starts the functions, and the service through which worker and watch invoke the prober. */
export const startFunctions = async (on: FunctionsOptions): Promise<Functions> => {
  await using parts = new AsyncDisposableStack();
  const closing = (made: LambdaFunction): LambdaFunction => parts.adopt(made, (it) => it.close());
  const optionsOf = (name: FunctionName, maximumConcurrency: number, env: Readonly<Record<string, string>>) => ({
    name,
    module: on.moduleOf(name),
    env,
    timeoutSeconds: timeoutsSeconds[name],
    maximumConcurrency,
    log: on.log,
  });
  const proberEnv = { POLICY_FILE: on.policyFile, POSTAL_PROFILE_FILE: on.postalProfileFile };
  const prober = closing(createLambdaFunction(optionsOf('prober', 10, proberEnv)));
  const lambda = await startLambdaService({ functions: [prober], port: 0, onLost: on.log });
  parts.defer(() => lambda.close());
  const queueEnv = { ...proberEnv, QUEUE_URL: on.sqs.queueUrl, AWS_ENDPOINT_URL_SQS: on.sqs.endpoint };
  const frontEnv = {
    ...queueEnv,
    SLACK_SECRET_ID: on.slackSecretId,
    SLACK_API_URL: on.slackApiUrl,
    PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(on.secretsPort),
  };
  const servicesEnv = {
    LEDGER_TABLE: on.tables.ledger,
    STATE_TABLE: on.tables.state,
    PROBER_FUNCTION: prober.name,
    AWS_ENDPOINT_URL_DYNAMODB: on.dynamoDbUrl,
    AWS_ENDPOINT_URL_ROUTE_53: on.route53Url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
  };
  const workerEnv = {
    ...frontEnv,
    ...servicesEnv,
    WORKERS_AT_ONCE: String(on.workersAtOnce),
    WEBHOOKS_REACH_LOOPBACK: 'yes',
  };
  const worker = closing(on.createWorker(optionsOf('worker', on.workersAtOnce, workerEnv)));
  const front = closing(createLambdaFunction(optionsOf('slack', on.frontConcurrency, frontEnv)));
  const watchEnv = { ...queueEnv, ...servicesEnv, DEAD_LETTER_QUEUE_URL: on.sqs.deadLetterQueueUrl };
  const watch = closing(createLambdaFunction(optionsOf('watch', 1, watchEnv)));
  const postalEnv = {
    STATE_TABLE: on.tables.state,
    POSTAL_SECRET_ID: on.postalSecretId,
    PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(on.secretsPort),
    AWS_ENDPOINT_URL_DYNAMODB: on.dynamoDbUrl,
  };
  const receiverEnv = {
    ...postalEnv,
    POSTAL_QUEUE_URL: on.postalQueueUrl,
    POSTAL_PROFILE_FILE: on.postalProfileFile,
    AWS_ENDPOINT_URL_SQS: on.sqs.endpoint,
  };
  const postal = closing(createLambdaFunction(optionsOf('postal', postalConcurrency.postal, receiverEnv)));
  const facts = optionsOf('postal-facts', postalConcurrency.postalFacts, postalEnv);
  const postalFacts = closing(createLambdaFunction(facts));
  const running = parts.move();
  return { front, worker, prober, watch, postal, postalFacts, [Symbol.asyncDispose]: () => running.disposeAsync() };
};
