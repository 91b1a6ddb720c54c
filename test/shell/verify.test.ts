import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDynamoDbLedger } from '../../lib/adapters/aws/dynamodb-ledger.ts';
import { createWebApiMessenger } from '../../lib/adapters/slack/web-api-messenger.ts';
import { createWebApiWitness } from '../../lib/adapters/slack/web-api-witness.ts';
import { canonicalJson } from '../../lib/core/base/digest.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { runShell } from '../../lib/shell/run-shell.ts';
import { botToken, sampleWorkspace, startSampleSlack } from '../local/slack/sample-workspace.ts';
import { type DynamoDbUnderTest, startDynamoDb, tables } from '../support/dynamodb-under-test.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { workerUnderTest } from '../support/worker-under-test.ts';

const channel = 'C0AUDIT';
const hosts = ['gitlab.mail.corp.internal', 'tickets.mail.corp.internal'];
const signal = new AbortController().signal;

let dynamoDb: DynamoDbUnderTest;
let slack: Awaited<ReturnType<typeof startSampleSlack>>;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let common: string[];

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  const clock = createManualClock(new Date().toISOString(), { skipsSleep: true });
  slack = await startSampleSlack({
    clock,
    channels: [...sampleWorkspace.channels, { id: channel, name: 'audit', botIsMember: true }],
  });
  const token = { botToken: async () => botToken, slackApiUrl: slack.apiUrl };
  const worker = workerUnderTest();
  const real = {
    clock,
    ledger: createDynamoDbLedger({ table: tables.ledger, client: dynamoDb.client }),
    messenger: createWebApiMessenger(token),
    witness: createWebApiWitness({ ...token, clock }),
  };
  for (const host of hosts) {
    await clock.advance(2000);
    await worker.work(worker.message(`add ${host} 10.0.4.12`), 1, real);
    for (const next of worker.queued.splice(0)) await worker.work(next, 1, real);
  }
  folder = await temporaryFolder();
  const tokenFile = join(folder.path, 'token');
  writeFileSync(tokenFile, `${botToken}\n`, { mode: 0o600 });
  common = [
    '--ledger-table',
    tables.ledger,
    '--channel',
    channel,
    '--slack-token-file',
    tokenFile,
    '--slack-api-url',
    slack.apiUrl,
    '--since',
    '7d',
  ];
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamoDb.url);
  vi.stubEnv('AWS_REGION', localAws.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', localAws.credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', localAws.credentials.secretAccessKey);
}, 60_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await folder[Symbol.asyncDispose]();
  await slack.close();
  await dynamoDb[Symbol.asyncDispose]();
});

describe('postal-endpoint export', () => {
  it('prints every entry as a JSON line', async () => {
    const { text, exitCode } = await runShell(['export', '--ledger-table', tables.ledger]);
    expect(exitCode).toBe(0);
    const entries = text.split('\n').map((line) => JSON.parse(line));
    expect(entries.map(({ stream, sequence }) => `${stream} ${sequence}`)).toEqual([
      ...[1, 2].map((sequence) => `_audit ${sequence}`),
      ...hosts.flatMap((host) => [1, 2, 3].map((sequence) => `${host} ${sequence}`)),
    ]);
  });
});

describe('postal-endpoint export --registry', () => {
  it('prints what is registered, as validate reads it', async () => {
    const { text, exitCode } = await runShell(['export', '--registry', '--ledger-table', tables.ledger]);
    expect(exitCode).toBe(0);
    const row = {
      targets: ['10.0.4.12'],
      standby: [],
      port: 25,
      sslMode: 'Auto',
      ttl: 60,
      name: null,
      owner: null,
      note: null,
    };
    expect(text.split('\n').map((line) => JSON.parse(line))).toEqual(hosts.map((hostname) => ({ hostname, ...row })));
    const file = join(folder.path, 'registry.jsonl');
    writeFileSync(file, text);
    const policy = new URL('../../config/policy.json', import.meta.url).pathname;
    expect((await runShell(['validate', '--policy', policy, '--registry', file])).text).not.toContain('left out');
  });
});

describe('postal-endpoint export --format', () => {
  const table = ['--ledger-table', tables.ledger];

  it.each([
    ['csv', 'gitlab.mail.corp.internal,10.0.4.12,,25,Auto,60,,,'],
    ['zone', 'gitlab.mail.corp.internal. 60 IN A 10.0.4.12'],
    ['jsonl', '"hostname":"gitlab.mail.corp.internal"'],
  ])('prints what is registered as %s', async (format, expected) => {
    const { text, exitCode } = await runShell(['export', '--format', format, ...table]);
    expect(text).toContain(expected);
    expect(exitCode).toBe(0);
  });

  it('--ledger prints the entries, as without any option', async () => {
    expect(await runShell(['export', '--ledger', ...table])).toEqual(await runShell(['export', ...table]));
  });

  it.each([
    [['--format', 'xml'], 'format: unknown format "xml". Write csv, jsonl or zone.'],
    [['--format', 'csv', '--ledger'], 'ledger: --ledger prints the history'],
    [['--format', 'csv', '--since', '7d'], 'since: it selects changes, and --format prints'],
  ])('refuses %j', async (options, expected) => {
    const { text, exitCode } = await runShell(['export', ...options, ...table]);
    expect(text).toContain(expected);
    expect(exitCode).not.toBe(0);
  });
});

describe('postal-endpoint verify', () => {
  it('says how far the ledger is verified, and ends with 0', async () => {
    const { text, exitCode } = await runShell(['verify', ...common]);
    expect(text).toMatch(/^Verified up to 20\d\d-/);
    expect(text).toContain('6 entries of 2 hostnames verified against 2 messages in the audit channel.');
    expect(exitCode).toBe(0);
  });

  it('verifies one hostname, as JSON too', async () => {
    const { text, exitCode } = await runShell(['verify', 'gitlab.mail.corp.internal', '--json', ...common]);
    expect(JSON.parse(text)).toMatchObject({
      verdict: 'verified',
      streams: [{ stream: hosts[0], verifiedUpTo: { sequence: 3 } }],
    });
    expect(exitCode).toBe(0);
  });

  it('ends with 2 where somebody changed an entry behind the bot', async () => {
    const table = tables.ledger;
    const [first, ...rest] = (
      await createDynamoDbLedger({ table, client: dynamoDb.client }).read('tickets.mail.corp.internal', signal)
    ).toReversed();
    if (first === undefined || rest.length === 0) throw new Error('no entry');
    const put = (json: string) =>
      dynamoDb.intruder.send(
        new PutItemCommand({
          TableName: table,
          Item: {
            pk: { S: first.stream },
            sk: { S: '0000000003' },
            day: { S: first.at.slice(0, 10) },
            at: { S: first.at },
            entry: { S: json },
          },
        }),
      );
    await put(canonicalJson({ ...first, body: { ...first.body, changeInfoId: 'another' } }));
    const edited = await runShell(['verify', ...common]);
    expect(edited.exitCode).toBe(2);
    expect(edited.text).toContain('FAULT tickets.mail.corp.internal, entry 3:');
    await put('no JSON');
    const spoiled = await runShell(['verify', ...common]);
    expect(spoiled).toMatchObject({ exitCode: 2, isAnswer: true });
    expect(spoiled.text).toContain('is not as the ledger wrote it');
    expect(await runShell(['export', '--ledger-table', table, '--since', '7d'])).toMatchObject({ exitCode: 3 });
    await put(canonicalJson(first));
    expect((await runShell(['verify', ...common])).exitCode).toBe(0);
  });

  it('ends with 3 where it could not look', async () => {
    slack.faults.add('conversations.history', 500);
    expect(await runShell(['verify', ...common])).toMatchObject({
      exitCode: 3,
      text: expect.stringContaining('nothing is verified'),
    });
    const otherTable = common.with(1, 'no-such-table');
    expect(await runShell(['verify', ...otherTable])).toMatchObject({
      exitCode: 3,
      text: expect.stringContaining('could not'),
    });
  });

  it.each([
    [[], 'ledger-table: give'],
    [['--ledger-table', 'a b'], 'is not a valid name of a DynamoDB table'],
    [['--ledger-table', 'ledger'], 'channel: give'],
    [['--ledger-table', 'ledger', '--channel', 'audit'], '"audit" is not a channel id'],
    [['--ledger-table', 'ledger', '--channel', 'C0AUDIT'], 'slack-token-file: give'],
    [['--ledger-table', 'ledger', '--channel', 'C0AUDIT', '--slack-token-file', '/no/such/file'], 'cannot be read'],
    [['--ledger-table', 'ledger', '--channel', 'C0AUDIT', '--since', 'long'], 'since: "long"'],
    [['--ledger-table', 'ledger', '--channel', 'C0AUDIT', '--slack-api-url', 'ftp://x'], 'slack-api-url'],
    [['--slack-token', 'xoxb-1'], 'slack-token'],
    [['a', 'b'], 'unexpected argument'],
  ])('says what is wrong with %j', async (args, words) => {
    expect(await runShell(['verify', ...args])).toMatchObject({ exitCode: 3, text: expect.stringContaining(words) });
  });
});
