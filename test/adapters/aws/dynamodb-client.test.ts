import { afterEach, expect, test, vi } from 'vitest';
import { createDynamoDbClient } from '../../../lib/adapters/aws/dynamodb-client.ts';
import { createDynamoDbLedger } from '../../../lib/adapters/aws/dynamodb-ledger.ts';
import { localAws } from '../../../lib/local/local-aws.ts';
import { startDynamoDb, tables } from '../../support/dynamodb-under-test.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('finds its endpoint in the environment, and gives up on an attempt that stays without answer, to try again', async () => {
  await using dynamoDb = await startDynamoDb();
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamoDb.tap.url);
  vi.stubEnv('AWS_REGION', localAws.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', localAws.credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', localAws.credentials.secretAccessKey);
  const client = createDynamoDbClient();
  dynamoDb.tap.fail('Query', 'silence');
  const ledger = createDynamoDbLedger({ table: tables.ledger, client });
  expect(await ledger.read('gitlab.mail.corp.internal', AbortSignal.timeout(25_000))).toEqual([]);
  expect(dynamoDb.tap.seen.map(({ operation }) => operation)).toEqual(['Query', 'Query']);
  client.destroy();
});
