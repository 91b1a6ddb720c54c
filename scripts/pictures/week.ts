import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbStateStore } from '../../lib/adapters/aws/dynamodb-state-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { recordSamples } from '../../lib/app/state/sample-store.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { nowMs, sampleWeek } from '../../test/core/chart/sample-days.ts';

/** Writes what a week of watching this hostname would have left, as watch writes it. */
export const recordWeek = async ({ dynamoDbUrl }: LocalWorkspace, hostname: string): Promise<void> => {
  const client = new DynamoDBClient({
    endpoint: dynamoDbUrl,
    region: localAws.region,
    credentials: localAws.credentials,
  });
  const sinceMs = Math.floor((Date.now() - nowMs) / 60_000) * 60_000;
  try {
    const state = createDynamoDbStateStore({ table: 'postal-endpoint-state', client, clock: systemClock });
    const samples = sampleWeek().map((sample) => ({ ...sample, hostname, atMs: sample.atMs + sinceMs }));
    await recordSamples(state, samples, AbortSignal.timeout(60_000));
  } finally {
    client.destroy();
  }
};
