import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

type Body = { readonly waitMs?: number; readonly fail?: 'throw' | 'report'; readonly hangAtFirst?: boolean };

/** Writes every record to the log when it starts and when it ends, and fails as the body asks. */
export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const failures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    const body: Body = JSON.parse(record.body);
    process.stdout.write(`${JSON.stringify({ start: record, at: Date.now() })}\n`);
    await sleep(body.hangAtFirst && record.attributes.ApproximateReceiveCount === '1' ? 60_000 : (body.waitMs ?? 0));
    if (body.fail === 'throw') throw new Error('as asked');
    if (body.fail === 'report') failures.push({ itemIdentifier: record.messageId });
    process.stdout.write(`${JSON.stringify({ end: record.messageId })}\n`);
  }
  return { batchItemFailures: failures };
};
