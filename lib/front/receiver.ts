import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Secrets, SlackSecrets } from '../adapters/aws/secrets.ts';
import type { Message } from '../messages/message.ts';
import { brokenMessage } from './acknowledge.ts';
import { type BoltHandler, createBoltHandler } from './bolt-app.ts';
import { type FrontPorts, frontDeadlines } from './front-ports.ts';
import { readRequest, type SlackRequest } from './request.ts';
import { bodyBytes, headerOf, largestBodyBytes, mediaTypeOf, parseBody } from './request-body.ts';
import { requestIdOfClick, requestIdOfEvent, requestIdOfSignature } from './request-id.ts';
import { type SignedRequest, type Verification, verifySlackRequest } from './verify.ts';

export type FrontDependencies = FrontPorts & {
  readonly secrets: Secrets;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** With its final slash. */
  readonly slackApiUrl: string;
};

type Result = APIGatewayProxyStructuredResultV2;
type Verified = { readonly verification: Verification; readonly secrets: SlackSecrets };

const plainText = (statusCode: number, body: string, headers: { readonly [name: string]: string } = {}): Result => ({
  statusCode,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body,
});
const empty: Result = { statusCode: 200, body: '' };
const ephemeral = (message: Message): Result => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ response_type: 'ephemeral', text: message.text, blocks: message.blocks }),
});

const requestIdOf = (request: SlackRequest, signature: string, timestamp: string): string => {
  switch (request.kind) {
    case 'button':
      return requestIdOfClick({
        actionId: request.actionId,
        value: request.value,
        userId: request.asker.userId,
        actionTs: request.actionTs,
      });
    case 'home':
      return requestIdOfEvent(request.eventId);
    case 'command':
    case 'form':
    case 'form-closed':
    case 'shortcut':
    case 'url-verification':
    case 'ignored':
      return requestIdOfSignature(signature, timestamp);
  }
};

const isForm = (event: APIGatewayProxyEventV2): boolean => mediaTypeOf(event) === 'application/x-www-form-urlencoded';

/** Slack looks at the certificate before it shows a command to people, and signs nothing then. Nothing is done, so nothing is verified. */
const isSslCheck = (event: APIGatewayProxyEventV2, bytes: Buffer): boolean =>
  isForm(event) && bytes.length < 4096 && new URLSearchParams(bytes.toString('utf8')).get('ssl_check') === '1';

/** A person who typed a command is told in words, for they read no status; events answered 5xx come again. */
const withoutSecrets = (event: APIGatewayProxyEventV2, bytes: Buffer): Result =>
  isForm(event) && new URLSearchParams(bytes.toString('utf8')).has('command')
    ? ephemeral(brokenMessage(undefined))
    : plainText(503, 'secrets: not available; try again later', { 'retry-after': '5' });

/** The bot's front: verifies a request of Slack's, understands it, queues it and answers within 3 s. Never rejects. */
export const createFront = (dependencies: FrontDependencies): ((event: APIGatewayProxyEventV2) => Promise<Result>) => {
  const { secrets, now, slackApiUrl, log } = dependencies;
  let bolt: { readonly for: string; readonly handle: BoltHandler } | undefined;

  const boltFor = (current: SlackSecrets): BoltHandler => {
    const identity = JSON.stringify(current);
    if (bolt?.for !== identity) bolt = { for: identity, handle: createBoltHandler(current, slackApiUrl, dependencies) };
    return bolt.handle;
  };

  const verify = async (signed: SignedRequest, signal: AbortSignal): Promise<Verified> => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(frontDeadlines.secretsMs)]);
    const known = await secrets.read(within);
    const verification = verifySlackRequest(signed, known.signingSecret, now());
    if (verification.ok || verification.reason !== 'signature-mismatch') return { verification, secrets: known };
    const fresh = await secrets.refresh(within);
    return { verification: verifySlackRequest(signed, fresh.signingSecret, now()), secrets: fresh };
  };

  const handOver = async (
    event: APIGatewayProxyEventV2,
    request: SlackRequest,
    bytes: Buffer,
    verified: Verified,
    signal: AbortSignal,
  ) => {
    if (!verified.verification.ok || request.kind === 'ignored') return empty;
    const { signature, timestamp } = verified.verification;
    const requestId = requestIdOf(request, signature, timestamp);
    // Bolt decodes base64 as ASCII, and knows content-types without parameters only.
    const normalised: APIGatewayProxyEventV2 = {
      ...event,
      headers: {
        'content-type': mediaTypeOf(event) ?? '',
        'x-slack-signature': signature,
        'x-slack-request-timestamp': timestamp,
      },
      body: bytes.toString('utf8'),
      isBase64Encoded: false,
    };
    const incoming = { request, requestId, receivedAt: new Date(now()).toISOString(), signal };
    const result = await boltFor(verified.secrets)(normalised, incoming);
    if (result.statusCode !== 404 && (result.statusCode ?? 200) < 500) return result;
    log.error('A request was not answered', { requestId, kind: request.kind, statusCode: result.statusCode });
    return request.kind === 'command' ? ephemeral(brokenMessage(requestId)) : empty;
  };

  const receive = async (event: APIGatewayProxyEventV2): Promise<Result> => {
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
    let verified: Verified;
    try {
      verified = await verify(signed, signal);
    } catch (error) {
      log.error('Secrets are not available', { error });
      return withoutSecrets(event, bytes);
    }
    if (!verified.verification.ok) {
      log.warn('A request was turned away', { reason: verified.verification.reason });
      return plainText(401, `signature: ${verified.verification.reason}`);
    }

    const parsed = parseBody(mediaTypeOf(event), bytes);
    if (!parsed.ok) return plainText(parsed.status, `${parsed.argument}: ${parsed.wrong} ${parsed.right}`);
    const read = readRequest(parsed.body);
    if (!read.ok) return plainText(400, `${read.argument}: ${read.wrong} Send it as Slack does.`);
    return handOver(event, read.request, bytes, verified, signal);
  };

  return async (event) => {
    try {
      return await receive(event);
    } catch (error) {
      log.error('The front failed', { error });
      return plainText(500, 'internal: something broke on our side; nothing was done');
    }
  };
};
