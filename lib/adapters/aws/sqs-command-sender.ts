import type { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod/mini';
import { type CommandQueue, QueueUnavailable } from '../../app/ports/command-queue.ts';
import { messageBody } from '../../app/queue/message-body.ts';
import { deduplicationId, messageGroup } from '../../app/queue/message-group.ts';
import { backoffMs } from '../../core/base/backoff.ts';
import { type HttpAnswer, httpExchange, keepAliveAgent } from './http-exchange.ts';
import { type AwsCredentials, signedHeaders } from './sign-request.ts';

export type SqsCommandSenderOptions = {
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

/**
 * The front's end of the command queue: SendMessage over SQS's JSON protocol, and nothing else. The SDK's client does it as well, but loading it takes
 * a new process longer than all that Slack waits for besides; so here is one documented call, signed by the SDK's own signer.
 */
export const createSqsCommandSender = ({
  queueUrl,
  region,
  credentials,
  now,
}: SqsCommandSenderOptions): Pick<CommandQueue, 'send'> => {
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

  return {
    send: async (message, signal) => {
      const body = JSON.stringify({
        QueueUrl: queueUrl,
        MessageBody: messageBody(message),
        MessageGroupId: messageGroup(message),
        MessageDeduplicationId: deduplicationId(message),
      });
      try {
        await tryToSend(body, signal, 1);
      } catch (cause) {
        throw new QueueUnavailable('SendMessage failed', { cause });
      }
    },
  };
};
