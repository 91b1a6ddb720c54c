/** What happened to one invocation. `payload` is JSON text, as Lambda's Invoke API carries it. */
export type Invocation =
  | { readonly kind: 'returned'; readonly payload: string }
  /** The handler threw, ran out of time or took its process down: Lambda's `X-Amz-Function-Error: Unhandled`, the error as payload. */
  | { readonly kind: 'failed'; readonly payload: string }
  /** Every environment is busy and no more may be started: Lambda's `TooManyRequestsException`. */
  | { readonly kind: 'throttled' };

/** Sent to an environment's thread. */
export type InvocationRequest = {
  readonly requestId: string;
  readonly event: string;
  readonly deadlineEpochMs: number;
};

/** Sent by an environment's thread. */
export type EnvironmentMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly payload: string };

/** What an environment's thread is started with. */
export type EnvironmentData = {
  readonly moduleUrl: string;
  readonly functionName: string;
  readonly functionArn: string;
};

/** The JSON that Lambda's Node.js runtime makes of a thrown value. */
export const errorPayload = (thrown: unknown): string => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') });
};
