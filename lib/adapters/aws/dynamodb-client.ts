import { DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

/**
 * A client whose every call ends: one attempt takes 2 s at most, and throttling, 5xx and lost connections are tried again, with jittered back-off, up to
 * 5 attempts in all. Region, credentials and endpoint come from where the SDK always looks.
 */
export const createDynamoDbClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 5,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, socketTimeout: 2000, throwOnRequestTimeout: true },
  });

/** Whether DynamoDB says that the request itself is wrong: a bug of ours, which asking again does not mend. */
export const isMalformedRequest = (error: unknown): boolean =>
  error instanceof DynamoDBServiceException && error.name === 'ValidationException';

/** An error in a few words, for a message. */
export const inWords = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
