import type { Message } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { localAws } from '../local-aws.ts';

const queueArn = (queueUrl: string): string =>
  `arn:aws:sqs:${localAws.region}:${localAws.accountId}:${queueUrl.split('/').at(-1) ?? ''}`;

/** The event of batch size 1 that Lambda's event source mapping makes of a received FIFO message. */
export const sqsEvent = (message: Message, queueUrl: string): SQSEvent => {
  const attributes = message.Attributes ?? {};
  return {
    Records: [
      {
        messageId: message.MessageId ?? '',
        receiptHandle: message.ReceiptHandle ?? '',
        body: message.Body ?? '',
        attributes: {
          ApproximateReceiveCount: attributes.ApproximateReceiveCount ?? '1',
          SentTimestamp: attributes.SentTimestamp ?? '',
          SenderId: attributes.SenderId ?? localAws.accountId,
          ApproximateFirstReceiveTimestamp: attributes.ApproximateFirstReceiveTimestamp ?? '',
          ...(attributes.SequenceNumber ? { SequenceNumber: attributes.SequenceNumber } : {}),
          ...(attributes.MessageGroupId ? { MessageGroupId: attributes.MessageGroupId } : {}),
          ...(attributes.MessageDeduplicationId ? { MessageDeduplicationId: attributes.MessageDeduplicationId } : {}),
        },
        messageAttributes: {},
        md5OfBody: message.MD5OfBody ?? '',
        eventSource: 'aws:sqs',
        eventSourceARN: queueArn(queueUrl),
        awsRegion: localAws.region,
      },
    ],
  };
};

const batchResponse = z.union([
  z.null(),
  z.looseObject({
    batchItemFailures: z
      .array(z.looseObject({ itemIdentifier: z.string().min(1) }))
      .nullable()
      .default([]),
  }),
]);

/**
 * Whether Lambda would delete the message, with ReportBatchItemFailures on. No response, or one without failures, is success; a response that
 * cannot be understood, or that names a message not in the batch, is a failure of the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const wasProcessed = (payload: string): boolean => {
  const response = batchResponse.safeParse(JSON.parse(payload));
  return response.success && (response.data?.batchItemFailures ?? []).length === 0;
};
