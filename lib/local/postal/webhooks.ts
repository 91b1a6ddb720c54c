import type { KeyObject } from 'node:crypto';
import { httpExchange } from '../../adapters/http-exchange.ts';
import type { Delivery, PostalData, QueuedMessage, WebhookRequest } from './data.ts';
import type { Pace } from './pace.ts';
import { webhookBody, webhookRequest } from './webhook-request.ts';

/** How long a worker of Postal waits for the answer. */
const answerWithinMs = 5000;

/** An error inside Postal has none. */
const eventOf: Readonly<Record<Delivery['status'], string | undefined>> = {
  Sent: 'MessageSent',
  SoftFail: 'MessageDelayed',
  HardFail: 'MessageDeliveryFailed',
  Held: 'MessageHeld',
  Error: undefined,
};

/** The data with the webhook that Postal queues for a delivery. */
export const withWebhook = (data: PostalData, delivery: Delivery, message: QueuedMessage, uuid: string): PostalData => {
  const { status, serverId, details, output, isEncrypted, atMs } = delivery;
  const event = eventOf[status];
  if (event === undefined) return data;
  const body = webhookBody({
    event,
    status,
    atMs,
    uuid,
    messageId: message.id,
    token: message.token,
    messageIdHeader: `${message.token}@sender.example`,
    to: message.recipient,
    from: 'someone@sender.example',
    subject: `Sample message ${message.id}`,
    messageAtMs: message.atMs,
    details,
    output: output ?? '',
    isEncrypted,
  });
  return { ...data, webhooks: [...data.webhooks, { uuid, serverId, body, attempts: 0, retryAfterMs: null }] };
};

/** The first request that is due and that no worker has. */
export const nextWebhook = (
  { webhooks }: PostalData,
  locked: ReadonlySet<string>,
  nowMs: number,
): WebhookRequest | undefined =>
  webhooks.find(({ uuid, retryAfterMs }) => !locked.has(uuid) && (retryAfterMs ?? 0) <= nowMs);

/** When the next request is due that no worker has. */
export const nextWebhookMs = ({ webhooks }: PostalData, locked: ReadonlySet<string>): number | undefined => {
  const times = webhooks.filter(({ uuid }) => !locked.has(uuid)).map(({ retryAfterMs }) => retryAfterMs ?? 0);
  return times.length === 0 ? undefined : Math.min(...times);
};

/** Sends a request as Postal does. True: it was answered 2xx. */
export const sendWebhook = async (
  { body }: WebhookRequest,
  url: URL,
  signingKey: KeyObject,
  signal: AbortSignal,
): Promise<boolean> => {
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
    const { status } = await httpExchange(url, webhookRequest(body, signingKey), within);
    return status >= 200 && status < 300;
  } catch {
    return false;
  }
};

/** The data after a request was answered, or not: it is gone, put off, or given up after the sixth time. */
export const afterWebhook = (
  data: PostalData,
  uuid: string,
  isTaken: boolean,
  pace: Pace,
  nowMs: number,
): PostalData => ({
  ...data,
  webhooks: data.webhooks.flatMap((request) => {
    if (request.uuid !== uuid) return [request];
    const attempts = request.attempts + 1;
    const delayMs = isTaken ? undefined : pace.webhookMs(attempts);
    return delayMs === undefined ? [] : [{ ...request, attempts, retryAfterMs: nowMs + delayMs }];
  }),
});
