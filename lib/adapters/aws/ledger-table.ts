import type { CreateTableInput } from '@aws-sdk/client-dynamodb';
import { sealedJson } from '../../core/ledger/chain.ts';
import type { Entry } from '../../core/ledger/entry.ts';

/** Index by which `byDay` finds the entries of one UTC day. */
export const byDayIndex = 'byDay';

/**
 * The ledger table: `pk` is the stream, `sk` the sequence number in ten digits, `entry` the RFC 8785 JSON of the entry; `day` (`YYYY-MM-DD`)
 * and `at` repeat the entry's time for the index.
 */
export const ledgerTable = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'day', AttributeType: 'S' },
    { AttributeName: 'at', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: byDayIndex,
      KeySchema: [
        { AttributeName: 'day', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
} as const satisfies Omit<CreateTableInput, 'TableName'>;

export const sortKey = (sequence: number): string => String(sequence).padStart(10, '0');

export const dayOf = (at: string): string => at.slice(0, 10);

/** The attributes of an entry's item, all of them text. Throws `TypeError` where `sealedJson` does. */
export const ledgerAttributes = (entry: Entry) => ({
  pk: entry.stream,
  sk: sortKey(entry.sequence),
  day: dayOf(entry.at),
  at: entry.at,
  entry: sealedJson(entry),
});
