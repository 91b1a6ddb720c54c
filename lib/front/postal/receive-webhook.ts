import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { isSignedByPostal } from '../../core/postal/webhooks/verify-webhook.ts';
import { readWebhook } from '../../core/postal/webhooks/webhook.ts';
import { bodyWithin, headerOf } from '../request-body.ts';
import { plainAnswer } from './answer.ts';
import { type PostalPorts, postalDeadlines } from './postal-ports.ts';

/** Postal's bodies take some 2 KB: subject and addresses are the only long texts in them. */
const largestWebhook = 65_536;

const path = /^\/postal\/webhooks\/([^/]+\/[^/]+)\/([^/]+)$/;

/** The server and the token of a URL. The name of a server contains a slash, which Postal's form may send encoded. */
const addressed = (rawPath: string): { readonly server: string; readonly token: string } | undefined => {
  const [, server, token] = path.exec(rawPath.replace(/%2f/i, '/')) ?? [];
  return server === undefined || token === undefined ? undefined : { server, token };
};

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Constant time, for servers that exist and that do not. */
const isToken = (given: string, expected: string | undefined): boolean =>
  timingSafeEqual(sha256(given), sha256(expected ?? '')) && expected !== undefined;

/**
 * Takes one of Postal's webhooks: token, signature, age; what is needed of it goes into the queue, and 200 is answered. Nothing else is waited for, since
 * the thread of Postal that sends it sends no mail meanwhile. A duplicate is answered 200 as well.
 */
export const receiveWebhook = async (
  ports: PostalPorts,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> => {
  const { log, now } = ports;
  const signal = AbortSignal.timeout(postalDeadlines.webhookMs);
  const refuse = (status: number, reason: string, server?: string): APIGatewayProxyStructuredResultV2 => {
    log.warn('A webhook was refused', { reason, ...(server === undefined ? {} : { server }) });
    return plainAnswer(status, reason);
  };
  const body = bodyWithin(event, largestWebhook);
  if (body === undefined) return refuse(413, `the body is larger than ${largestWebhook} bytes`);
  const to = addressed(event.rawPath);
  if (to === undefined) return refuse(404, 'no such webhook');
  const { webhookTokens, recipientKey } = await ports.secrets.read(signal);
  if (!isToken(to.token, Object.hasOwn(webhookTokens, to.server) ? webhookTokens[to.server] : undefined))
    return refuse(404, 'no such webhook');
  const { keys, allowSha1 } = ports.trust();
  const signatures = {
    sha256: headerOf(event, 'x-postal-signature-256'),
    sha1: headerOf(event, 'x-postal-signature'),
  };
  if (!isSignedByPostal(body, signatures, keys, allowSha1))
    return refuse(401, 'the signature is missing or not of this Postal', to.server);
  const receivedAtMs = now();
  const read = readWebhook(body.toString('utf8'), recipientKey, receivedAtMs);
  switch (read.kind) {
    case 'ignored':
      return plainAnswer(200);
    case 'stale':
      return refuse(400, 'the event is more than an hour old, or of the future', to.server);
    case 'malformed':
      return refuse(400, 'the body is not a webhook of Postal', to.server);
    case 'event':
      await ports.queue.send({ kind: 'webhook', server: to.server, receivedAtMs, event: read.event }, signal);
      return plainAnswer(200);
  }
};
