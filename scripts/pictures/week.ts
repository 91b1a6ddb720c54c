import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localAws } from '../../lib/local/local-aws.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { createDynamoDbStateStore } from '../../lib/state/dynamodb-state-store.ts';
import { systemClock } from '../../lib/system-clock.ts';
import { recordSamples } from '../../lib/watch/sample-store.ts';
import { nowMs, sampleWeek } from '../../test/chart/sample-days.ts';

/** Writes what a week of watching this hostname would have left, as watch writes it. */
export const recordWeek = async ({ dynamoDbUrl }: LocalWorkspace, hostname: string): Promise<void> => {
  const client = new DynamoDBClient({ endpoint: dynamoDbUrl, region: localAws.region, credentials: localAws.credentials });
  const sinceMs = Math.floor((Date.now() - nowMs) / 60_000) * 60_000;
  try {
    const state = createDynamoDbStateStore({ table: 'postal-endpoint-state', client, clock: systemClock });
    const samples = sampleWeek().map((sample) => ({ ...sample, hostname, atMs: sample.atMs + sinceMs }));
    await recordSamples(state, samples, AbortSignal.timeout(60_000));
  } finally {
    client.destroy();
  }
};
