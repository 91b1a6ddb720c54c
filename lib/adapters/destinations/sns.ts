import { createHash } from 'node:crypto';
import type { Sent } from '../../app/ports/destinations.ts';
import type { SnsDestination } from '../../core/policy/destinations.ts';
import { type IncidentEvent, snsMessage } from '../../messages/watch/incident-event.ts';
import { type AwsCredentials, signedHeaders } from '../aws/sign-request.ts';
import { httpExchange } from '../http-exchange.ts';

const requestTimeoutMs = 10_000;

export type SnsOptions = {
  readonly credentials: AwsCredentials;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Where SNS is, when that is not AWS. */
  readonly endpointUrl?: string;
};

/** SNS takes up to 128 characters here, and not every character that an id may contain. */
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const endpointOf = (topicArn: string): { readonly url: URL; readonly region: string } => {
  const [, partition = 'aws', , region = ''] = topicArn.split(':');
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { url: new URL(`https://sns.${region}.${suffix}/`), region };
};

/** Publishes an event to a topic: one signed request, which saves loading a client. A FIFO topic drops a repeat within five minutes. */
export const publishToSns = async (
  { credentials, now, endpointUrl }: SnsOptions,
  { topicArn, form }: SnsDestination,
  event: IncidentEvent,
  signal: AbortSignal,
): Promise<Sent> => {
  const { subject, message } = snsMessage(event, form);
  const { url: ofAws, region } = endpointOf(topicArn);
  const url = endpointUrl === undefined ? ofAws : new URL(endpointUrl);
  const body = new URLSearchParams({
    Action: 'Publish',
    Version: '2010-03-31',
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    ...(topicArn.endsWith('.fifo')
      ? { MessageGroupId: digest(event.incident), MessageDeduplicationId: digest(event.id) }
      : {}),
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  try {
    const signed = await signedHeaders(url, headers, body, { region, service: 'sns', credentials, nowMs: now() });
    const { status, body: answer } = await httpExchange(
      url,
      { method: 'POST', headers: signed, body },
      AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
    );
    if (status >= 200 && status < 300) return { ok: true };
    const [, code = `HTTP ${status}`] = /<Code>([A-Za-z0-9]{1,80})<\/Code>/.exec(answer) ?? [];
    const isFinal = status >= 400 && status < 500 && status !== 429 && !/Throttl/i.test(code);
    return { ok: false, failure: { kind: isFinal ? 'refused' : 'unreachable', message: `SNS answered ${code}` } };
  } catch (error) {
    return {
      ok: false,
      failure: { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) },
    };
  }
};
