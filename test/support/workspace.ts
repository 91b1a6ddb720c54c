import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbLedger } from '../../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../../lib/adapters/aws/dynamodb-state-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { StateStore } from '../../lib/app/ports/state-store.ts';
import type { Entry } from '../../lib/core/ledger/entry.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { freePorts } from '../../lib/local/ports.ts';
import type { StoredMessage } from '../../lib/local/slack/store/workspace.ts';
import { type LocalWorkspace, startWorkspace, type WorkspaceOptions } from '../../lib/local/workspace.ts';
import { localPeople } from '../../lib/local/workspace-seed.ts';

export const [maria, li, oncall] = localPeople.users;
export const [auditChannel, oncallChannel] = localPeople.channels;

/** A workspace on free ports, from the sources, quick to sync and quick to see an abandoned message again. */
export const workspaceUnderTest = (
  folder?: string,
  more: Pick<WorkspaceOptions, 'watchRules' | 'visibilityTimeoutSeconds' | 'withPostal'> = {},
): Promise<LocalWorkspace> =>
  startWorkspace({
    visibilityTimeoutSeconds: 3,
    ...more,
    ...(folder === undefined ? {} : { folder }),
    ports: freePorts,
    moduleOf: (name) => new URL(`../../functions/${name}.ts`, import.meta.url),
    formBodies: 'base64',
    insyncDelayMs: 0,
  });

export const temporaryFolder = async (): Promise<{ readonly path: string } & AsyncDisposable> => {
  const path = await mkdtemp(join(tmpdir(), 'postal-endpoint-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};

/** Text and blocks of a message, to look for words in. */
export const whole = ({ text, blocks }: StoredMessage): string => `${text}\n${JSON.stringify(blocks)}`;

/** The audit messages about one hostname. */
export const announcementsOf = ({ slack }: LocalWorkspace, hostname: string): readonly StoredMessage[] =>
  slack.store
    .messages(auditChannel.id)
    .filter(
      (message) => message.metadata?.event_type === 'postal_endpoint_change' && whole(message).includes(hostname),
    );

/** Works with the workspace's DynamoDB. */
const withDynamoDb = async <Result>(
  { dynamoDbUrl }: LocalWorkspace,
  work: (client: DynamoDBClient, signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const client = new DynamoDBClient({
    endpoint: dynamoDbUrl,
    region: localAws.region,
    credentials: localAws.credentials,
  });
  try {
    return await work(client, AbortSignal.timeout(10_000));
  } finally {
    client.destroy();
  }
};

/** The entries of one stream, as they stand in the local DynamoDB. */
export const ledgerOf = (workspace: LocalWorkspace, stream: string): Promise<readonly Entry[]> =>
  withDynamoDb(workspace, (client, signal) =>
    createDynamoDbLedger({ table: 'postal-endpoint-ledger', client }).read(stream, signal),
  );

/** What `read` finds in the local state table. */
export const fromState = <Result>(
  workspace: LocalWorkspace,
  read: (state: StateStore, signal: AbortSignal) => Promise<Result>,
): Promise<Result> =>
  withDynamoDb(workspace, (client, signal) =>
    read(createDynamoDbStateStore({ table: 'postal-endpoint-state', clock: systemClock, client }), signal),
  );
