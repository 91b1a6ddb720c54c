import type { AttributeValue, CreateTableInput } from '@aws-sdk/client-dynamodb';
import type { StateItem } from '../../app/ports/state-store.ts';

/** Attribute that DynamoDB's time to live reads: seconds since the epoch. */
export const timeToLiveAttribute = 'expiresAt';

/** The state table: `pk` is the collection, `sk` the key, `value` the JSON text; `expiresAt` and `writeId` as their names say. */
export const stateTable = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
} as const satisfies Omit<CreateTableInput, 'TableName'>;

export const stateKey = (collection: string, key: string) => ({ pk: { S: collection }, sk: { S: key } });

/** The attributes of an item; `writeId` is the write's own. */
export const stateAttributes = (
  { collection, key, value, expiresAt }: StateItem,
  writeId: string,
): Record<string, AttributeValue> => ({
  ...stateKey(collection, key),
  value: { S: JSON.stringify(value) },
  writeId: { S: writeId },
  ...(expiresAt !== undefined && { [timeToLiveAttribute]: { N: String(expiresAt) } }),
});
