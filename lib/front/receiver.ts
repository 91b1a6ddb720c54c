import type { App, Receiver } from '@slack/bolt';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Secrets, SlackSecrets } from '../adapters/aws/secrets.ts';
import type { Metrics } from '../adapters/metrics.ts';
import type { Logger } from '../app/ports/logger.ts';
import { brokenMessage } from './acknowledge.ts';
import { errorAt } from './add-form.ts';
import { firstBlockOf } from './forms.ts';
import { frontDeadlines, type Incoming } from './front-ports.ts';
import { readRequest } from './request.ts';
import { bodyBytes, headerOf, largestBodyBytes, mediaTypeOf, parseBody } from './request-body.ts';
import { requestIdOf } from './request-id.ts';
import { type SignedRequest, type Verification, verifySlackRequest } from './verify.ts';

export type ReceiverPorts = {
  readonly secrets: Secrets;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

type Result = APIGatewayProxyStructuredResultV2;

/** A Bolt receiver for Lambda behind an HTTP API with payload format 2.0. */
export interface LambdaReceiver extends Receiver {
  /** Answers one HTTP request. Never rejects. */
  handle(event: APIGatewayProxyEventV2): Promise<Result>;
  /** What was read of a body that was verified and handed to Bolt. Throws for any other body. */
  incomingOf(body: object): Incoming;
}

const plainText = (statusCode: number, body: string, headers: { readonly [name: string]: string } = {}): Result => ({
  statusCode,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body,
});
const empty: Result = { statusCode: 200, body: '' };
const json = (body: unknown): Result => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const ephemeralBroken = (requestId: string | undefined): Result =>
  json({ response_type: 'ephemeral', ...brokenMessage(requestId) });

const isForm = (event: APIGatewayProxyEventV2): boolean => mediaTypeOf(event) === 'application/x-www-form-urlencoded';

/** Slack looks at the certificate before it shows a command to people, and signs nothing then. Nothing is done, so nothing is verified. */
const isSslCheck = (event: APIGatewayProxyEventV2, bytes: Buffer): boolean =>
  isForm(event) && bytes.length < 4096 && new URLSearchParams(bytes.toString('utf8')).get('ssl_check') === '1';

/** A person who typed a command gets words, for they see no status; events answered 5xx come again. */
const withoutSecrets = (event: APIGatewayProxyEventV2, bytes: Buffer): Result =>
  isForm(event) && new URLSearchParams(bytes.toString('utf8')).has('command')
    ? ephemeralBroken(undefined)
    : plainText(503, 'secrets: not available; try again later', { 'retry-after': '5' });

/** Verifies and parses each request once, and hands what is Slack's to the Bolt app. A body reaches `processEvent` only if its signature was right. */
export const createReceiver = ({ secrets, log, metrics, now }: ReceiverPorts): LambdaReceiver => {
  const verifiedBodies = new WeakMap<object, Incoming>();
  let app: App | undefined;

  const incomingOf = (body: object): Incoming => {
    const incoming = verifiedBodies.get(body);
    if (incoming === undefined) throw new Error('Bolt was given a body that was not verified');
    return incoming;
  };

  const verify = async (
    signed: SignedRequest,
    signal: AbortSignal,
  ): Promise<{ readonly verification: Verification; readonly current: SlackSecrets }> => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(frontDeadlines.secretsMs)]);
    const known = await secrets.read(within);
    const verification = verifySlackRequest(signed, known.signingSecret, now());
    if (verification.ok || verification.reason !== 'signature-mismatch') return { verification, current: known };
    const fresh = await secrets.refresh(within);
    return { verification: verifySlackRequest(signed, fresh.signingSecret, now()), current: fresh };
  };

  /** Bolt's answer to a verified request. One that no route acknowledged is answered with an empty 200, but a command in words. */
  const route = async (body: object, incoming: Incoming): Promise<Result> => {
    const { request, requestId } = incoming;
    let answer: Result | undefined;
    verifiedBodies.set(body, incoming);
    try {
      await app?.processEvent({
        body,
        ack: async (response) => {
          answer ??= response === undefined || response === '' ? empty : json(response);
        },
      });
      if (answer !== undefined) return answer;
      log.error('No route answered a request', { requestId, kind: request.kind });
    } catch (error) {
      log.error('A request was not answered', { requestId, kind: request.kind, error });
      if (request.kind === 'form')
        return json(errorAt(firstBlockOf(request.callbackId), brokenMessage(requestId).text));
    }
    return request.kind === 'command' ? ephemeralBroken(requestId) : empty;
  };

  /** What was signed by Slack: read, and handed to Bolt unless the receiver answers it itself. */
  const answerVerified = async (
    event: APIGatewayProxyEventV2,
    bytes: Buffer,
    signed: { readonly signature: string; readonly timestamp: string },
    bot: Incoming['bot'],
    signal: AbortSignal,
  ): Promise<Result> => {
    const parsed = parseBody(mediaTypeOf(event), bytes);
    if (!parsed.ok) return plainText(parsed.status, `${parsed.argument}: ${parsed.wrong} ${parsed.right}`);
    const read = readRequest(parsed.body);
    if (!read.ok) return plainText(400, `${read.argument}: ${read.wrong} Send it as Slack does.`);
    const { request, body } = read;
    if (request.kind === 'ignored') return empty;
    if (request.kind === 'url-verification') return json({ challenge: request.challenge });
    const requestId = requestIdOf(request, signed);
    return route(body, { request, requestId, bot, receivedAt: new Date(now()).toISOString(), signal });
  };

  const receive = async (event: APIGatewayProxyEventV2): Promise<Result> => {
    const startedMs = performance.now();
    const signal = AbortSignal.timeout(frontDeadlines.requestMs);
    const method = event.requestContext.http.method;
    if (method !== 'POST')
      return plainText(405, `method: ${method.slice(0, 20)} is not served; use POST`, { allow: 'POST' });
    const bytes = bodyBytes(event);
    if (bytes === undefined) return plainText(413, `body: larger than ${largestBodyBytes} bytes`);
    if (isSslCheck(event, bytes)) return empty;

    const signed = {
      signature: headerOf(event, 'x-slack-signature'),
      timestamp: headerOf(event, 'x-slack-request-timestamp'),
      body: bytes,
    };
    let verified: Awaited<ReturnType<typeof verify>>;
    try {
      verified = await verify(signed, signal);
    } catch (error) {
      log.error('Secrets are not available', { error });
      return withoutSecrets(event, bytes);
    }
    const { verification, current } = verified;
    if (!verification.ok) {
      log.warn('A request was turned away', { reason: verification.reason });
      return { statusCode: 401, body: '' };
    }
    const { botId, botUserId } = current;
    const result = await answerVerified(event, bytes, verification, { botId, botUserId }, signal);
    if (result.statusCode === 200) metrics.record({ AckTime: Math.round(performance.now() - startedMs) });
    return result;
  };

  const handle = async (event: APIGatewayProxyEventV2): Promise<Result> => {
    try {
      return await receive(event);
    } catch (error) {
      log.error('The front failed', { error });
      return plainText(500, 'internal: something broke on our side; nothing was done');
    }
  };

  return {
    init: (bolt) => {
      app = bolt;
    },
    start: async () => handle,
    stop: async () => undefined,
    handle,
    incomingOf,
  };
};
