import {
  type AttributeValue,
  type DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Ledger, LedgerCorrupt, LedgerUnavailable } from '../../app/ports/ledger.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { entrySchema, faultsIn } from '../../core/ledger/entry-schema.ts';
import { createDynamoDbClient, inWords, isMalformedRequest } from './dynamodb-client.ts';
import { byDayIndex, dayOf, ledgerAttributes, sortKey } from './ledger-table.ts';

type Item = Readonly<Record<string, AttributeValue>>;

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

// Whether stream and sequence number are those of the item's key is for verifyChain to say, with the rest of the chain. Day and
// time stand outside the chain, and a wrong one would hide an entry from the history of its day.
const entryIn = (item: Item): Entry => {
  const corrupt = (what: string) =>
    new LedgerCorrupt(item['pk']?.S ?? '(no stream)', item['sk']?.S ?? '(no sequence number)', what);
  const parsed = entrySchema.safeParse(parsedJson(item['entry']?.S ?? ''));
  if (!parsed.success) throw corrupt(faultsIn(parsed.error));
  const { at } = parsed.data;
  if (item['at']?.S !== at || item['day']?.S !== dayOf(at)) {
    throw corrupt(`it is of ${at}, but indexed as day ${item['day']?.S}, time ${item['at']?.S}`);
  }
  return parsed.data;
};

const answered = async <Answer>(what: string, ask: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await ask();
  } catch (error) {
    if (isMalformedRequest(error) || error instanceof LedgerCorrupt) throw error;
    throw new LedgerUnavailable(`The ledger could not ${what}: ${inWords(error)}`, { cause: error });
  }
};

/** Entries of a page of newest entries. */
const newestAtOnce = 100;

/** That the key exists already: `DuplicateItemException` of AWS, `DuplicateItem` of DynamoDB Local, for which the SDK has no class. */
const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && /^DuplicateItem(?:Exception)?$/.test(error.name);

/**
 * The ledger in DynamoDB. It needs `dynamodb:PartiQLInsert`, `Query` and `GetItem` on the table, and nothing else: INSERT fails on a key that exists, so
 * whoever has only these can add entries, but neither change nor remove one.
 */
export const createDynamoDbLedger = ({
  table,
  client = createDynamoDbClient(),
}: {
  readonly table: string;
  readonly client?: DynamoDBClient;
}): Ledger => {
  /** DynamoDB gives at most 1 MB at a time. */
  const page = async (input: Omit<QueryCommandInput, 'TableName'>, signal: AbortSignal) => {
    const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand({ TableName: table, ...input }), {
      abortSignal: signal,
    });
    return { entries: Items.map(entryIn), key: LastEvaluatedKey };
  };

  const ofStream = (stream: string) => ({
    KeyConditionExpression: '#pk = :stream',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':stream': { S: stream } },
    ConsistentRead: true,
  });

  // The SDK sends again after a lost answer, and so may the worker after an outage: a key that exists may hold this very entry.
  const isStanding = async (entry: Entry, json: string, signal: AbortSignal): Promise<boolean> => {
    const key = { pk: { S: entry.stream }, sk: { S: sortKey(entry.sequence) } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }), {
      abortSignal: signal,
    });
    return Item?.['entry']?.S === json;
  };

  return {
    read: (stream, signal) =>
      answered(`read ${stream}`, async () => {
        const entries: Entry[] = [];
        let key: Item | undefined;
        do {
          const read = await page({ ...ofStream(stream), ExclusiveStartKey: key }, signal);
          entries.push(...read.entries);
          key = read.key;
        } while (key !== undefined);
        return entries;
      }),

    head: (stream, signal) =>
      answered(`read the head of ${stream}`, async () => {
        const newest = await page({ ...ofStream(stream), ScanIndexForward: false, Limit: 1 }, signal);
        return newest.entries[0];
      }),

    append: async (entry, signal) => {
      const attributes = ledgerAttributes(entry);
      const insert = new ExecuteStatementCommand({
        Statement: `INSERT INTO "${table}" VALUE {'pk': ?, 'sk': ?, 'day': ?, 'at': ?, 'entry': ?}`,
        Parameters: (['pk', 'sk', 'day', 'at', 'entry'] as const).map((name) => ({ S: attributes[name] })),
      });
      return answered(`append entry ${entry.sequence} of ${entry.stream}`, async () => {
        try {
          await client.send(insert, { abortSignal: signal });
          return 'appended';
        } catch (error) {
          if (!isDuplicate(error)) throw error;
          return (await isStanding(entry, attributes.entry, signal)) ? 'appended' : 'taken';
        }
      });
    },

    byDay: (day, from, signal, order = 'oldest first') =>
      answered(`read the entries of ${day}`, async () => {
        const { entries, key } = await page(
          {
            IndexName: byDayIndex,
            KeyConditionExpression: '#day = :day',
            ExpressionAttributeNames: { '#day': 'day' },
            ExpressionAttributeValues: { ':day': { S: day } },
            ExclusiveStartKey: from === undefined ? undefined : JSON.parse(from),
            ...(order === 'newest first' ? { ScanIndexForward: false, Limit: newestAtOnce } : {}),
          },
          signal,
        );
        return { entries, ...(key === undefined ? {} : { next: JSON.stringify(key) }) };
      }),
  };
};
