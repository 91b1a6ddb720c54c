import { createHmac } from 'node:crypto';
import type { Sent } from '../../app/ports/destinations.ts';
import { classOf, parseIpAddress } from '../../core/endpoint/ip-address.ts';
import type { WebhookDestination } from '../../core/policy/destinations.ts';
import { webhookAddressFault } from '../../core/policy/webhook-address.ts';
import { type IncidentEvent, pagerDutyBody } from '../../messages/watch/incident-event.ts';
import { httpsPost, type PostAnswer } from './https-post.ts';

const defaultTimeoutMs = 10_000;

export type WebhookOptions = {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Lets webhooks reach this machine: the local workspace. */
  readonly mayReachLoopback: boolean;
  readonly ca?: string;
  /** How long a receiver may take; 10 s when absent. */
  readonly timeoutMs?: number;
};

/** `v1=` and the HMAC-SHA256, hex, over `v1:<timestamp>:<body>`. */
export const webhookSignature = (key: string, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', key).update(`v1:${timestamp}:${body}`).digest('hex')}`;

const isLoopback = (address: string): boolean => {
  const parsed = parseIpAddress(address);
  return parsed !== undefined && classOf(parsed) === 'loopback';
};

const sentOf = (answer: PostAnswer): Sent => {
  switch (answer.kind) {
    case 'address-refused':
      return { ok: false, failure: { kind: 'refused', message: answer.message } };
    case 'failed':
      return { ok: false, failure: { kind: 'unreachable', message: answer.message } };
    case 'answered': {
      const { status, retryAfterSeconds } = answer;
      if (status >= 200 && status < 300) return { ok: true };
      const message = `it answered ${status}`;
      // What an overloaded receiver says is not final; a redirect and any other 4xx are.
      const isFinal = status >= 300 && status < 500 && status !== 408 && status !== 425 && status !== 429;
      return {
        ok: false,
        failure: isFinal
          ? { kind: 'refused', message }
          : { kind: 'unreachable', message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
      };
    }
  }
};

/** Sends an event to a webhook: as PagerDuty's Events API v2 wants it, or as JSON with a signature. `key`: routing key, or the key of the signature. */
export const sendWebhook = async (
  { now, mayReachLoopback, ca, timeoutMs = defaultTimeoutMs }: WebhookOptions,
  destination: WebhookDestination,
  key: string,
  event: IncidentEvent,
  signal: AbortSignal,
): Promise<Sent> => {
  const { url, form, ranges } = destination;
  const content = form === 'pagerduty' ? pagerDutyBody(event, key) : event;
  if (content === undefined) return { ok: true };
  const body = JSON.stringify(content);
  const timestamp = String(Math.floor(now() / 1000));
  const signed = {
    'x-postal-endpoint-delivery': encodeURIComponent(event.id),
    'x-postal-endpoint-timestamp': timestamp,
    'x-postal-endpoint-signature': webhookSignature(key, timestamp, body),
  };
  const answer = await httpsPost(
    {
      url: new URL(url),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'postal-endpoint',
        ...(form === 'json' ? signed : {}),
      },
      body,
      addressFault: (address) =>
        mayReachLoopback && isLoopback(address) ? undefined : webhookAddressFault(address, ranges),
      ...(ca === undefined ? {} : { ca }),
    },
    AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  );
  return sentOf(answer);
};
