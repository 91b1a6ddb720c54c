import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { signatureOf } from '../../../lib/local/slack/signed-request.ts';
import { benchSecrets } from './secrets.ts';

/** The event that an HTTP API makes of a slash command which Slack signed just now. */
export const slashCommandEvent = (text: string): APIGatewayProxyEventV2 => {
  const body = new URLSearchParams({
    team_id: 'T0BENCH',
    channel_id: 'C0BENCH',
    user_id: 'U0PERSON',
    user_name: 'maria',
    command: '/postal-endpoint',
    text,
    response_url: 'https://hooks.slack.com/commands/bench',
    trigger_id: '1.1.bench',
  }).toString();
  const now = Date.now();
  const timestamp = String(Math.floor(now / 1000));
  const routeKey = 'POST /slack/events';
  return {
    version: '2.0',
    routeKey,
    rawPath: '/slack/events',
    rawQueryString: '',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(benchSecrets.signingSecret, timestamp, body),
    },
    requestContext: {
      accountId: '000000000000',
      apiId: 'bench',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: 'POST',
        path: '/slack/events',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'Slackbot 1.0',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: new Date(now).toISOString(),
      timeEpoch: now,
    },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
};
