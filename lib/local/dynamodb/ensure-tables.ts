import { setTimeout } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { ledgerTable } from '../../adapters/aws/ledger-table.ts';
import { stateTable } from '../../adapters/aws/state-table.ts';

const longestCreationMs = 10_000;
const pollMs = 5;

const isActive = async (client: DynamoDBClient, name: string, signal: AbortSignal): Promise<boolean> =>
  (await client.send(new DescribeTableCommand({ TableName: name }), { abortSignal: signal })).Table?.TableStatus ===
  'ACTIVE';

const ensureTable = async (
  client: DynamoDBClient,
  name: string,
  definition: typeof ledgerTable | typeof stateTable,
): Promise<void> => {
  const signal = AbortSignal.timeout(longestCreationMs);
  try {
    await client.send(new CreateTableCommand({ TableName: name, ...definition }), { abortSignal: signal });
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  while (!(await isActive(client, name, signal))) await setTimeout(pollMs, undefined, { signal });
};

/** Creates the two tables where they are missing, and waits until both can be used. */
export const ensureTables = async (
  client: DynamoDBClient,
  names: { readonly ledger: string; readonly state: string },
): Promise<void> => {
  await ensureTable(client, names.ledger, ledgerTable);
  await ensureTable(client, names.state, stateTable);
};
