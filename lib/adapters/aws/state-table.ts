import type { CreateTableInput } from '@aws-sdk/client-dynamodb';

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
