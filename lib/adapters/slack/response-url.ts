import * as z from 'zod/mini';
import type { Message, MessengerFailure } from '../../messages/message.ts';
import { codeFailure, retryAfterFailure } from './web-api-failure.ts';

const requestTimeoutMs = 5000;
const slackHooksOrigin = 'https://hooks.slack.com';

const answerSchema = z.object({ ok: z.optional(z.boolean()), error: z.optional(z.string()) });

const readAnswer = (status: number, body: string): z.infer<typeof answerSchema> => {
  try {
    return answerSchema.safeParse(JSON.parse(body)).data ?? {};
  } catch {
    return status === 200 ? {} : { error: body.trim().slice(0, 80) };
  }
};

/** What is wrong, from status and body: Slack answers 404 for a url that is used up, and for blocks that it does not take. */
const failureOf = (status: number, retryAfter: string | null, body: string): MessengerFailure | undefined => {
  if (status === 429) return retryAfterFailure(retryAfter);
  if (status >= 500) return { kind: 'unreachable', message: `response_url answered ${status}` };
  const answer = readAnswer(status, body);
  if (status !== 200 || answer.ok === false) return codeFailure(answer.error || `http_${status}`);
  return undefined;
};

/** A response_url that leads to Slack, or to where the Web API is; undefined for any other, which would be a way out of the network. */
export const trustedResponseUrl = (url: string | undefined, slackApiUrl: string): string | undefined => {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { origin } = new URL(url);
  return origin === slackHooksOrigin || origin === new URL(slackApiUrl).origin ? url : undefined;
};

/** Sends an answer to a response_url, within 5 s. Undefined when Slack took it. */
export const respond = async (
  url: string,
  message: Message,
  options: { readonly replaceOriginal: boolean; readonly inChannel: boolean },
  signal: AbortSignal,
): Promise<MessengerFailure | undefined> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        text: message.text,
        blocks: message.blocks,
        response_type: options.inChannel ? 'in_channel' : 'ephemeral',
        replace_original: options.replaceOriginal,
      }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
    });
    return failureOf(response.status, response.headers.get('retry-after'), await response.text());
  } catch (error) {
    return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
  }
};
