import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export const testSigningSecret = '8f742231b10e8888abcd99yyyzzz85a5';

export type SignedRequestOptions = {
  readonly secret?: string;
  /** Seconds since the epoch; default now. */
  readonly timestamp?: number | string;
  readonly contentType?: string;
  /** How the body travels; the service encodes forms. */
  readonly base64?: boolean;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Replaces the true signature. */
  readonly signature?: string;
};

/** The headers with which Slack signs a body. */
export const slackHeaders = (
  body: string | Uint8Array,
  secret: string,
  timestamp: number | string,
): Record<string, string> => ({
  'x-slack-request-timestamp': String(timestamp),
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
});

/** An HTTP API event (payload format 2.0) with a body signed as Slack signs. */
export const signedRequest = (
  body: string | Uint8Array,
  options: SignedRequestOptions = {},
): APIGatewayProxyEventV2 => {
  const timestamp = options.timestamp ?? Math.floor(Date.now() / 1000);
  const method = options.method ?? 'POST';
  const bytes = Buffer.from(body);
  return {
    version: '2.0',
    routeKey: `${method} /slack/events`,
    rawPath: '/slack/events',
    rawQueryString: '',
    headers: {
      'content-type': options.contentType ?? 'application/x-www-form-urlencoded',
      ...slackHeaders(bytes, options.secret ?? testSigningSecret, timestamp),
      ...(options.signature === undefined ? {} : { 'x-slack-signature': options.signature }),
      ...options.headers,
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'local',
      http: { method, path: '/slack/events', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'Slackbot 1.0' },
      requestId: 'request',
      routeKey: '$default',
      stage: '$default',
      time: '02/Mar/2026:14:02:00 +0000',
      timeEpoch: 0,
    },
    body: options.base64 ? bytes.toString('base64') : bytes.toString('utf8'),
    isBase64Encoded: options.base64 ?? false,
  };
};

/** The body of a slash command. */
export const slashCommandBody = (text: string, fields: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams({
    token: 'verification-token',
    team_id: 'T0001',
    team_domain: 'example',
    channel_id: 'C0001',
    channel_name: 'mail',
    user_id: 'U0001',
    user_name: 'maria',
    command: '/postal-endpoint',
    text,
    api_app_id: 'A0001',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T0001/1/x',
    trigger_id: '1.2.trigger',
    ...fields,
  }).toString();

/** The body of an interaction: JSON in a form field. */
export const interactionBody = (payload: unknown): string =>
  new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

/** What every interaction says of its sender. */
export const interactionSender = {
  user: { id: 'U0001', username: 'maria', name: 'maria', team_id: 'T0001' },
  team: { id: 'T0001', domain: 'example' },
  api_app_id: 'A0001',
  token: 'verification-token',
  trigger_id: '1.2.trigger',
  enterprise: null,
  is_enterprise_install: false,
};
