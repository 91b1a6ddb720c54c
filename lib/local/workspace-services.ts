import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbStateStore } from '../adapters/aws/dynamodb-state-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { endLease } from '../app/state/lease.ts';
import { ensureTables } from './dynamodb/ensure-tables.ts';
import { createLocalDynamoDb } from './dynamodb/local-dynamodb.ts';
import { localAws } from './local-aws.ts';
import { createLocalRoute53, type LocalRoute53 } from './route53/local-route53.ts';
import { startSecretsExtension } from './secrets/secrets-extension.ts';
import { startSqsService } from './sqs/sqs-service.ts';
import type { FunctionsOptions } from './workspace-functions.ts';
import { localPeople, localZone } from './workspace-seed.ts';

const tables = { ledger: 'postal-endpoint-ledger', state: 'postal-endpoint-state' };
const [slackSecretId, postalSecretId] = ['postal-endpoint/slack', 'postal-endpoint/postal'];
const maxReceiveCount = 20;

type ServicesOptions = {
  /** The folder in which Route 53 and DynamoDB keep their data. */
  readonly path: string;
  readonly insyncDelayMs: number;
  readonly visibilityTimeoutSeconds: number;
  /** What the secret of Postal's receiver contains. */
  readonly postalSecret: string;
};

/** What the functions need to know of the services. */
type OfFunctions = Pick<
  FunctionsOptions,
  | 'tables'
  | 'slackSecretId'
  | 'postalSecretId'
  | 'secretsPort'
  | 'sqs'
  | 'postalQueueUrl'
  | 'dynamoDbUrl'
  | 'route53Url'
>;

type Services = AsyncDisposable & {
  readonly route53: LocalRoute53;
  /** What the bot and Slack share; new with each start. */
  readonly slackSecret: { readonly signingSecret: string; readonly botToken: string };
  readonly ofFunctions: OfFunctions;
};

/** The tables; a run of watch that the last process broke off does not keep the next one waiting, since this process alone uses them. */
const prepareTables = async (endpoint: string): Promise<void> => {
  const { region, credentials } = localAws;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  try {
    await ensureTables(client, tables);
    const state = createDynamoDbStateStore({ table: tables.state, clock: systemClock, client });
    await endLease(state, 'watch', AbortSignal.timeout(10_000));
  } finally {
    client.destroy();
  }
};

/** Starts what the functions use of AWS: Route 53, DynamoDB with the two tables, SQS with the two queues, and the extension that serves the secrets. */
export const startServices = async ({
  path,
  insyncDelayMs,
  visibilityTimeoutSeconds,
  postalSecret,
}: ServicesOptions): Promise<Services> => {
  await using parts = new AsyncDisposableStack();
  const route53 = createLocalRoute53({
    clock: systemClock,
    zones: [localZone],
    file: join(path, 'route53.json'),
    insyncDelayMs,
  });
  const { url: route53Url } = await route53.listen();
  parts.defer(() => route53.close());

  const dynamoDb = createLocalDynamoDb({ path: join(path, 'dynamodb') });
  const { url: dynamoDbUrl } = await dynamoDb.listen();
  parts.defer(() => dynamoDb.close());
  await prepareTables(dynamoDbUrl);

  const { bot } = localPeople;
  const slackSecret = {
    signingSecret: randomBytes(16).toString('hex'),
    botToken: `xoxb-local-${randomBytes(12).toString('hex')}`,
  };
  const secrets = await startSecretsExtension({
    port: 0,
    sessionToken: localAws.credentials.sessionToken,
    secrets: {
      [slackSecretId]: JSON.stringify({ ...slackSecret, botId: bot.botId, botUserId: bot.userId }),
      [postalSecretId]: postalSecret,
    },
  });
  parts.defer(() => secrets.close());

  const queue = { visibilityTimeoutSeconds, maxReceiveCount };
  const sqs = await startSqsService({ port: 0, queueName: 'postal-endpoint-commands', ...queue });
  parts.defer(() => sqs.close());
  const postalQueue = await sqs.addQueue({ queueName: 'postal-endpoint-postal', ...queue });

  const running = parts.move();
  return {
    route53,
    slackSecret,
    ofFunctions: {
      tables,
      slackSecretId,
      postalSecretId,
      secretsPort: secrets.port,
      sqs,
      postalQueueUrl: postalQueue.queueUrl,
      dynamoDbUrl,
      route53Url,
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
