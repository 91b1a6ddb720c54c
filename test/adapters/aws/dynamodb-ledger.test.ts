import { type AttributeValue, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDynamoDbLedger } from '../../../lib/adapters/aws/dynamodb-ledger.ts';
import { entriesOfDay } from '../../../lib/app/ledger/entries-of-day.ts';
import { type Ledger, LedgerCorrupt, LedgerUnavailable } from '../../../lib/app/ports/ledger.ts';
import { canonicalJson } from '../../../lib/core/base/digest.ts';
import { link } from '../../../lib/core/ledger/chain.ts';
import type { Entry } from '../../../lib/core/ledger/entry.ts';
import { ledgerContract } from '../../contracts/ledger.contract.ts';
import { clientFor, type DynamoDbUnderTest, startDynamoDb, tables } from '../../support/dynamodb-under-test.ts';

const sortKey = (sequence: number): string => String(sequence).padStart(10, '0');

const itemOf = (stream: string, sequence: number, entry: Entry): Record<string, AttributeValue> => ({
  pk: { S: stream },
  sk: { S: sortKey(sequence) },
  day: { S: entry.at.slice(0, 10) },
  at: { S: entry.at },
  entry: { S: canonicalJson(entry) },
});

const at = '2026-03-02T14:02:00.000Z';
const inTime = () => AbortSignal.timeout(25_000);
const first = (stream: string, changeId = 'A'): Entry =>
  link(undefined, stream, at, { kind: 'applied', changeId, changeInfoId: null });

ledgerContract('The one in DynamoDB', async () => {
  const dynamoDb = await startDynamoDb();
  return {
    ledger: createDynamoDbLedger({ table: tables.ledger, client: dynamoDb.client }),
    overwrite: async (stream, sequence, entry) => {
      await dynamoDb.intruder.send(
        new PutItemCommand({ TableName: tables.ledger, Item: itemOf(stream, sequence, entry) }),
      );
    },
    remove: async (stream, sequence) => {
      await dynamoDb.intruder.send(
        new DeleteItemCommand({ TableName: tables.ledger, Key: { pk: { S: stream }, sk: { S: sortKey(sequence) } } }),
      );
    },
    [Symbol.asyncDispose]: () => dynamoDb[Symbol.asyncDispose](),
  };
});

describe('The ledger in DynamoDB', () => {
  let dynamoDb: DynamoDbUnderTest;
  let ledger: Ledger;
  let stream: string;
  let streams = 0;

  beforeAll(async () => {
    dynamoDb = await startDynamoDb();
    ledger = createDynamoDbLedger({ table: tables.ledger, client: dynamoDb.client });
  });
  afterAll(async () => {
    await dynamoDb?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    streams += 1;
    stream = `name-${streams}.mail.corp.internal`;
  });

  const put = (item: Record<string, AttributeValue>) =>
    dynamoDb.intruder.send(new PutItemCommand({ TableName: tables.ledger, Item: item }));

  test('asks nothing of its table but PartiQLInsert, Query and GetItem', async () => {
    const before = dynamoDb.tap.seen.length;
    const entry = first(stream);
    await ledger.append(entry, inTime());
    await ledger.append(entry, inTime());
    await ledger.append(first(stream, 'B'), inTime());
    await ledger.read(stream, inTime());
    await ledger.head(stream, inTime());
    await Array.fromAsync(entriesOfDay(ledger, '2031-01-01', inTime()));
    const seen = dynamoDb.tap.seen.slice(before);
    expect(new Set(seen.map(({ table }) => table))).toEqual(new Set([tables.ledger]));
    expect(new Set(seen.map(({ operation }) => operation))).toEqual(new Set(['ExecuteStatement', 'Query', 'GetItem']));
  });

  test('reads no more pages of a day than are asked for', async () => {
    let previous: Entry | undefined;
    for (let number = 1; number <= 12; number += 1) {
      const body = {
        kind: 'refused',
        requestId: `request-${number}`,
        verb: 'add',
        actor: { teamId: 'T0TEAM', userId: 'U0MARIA', userName: 'maria', channelId: 'C0OTHER' },
        text: 'x'.repeat(110_000),
        reasons: [],
      } as const;
      previous = link(previous, stream, '2033-05-06T10:00:00.000Z', body);
      await ledger.append(previous, inTime());
    }
    const before = dynamoDb.tap.seen.length;
    for await (const entry of entriesOfDay(ledger, '2033-05-06', inTime())) {
      expect(entry.stream).toBe(stream);
      break;
    }
    expect(dynamoDb.tap.seen.slice(before)).toHaveLength(1);
    expect(await Array.fromAsync(entriesOfDay(ledger, '2033-05-06', inTime()))).toHaveLength(12);
    expect(dynamoDb.tap.seen.slice(before)).toHaveLength(3);
  });

  test.each(['DuplicateItemException', 'DuplicateItem'])('%s says that the place is taken', async (type) => {
    await ledger.append(first(stream), inTime());
    for (const [entry, expected] of [
      [first(stream), 'appended'],
      [first(stream, 'B'), 'taken'],
    ] as const) {
      dynamoDb.tap.fail('ExecuteStatement', { status: 400, type });
      expect(await ledger.append(entry, inTime())).toBe(expected);
    }
    dynamoDb.tap.fail('ExecuteStatement', { status: 400, type: `${type}Elsewhere` });
    await expect(ledger.append(first(stream, 'B'), inTime())).rejects.toThrow(LedgerUnavailable);
  });

  test('an append whose answer was lost is appended, once', async () => {
    dynamoDb.tap.fail('ExecuteStatement', 'answer-lost', 'answer-lost');
    expect(await ledger.append(first(stream), inTime())).toBe('appended');
    expect(await ledger.read(stream, inTime())).toStrictEqual([first(stream)]);
  });

  test('an append whose answer was lost, after another had taken the number, is taken', async () => {
    await ledger.append(first(stream, 'B'), inTime());
    dynamoDb.tap.fail('ExecuteStatement', 'answer-lost');
    expect(await ledger.append(first(stream, 'A'), inTime())).toBe('taken');
  });

  test('an append is taken when what is there has its hash but not its content', async () => {
    await put({
      ...itemOf(stream, 1, first(stream)),
      entry: { S: canonicalJson({ ...first(stream), body: { kind: 'applied' } }) },
    });
    expect(await ledger.append(first(stream), inTime())).toBe('taken');
  });

  test('throttling and errors of the service are sat out', async () => {
    dynamoDb.tap.fail(
      'ExecuteStatement',
      { status: 400, type: 'ProvisionedThroughputExceededException' },
      { status: 500, type: 'InternalServerError' },
    );
    dynamoDb.tap.fail(
      'Query',
      { status: 400, type: 'ThrottlingException' },
      { status: 503, type: 'ServiceUnavailable' },
    );
    expect(await ledger.append(first(stream), inTime())).toBe('appended');
    expect(await ledger.read(stream, inTime())).toHaveLength(1);
  });

  test('an outage that lasts is LedgerUnavailable, after a bounded number of attempts, and says what failed', async () => {
    const before = dynamoDb.tap.seen.length;
    dynamoDb.tap.fail('ExecuteStatement', ...Array.from({ length: 5 }, () => 'answer-lost' as const));
    const failure = ledger.append(first(stream), inTime());
    await expect(failure).rejects.toThrow(LedgerUnavailable);
    await expect(failure).rejects.toThrow(`The ledger could not append entry 1 of ${stream}: `);
    expect(dynamoDb.tap.seen.length - before).toBe(5);
    expect(await ledger.append(first(stream), inTime())).toBe('appended');
  });

  test('silence ends with the deadline', async () => {
    const before = dynamoDb.tap.seen.length;
    dynamoDb.tap.fail('Query', 'silence');
    const deadline = new AbortController();
    const reading = ledger.read(stream, deadline.signal);
    await expect.poll(() => dynamoDb.tap.seen.length, { timeout: 10_000 }).toBe(before + 1);
    deadline.abort();
    await expect(reading).rejects.toThrow(LedgerUnavailable);
  });

  test('no service at all is LedgerUnavailable', async () => {
    const gone = await startDynamoDb();
    await gone[Symbol.asyncDispose]();
    const client = clientFor(gone.url, 2);
    const failure = createDynamoDbLedger({ table: tables.ledger, client }).head(stream, inTime());
    await expect(failure).rejects.toThrow(LedgerUnavailable);
    await expect(failure).rejects.toThrow('ECONNREFUSED');
    client.destroy();
  });

  test('no table, or no right to it, is LedgerUnavailable and says which', async () => {
    const missing = createDynamoDbLedger({ table: 'no-such-table', client: dynamoDb.client });
    await expect(missing.append(first(stream), inTime())).rejects.toThrow('ResourceNotFoundException');
    dynamoDb.tap.fail('Query', { status: 400, type: 'AccessDeniedException' });
    await expect(ledger.read(stream, inTime())).rejects.toThrow('AccessDeniedException');
  });

  test('an entry that DynamoDB will not hold is a bug, not an outage', async () => {
    const huge = link(undefined, stream, at, {
      kind: 'failed',
      changeId: 'A',
      reason: 'x'.repeat(410_000),
      mayLandLate: false,
    });
    await expect(ledger.append(huge, inTime())).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test.each<[string, Record<string, AttributeValue>]>([
    ['no JSON', { entry: { S: '{' } }],
    ['JSON that is no entry', { entry: { S: '{"kind":"applied"}' } }],
    ['a member too many', { entry: { S: canonicalJson({ ...first('x'), note: 'harmless' }) } }],
    ['no text', { entry: { N: '1' } }],
    ['another day in the index', { day: { S: '2001-01-01' } }],
    ['another time in the index', { at: { S: '2026-03-02T14:02:00.001Z' } }],
  ])('an item with %s is LedgerCorrupt, and names its place', async (_, attributes) => {
    await put({ ...itemOf(stream, 1, first(stream)), ...attributes });
    const reading = ledger.read(stream, inTime());
    await expect(reading).rejects.toThrow(LedgerCorrupt);
    await expect(reading).rejects.toMatchObject({ stream, sequenceKey: '0000000001' });
    await expect(ledger.head(stream, inTime())).rejects.toThrow(
      `Entry 0000000001 of ${stream} is not as the ledger wrote it`,
    );
  });
});
