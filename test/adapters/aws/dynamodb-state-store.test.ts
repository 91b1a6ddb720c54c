import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoDbStateStore } from '../../../lib/adapters/aws/dynamodb-state-store.ts';
import { type StateStore, StateUnavailable } from '../../../lib/app/ports/state-store.ts';
import { stateStoreContract } from '../../contracts/state-store.contract.ts';
import { type DynamoDbUnderTest, startDynamoDb, tables } from '../../support/dynamodb-under-test.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const inTime = () => AbortSignal.timeout(25_000);

stateStoreContract('The one in DynamoDB', async (clock) => {
  const dynamoDb = await startDynamoDb();
  return {
    store: createDynamoDbStateStore({ table: tables.state, client: dynamoDb.client, clock }),
    [Symbol.asyncDispose]: () => dynamoDb[Symbol.asyncDispose](),
  };
});

describe('The state store in DynamoDB', () => {
  let dynamoDb: DynamoDbUnderTest;
  let store: StateStore;

  beforeAll(async () => {
    dynamoDb = await startDynamoDb();
    store = createDynamoDbStateStore({ table: tables.state, client: dynamoDb.client, clock: createManualClock() });
  });
  afterAll(async () => {
    await dynamoDb?.[Symbol.asyncDispose]();
  });

  test('keeps the expiry as the number of seconds that the time to live reads', async () => {
    await store.put({ collection: 'ttl', key: 'k', value: 1, expiresAt: 1_900_000_000 }, false, inTime());
    const { Item } = await dynamoDb.intruder.send(
      new GetItemCommand({ TableName: tables.state, Key: { pk: { S: 'ttl' }, sk: { S: 'k' } } }),
    );
    expect(Item?.['expiresAt']).toEqual({ N: '1900000000' });
  });

  test('stored only if absent, and the answer was lost: it was stored', async () => {
    dynamoDb.tap.fail('PutItem', 'answer-lost');
    expect(await store.put({ collection: 'lost', key: 'k', value: 1 }, true, inTime())).toBe('stored');
  });

  test('stored only if absent where one stands, and the answer was lost: it exists', async () => {
    await store.put({ collection: 'lost', key: 'other', value: 1 }, false, inTime());
    dynamoDb.tap.fail('PutItem', 'answer-lost');
    expect(await store.put({ collection: 'lost', key: 'other', value: 1 }, true, inTime())).toBe('exists');
  });

  test('throttling is sat out, an outage that lasts is StateUnavailable and says what failed', async () => {
    dynamoDb.tap.fail(
      'GetItem',
      { status: 400, type: 'ProvisionedThroughputExceededException' },
      { status: 500, type: 'InternalServerError' },
    );
    expect(await store.get('busy', 'k', inTime())).toBeUndefined();
    dynamoDb.tap.fail('GetItem', ...Array.from({ length: 5 }, () => 'answer-lost' as const));
    const failure = store.get('busy', 'k', inTime());
    await expect(failure).rejects.toThrow(StateUnavailable);
    await expect(failure).rejects.toThrow('The state table could not read busy/k: ');
  });

  test('a request that DynamoDB finds malformed is a bug, not an outage', async () => {
    await expect(store.get('collection', '', inTime())).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('an item that cannot be read is as good as gone', async () => {
    for (const value of [{ S: '{' }, { N: '1' }]) {
      await dynamoDb.intruder.send(
        new PutItemCommand({ TableName: tables.state, Item: { pk: { S: 'odd' }, sk: { S: 'k' }, value } }),
      );
      expect(await store.get('odd', 'k', inTime())).toBeUndefined();
      expect(await store.list('odd', inTime())).toEqual([]);
    }
  });
});
