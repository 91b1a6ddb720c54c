import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { type Json, type StateItem, type StateStore, StateUnavailable } from '../../app/ports/state-store.ts';
import { checkExpiry, hasExpired } from '../../app/state/expiry.ts';
import type { Clock } from '../../core/base/clock.ts';
import { createDynamoDbClient, inWords, isMalformedRequest } from './dynamodb-client.ts';
import { stateAttributes, stateKey, timeToLiveAttribute } from './state-table.ts';

type Item = Readonly<Record<string, AttributeValue>>;

const answered = async <Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await ask();
  } catch (error) {
    if (isMalformedRequest(error)) throw error;
    throw new StateUnavailable(`The state table could not ${what}: ${inWords(error)}`, { cause: error });
  }
};

/** The state store in DynamoDB. The time to live deletes late, up to days, so readers and conditional writes go by the clock. */
export const createDynamoDbStateStore = ({
  table,
  clock,
  client = createDynamoDbClient(),
}: {
  readonly table: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly client?: DynamoDBClient;
}): StateStore => {
  const nowSeconds = (): number => Math.floor(clock.now() / 1000);

  // Everything here can be made anew: an item that cannot be read, or has expired, is as good as gone.
  const liveItem = (item: Item): StateItem | undefined => {
    const [collection, key, text, expiry] = [
      item['pk']?.S,
      item['sk']?.S,
      item['value']?.S,
      item[timeToLiveAttribute]?.N,
    ];
    if (collection === undefined || key === undefined || text === undefined) return undefined;
    const expires = expiry === undefined ? {} : { expiresAt: Number(expiry) };
    if (hasExpired(expires, clock.now())) return undefined;
    try {
      const value: Json = JSON.parse(text);
      return { collection, key, value, ...expires };
    } catch {
      return undefined;
    }
  };

  const readItem = async (collection: string, key: string, signal: AbortSignal): Promise<Item | undefined> => {
    const get = new GetItemCommand({ TableName: table, Key: stateKey(collection, key), ConsistentRead: true });
    return (await client.send(get, { abortSignal: signal })).Item;
  };

  return {
    get: (collection, key, signal) =>
      answered(`read ${collection}/${key}`, async () => {
        const item = await readItem(collection, key, signal);
        return item && liveItem(item);
      }),

    list: (collection, signal) =>
      answered(`list ${collection}`, async () => {
        const items: StateItem[] = [];
        const pages = paginateQuery(
          { client },
          {
            TableName: table,
            KeyConditionExpression: '#pk = :collection',
            ExpressionAttributeNames: { '#pk': 'pk' },
            ExpressionAttributeValues: { ':collection': { S: collection } },
            ConsistentRead: true,
          },
          { abortSignal: signal },
        );
        for await (const page of pages)
          items.push(...(page.Items ?? []).map(liveItem).filter((item) => item !== undefined));
        return items;
      }),

    put: async (item, onlyIfAbsent, signal) => {
      checkExpiry(item);
      const { collection, key } = item;
      const writeId = randomUUID();
      const put = new PutItemCommand({
        TableName: table,
        Item: stateAttributes(item, writeId),
        ...(onlyIfAbsent && {
          ConditionExpression: 'attribute_not_exists(#pk) OR #expiresAt <= :now',
          ExpressionAttributeNames: { '#pk': 'pk', '#expiresAt': timeToLiveAttribute },
          ExpressionAttributeValues: { ':now': { N: String(nowSeconds()) } },
        }),
      });
      return answered(`store ${collection}/${key}`, async () => {
        try {
          await client.send(put, { abortSignal: signal });
          return 'stored';
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          // The SDK sends again after a lost answer: what is there may be this very write.
          const standing = await readItem(collection, key, signal);
          return standing?.['writeId']?.S === writeId ? 'stored' : 'exists';
        }
      });
    },

    remove: (collection, key, signal) =>
      answered(`remove ${collection}/${key}`, async () => {
        await client.send(new DeleteItemCommand({ TableName: table, Key: stateKey(collection, key) }), {
          abortSignal: signal,
        });
      }),
  };
};
