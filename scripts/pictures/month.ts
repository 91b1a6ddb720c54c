import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbStateStore } from '../../lib/adapters/aws/dynamodb-state-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { saveSummaries } from '../../lib/app/state/summary-store.ts';
import { type DailySummary, utcDay } from '../../lib/core/report/daily-summary.ts';
import { daysOfMonth } from '../../lib/core/report/month.ts';
import { bucketOf } from '../../lib/core/watch/health/samples.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';

/** The month before this one, which is over whenever pictures are taken. */
export const lastMonth = (nowMs: number): string =>
  utcDay(Date.parse(`${utcDay(nowMs).slice(0, 7)}-01T00:00:00Z`) - 1).slice(0, 7);

/** What happened to the names of a month, by place in the list and day: minutes down, in plaintext and degraded. */
const happened: Readonly<Record<string, readonly [down: number, plaintext: number, degraded: number]>> = {
  '0 9': [42, 0, 0],
  '0 17': [13, 0, 25],
  '1 12': [0, 610, 0],
  '1 13': [0, 1440, 0],
  '2 5': [185, 0, 0],
  '2 6': [35, 0, 0],
  '2 21': [18, 0, 40],
  '3 24': [0, 0, 300],
};

const summaryOf = (name: number, day: number): DailySummary => {
  const [down, plaintext, degraded] = happened[`${name} ${day}`] ?? [0, 0, 0];
  const incidents = down > 0 ? 1 : 0;
  return {
    minutes: { up: 1440 - down - plaintext - degraded, degraded, plaintext, drifted: 0, down, inconclusive: 0 },
    incidents,
    longestMinutes: down,
    repaired: incidents,
    repairedMinutes: down,
  };
};

/** Writes what watch would have kept of these hostnames for the last month, from its fourth day on. */
export const recordMonth = async ({ dynamoDbUrl }: LocalWorkspace, hostnames: readonly string[]): Promise<void> => {
  const { region, credentials } = localAws;
  const client = new DynamoDBClient({ endpoint: dynamoDbUrl, region, credentials });
  try {
    const state = createDynamoDbStateStore({ table: 'postal-endpoint-state', client, clock: systemClock });
    for (const [index, day] of daysOfMonth(lastMonth(Date.now())).entries()) {
      if (index < 3) continue;
      const byBucket = Map.groupBy(hostnames.entries(), ([, hostname]) => bucketOf(hostname));
      for (const [bucket, names] of byBucket) {
        const summaries = new Map(names.map(([name, hostname]) => [hostname, summaryOf(name, index + 1)]));
        await saveSummaries(state, day, bucket, summaries, AbortSignal.timeout(10_000));
      }
    }
  } finally {
    client.destroy();
  }
};
