import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { ledgerAttributes } from '../../lib/adapters/aws/ledger-table.ts';
import { stateAttributes } from '../../lib/adapters/aws/state-table.ts';
import type { StateItem } from '../../lib/app/ports/state-store.ts';
import { concurrently } from '../../lib/core/base/concurrently.ts';
import type { Entry } from '../../lib/core/ledger/entry.ts';
import { ensureTables } from '../../lib/local/dynamodb/ensure-tables.ts';
import { localAws } from '../../lib/local/local-aws.ts';

const itemsAtOnce = 25;
const requestsAtOnce = 4;

function* requestsOf(table: string, items: readonly WriteRequest[]): Generator<BatchWriteItemCommand> {
  for (let from = 0; from < items.length; from += itemsAtOnce)
    yield new BatchWriteItemCommand({ RequestItems: { [table]: items.slice(from, from + itemsAtOnce) } });
}

/** Creates the two tables and writes what they are to begin with, in the form in which the ledger and the state store keep it. */
export const writeTables = async (
  endpoint: string,
  tables: { readonly ledger: string; readonly state: string },
  { entries, items }: { readonly entries: readonly Entry[]; readonly items: readonly StateItem[] },
): Promise<void> => {
  const { region, credentials } = localAws;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  try {
    await ensureTables(client, tables);
    const inLedger = entries.map((entry): WriteRequest => {
      const Item = Object.fromEntries(
        Object.entries(ledgerAttributes(entry)).map(([name, text]) => [name, { S: text }]),
      );
      return { PutRequest: { Item } };
    });
    const inState = items.map(
      (item): WriteRequest => ({ PutRequest: { Item: stateAttributes(item, 'written before the start') } }),
    );
    const write = async (command: BatchWriteItemCommand): Promise<void> => {
      const { UnprocessedItems = {} } = await client.send(command);
      if (Object.keys(UnprocessedItems).length > 0) throw new Error('DynamoDB did not take every item');
    };
    await concurrently(requestsOf(tables.ledger, inLedger), requestsAtOnce, write);
    await concurrently(requestsOf(tables.state, inState), requestsAtOnce, write);
  } finally {
    client.destroy();
  }
};
