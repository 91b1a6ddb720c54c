import { createHmac } from 'node:crypto';
import type { Clock } from '../../core/base/clock.ts';

export type FrontAnswer =
  | { readonly ok: true; readonly body: string }
  /** `reason` says in a few words what went wrong: no connection, no answer in time, another status than 200. */
  | { readonly ok: false; readonly reason: string };

/** Slack's signature of a request: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signatureOf = (signingSecret: string, timestampSeconds: string, body: string): string =>
  `v0=${createHmac('sha256', signingSecret).update(`v0:${timestampSeconds}:${body}`).digest('hex')}`;

/** Sends one signed request to the app, as Slack would, and waits `timeoutMs` for its answer. */
export const sendSigned = async (
  request: { readonly url: string; readonly contentType: string; readonly body: string },
  options: { readonly signingSecret: string; readonly clock: Clock; readonly timeoutMs: number },
): Promise<FrontAnswer> => {
  const timestamp = String(Math.floor(options.clock.now() / 1000));
  try {
    const response = await fetch(request.url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': request.contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signatureOf(options.signingSecret, timestamp, request.body),
      },
      body: request.body,
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    const body = await response.text();
    return response.status === 200
      ? { ok: true, body }
      : { ok: false, reason: `the app answered HTTP ${response.status}` };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    return {
      ok: false,
      reason: late ? `the app did not answer within ${options.timeoutMs} ms` : 'the app could not be reached',
    };
  }
};
