import type { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod/mini';
import { QueueUnavailable } from '../../app/ports/command-queue.ts';
import { backoffMs } from '../../core/base/backoff.ts';
import { type HttpAnswer, httpExchange, keepAliveAgent } from '../http-exchange.ts';
import { type AwsCredentials, signedHeaders } from './sign-request.ts';

export type SqsSenderOptions = {
  /** Its origin is where the message is sent to. */
  readonly queueUrl: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

const attemptsAtMost = 3;

const failureSchema = z.object({ __type: z.optional(z.string()), message: z.optional(z.string()) });

const failureOf = ({ status, body }: HttpAnswer): Error => {
  let said: z.infer<typeof failureSchema> = {};
  try {
    said = failureSchema.safeParse(JSON.parse(body)).data ?? {};
  } catch {
    // A proxy on the way answers in HTML: the status has to do.
  }
  return new Error(
    [`SQS answered ${status}`, said.__type?.split('#').at(-1), said.message]
      .filter((part) => part !== undefined)
      .join(' '),
  );
};

/** What another try may mend. SQS drops a repeat, should the first one have arrived. */
const isPassing = ({ status, body }: HttpAnswer): boolean =>
  status >= 500 || status === 429 || (status === 400 && body.includes('Throttl'));

/** One message as SQS takes it. */
type Sent = { readonly body: string; readonly groupId: string; readonly deduplicationId: string };

/**
 * Sends to a FIFO queue: SendMessage over SQS's JSON protocol, and nothing else. The SDK's client does it as well, but loading it takes a new process
 * longer than all that Slack waits for besides; so here is one documented call, signed by the SDK's own signer. Rejects with `QueueUnavailable`.
 */
export const createSqsSender = ({
  queueUrl,
  region,
  credentials,
  now,
}: SqsSenderOptions): ((sent: Sent, signal: AbortSignal) => Promise<void>) => {
  const url = new URL('/', queueUrl);
  let agent: Agent | undefined;

  const post = async (body: string, signal: AbortSignal): Promise<HttpAnswer> => {
    agent ??= keepAliveAgent(url);
    const unsigned = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' };
    const headers = await signedHeaders(url, unsigned, body, { region, service: 'sqs', credentials, nowMs: now() });
    return httpExchange(url, { method: 'POST', headers, body, agent }, signal);
  };

  const tryToSend = async (body: string, signal: AbortSignal, attempt: number): Promise<void> => {
    const answer = await post(body, signal).catch((error: unknown) => {
      if (signal.aborted || attempt === attemptsAtMost) throw error;
      return undefined;
    });
    if (answer?.status === 200) return;
    if (answer !== undefined && (attempt === attemptsAtMost || !isPassing(answer))) throw failureOf(answer);
    await wait(backoffMs(attempt, 50, 200, Math.random), undefined, { signal });
    await tryToSend(body, signal, attempt + 1);
  };

  return async ({ body, groupId, deduplicationId }, signal) => {
    const request = {
      QueueUrl: queueUrl,
      MessageBody: body,
      MessageGroupId: groupId,
      MessageDeduplicationId: deduplicationId,
    };
    try {
      await tryToSend(JSON.stringify(request), signal, 1);
    } catch (cause) {
      throw new QueueUnavailable('SendMessage failed', { cause });
    }
  };
};
