import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ensureTables } from '../../lib/local/dynamodb/ensure-tables.ts';
import { createLocalDynamoDb } from '../../lib/local/dynamodb/local-dynamodb.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { type AwsJsonTap, openTap } from './aws-json-tap.ts';

export const tables = { ledger: 'ledger-under-test', state: 'state-under-test' };

/** A client for a service at this address, as production's is but with shorter deadlines. */
export const clientFor = (url: string, maxAttempts = 5): DynamoDBClient =>
  new DynamoDBClient({
    endpoint: url,
    region: localAws.region,
    credentials: localAws.credentials,
    maxAttempts,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });

/** DynamoDB in memory with both tables: `client` comes through the tap, `intruder` goes past it. */
export interface DynamoDbUnderTest extends AsyncDisposable {
  readonly url: string;
  readonly tap: AwsJsonTap;
  readonly client: DynamoDBClient;
  readonly intruder: DynamoDBClient;
}

/** Starts it. */
export const startDynamoDb = async (): Promise<DynamoDbUnderTest> => {
  await using starting = new AsyncDisposableStack();
  const local = createLocalDynamoDb();
  const { url } = await local.listen();
  starting.defer(() => local.close());
  const tap = starting.use(await openTap(url));
  const intruder = starting.adopt(clientFor(url), (client) => client.destroy());
  const client = starting.adopt(clientFor(tap.url), (tapped) => tapped.destroy());
  await ensureTables(intruder, tables);
  const started = starting.move();
  return { url, tap, client, intruder, [Symbol.asyncDispose]: () => started.disposeAsync() };
};
