import { once } from 'node:events';
import net from 'node:net';
import {
  CreateTableCommand,
  DescribeTableCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { ledgerTable } from '../../../lib/adapters/aws/ledger-table.ts';
import { stateTable } from '../../../lib/adapters/aws/state-table.ts';
import { ensureTables } from '../../../lib/local/dynamodb/ensure-tables.ts';
import { createLocalDynamoDb } from '../../../lib/local/dynamodb/local-dynamodb.ts';
import { clientFor, tables } from '../../support/dynamodb-under-test.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const start = async (path?: string) => {
  const local = createLocalDynamoDb(path === undefined ? {} : { path });
  const { url } = await local.listen();
  const client = clientFor(url, 1);
  const close = async (): Promise<void> => {
    client.destroy();
    await local.close();
  };
  onTestFinished(close);
  return { url, client, close, local };
};

const insert = (...values: string[]) =>
  new ExecuteStatementCommand({
    Statement: `INSERT INTO "${tables.state}" VALUE {'pk': ?, 'sk': ?, 'value': ?}`,
    Parameters: values.map((value) => ({ S: value })),
  });

const keyed = { pk: { S: 'a' }, sk: { S: 'b' } };

test('INSERT adds an item whose key is new, and answers DuplicateItemException for one that exists', async () => {
  const { client } = await start();
  await ensureTables(client, tables);
  expect(await client.send(insert('a', 'b', 'first'))).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  await expect(client.send(insert('a', 'b', 'second'))).rejects.toMatchObject({
    name: 'DuplicateItemException',
    message: 'Duplicate primary key exists in table',
    $metadata: { httpStatusCode: 400 },
  });
  await client.send(insert('a', 'c', 'third'));
  expect((await client.send(new GetItemCommand({ TableName: tables.state, Key: keyed }))).Item).toEqual({
    ...keyed,
    value: { S: 'first' },
  });
});

test('a statement that is not known, has other than its parameters, or names no table is refused as the service refuses it', async () => {
  const { client } = await start();
  await ensureTables(client, tables);
  const remove = new ExecuteStatementCommand({
    Statement: `DELETE FROM "${tables.state}" WHERE pk = ?`,
    Parameters: [{ S: 'a' }],
  });
  await expect(client.send(remove)).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('no other statement'),
  });
  await expect(client.send(insert('a', 'b'))).rejects.toMatchObject({
    name: 'ValidationException',
    message: "Number of parameters in request and statement don't match.",
  });
  const elsewhere = new ExecuteStatementCommand({
    Statement: `INSERT INTO "nowhere" VALUE {'pk': ?}`,
    Parameters: [{ S: 'a' }],
  });
  await expect(client.send(elsewhere)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  const withoutKey = new ExecuteStatementCommand({
    Statement: `INSERT INTO "${tables.state}" VALUE {'pk': ?}`,
    Parameters: [{ S: 'a' }],
  });
  await expect(client.send(withoutKey)).rejects.toMatchObject({ name: 'ValidationException' });
});

test('everything else passes through to dynalite', async () => {
  const { client } = await start();
  await ensureTables(client, tables);
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([tables.ledger, tables.state]);
  const put = new PutItemCommand({ TableName: tables.state, Item: keyed, ConditionExpression: 'attribute_exists(pk)' });
  await expect(client.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
});

test('ensureTables creates both tables as they are defined, leaves those that exist, and passes on what goes wrong', async () => {
  const { client, close } = await start();
  await client.send(new CreateTableCommand({ TableName: tables.state, ...stateTable }));
  await ensureTables(client, tables);
  await client.send(insert('a', 'b', 'kept'));
  await ensureTables(client, tables);
  expect((await client.send(new GetItemCommand({ TableName: tables.state, Key: keyed }))).Item).toBeDefined();
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tables.ledger }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', KeySchema: ledgerTable.KeySchema });
  expect(Table?.GlobalSecondaryIndexes).toMatchObject(ledgerTable.GlobalSecondaryIndexes);
  await close();
  await expect(ensureTables(client, tables)).rejects.toThrow();
});

test('what was written survives a restart under the same path', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/data/dynamodb`;
  const before = await start(path);
  await ensureTables(before.client, tables);
  await before.client.send(insert('a', 'b', 'kept'));
  await before.close();
  const after = await start(path);
  await ensureTables(after.client, tables);
  await expect(after.client.send(insert('a', 'b', 'again'))).rejects.toMatchObject({ name: 'DuplicateItemException' });
  await after.close();
});

test('a folder that is in use is refused in words, and free again after close', async () => {
  await using folder = await temporaryFolder();
  const one = await start(folder.path);
  await expect(createLocalDynamoDb({ path: folder.path }).listen()).rejects.toThrow(
    `${folder.path} is in use by process ${process.pid}`,
  );
  await one.close();
  const two = await start(folder.path);
  await ensureTables(two.client, tables);
  await two.close();
});

test('a port that is taken is refused, and the folder given back', async () => {
  await using folder = await temporaryFolder();
  const { url } = await start();
  const local = createLocalDynamoDb({ path: folder.path });
  await expect(local.listen(Number(new URL(url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await local.listen();
  await local.close();
});

test('listens once, and closes as often as one likes', async () => {
  const { local } = await start();
  await expect(local.listen()).rejects.toThrow('listens already');
  await local.close();
  await local.close();
});

test('a client that goes away in the middle of a request harms nobody else', async () => {
  const { url, client } = await start();
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: DynamoDB_20120810.ListTables\r\ncontent-length: 100\r\n\r\n{"a"',
  );
  socket.resetAndDestroy();
  await once(socket, 'close');
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
});

test.each([
  ['a request that is no POST', { method: 'GET' }, 404],
  [
    'a statement that is no JSON',
    { method: 'POST', body: '{', headers: { 'x-amz-target': 'DynamoDB_20120810.ExecuteStatement' } },
    400,
  ],
  [
    'an operation that is none',
    { method: 'POST', body: '{}', headers: { 'x-amz-target': 'DynamoDB_20120810.Forget' } },
    404,
  ],
])('%s is refused', async (_, request, status) => {
  const { url } = await start();
  expect((await fetch(url, request)).status).toBe(status);
});
