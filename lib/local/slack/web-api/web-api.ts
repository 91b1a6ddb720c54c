import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { scopes } from '../../../messages/scopes.ts';
import type { Fault, Faults } from './faults.ts';
import { parseJson, readText, sendJson, sendText } from './http.ts';
import { type Arguments, argumentsOf, type Method, type MethodContext } from './method.ts';
import { chatGetPermalink, chatPostEphemeral, chatPostMessage, chatUpdate } from './methods-chat.ts';
import { conversationsOpen, filesCompleteUploadExternal, filesGetUploadUrlExternal } from './methods-files.ts';
import { viewsOpen, viewsPublish } from './methods-views.ts';
import { authTest, conversationsHistory, conversationsReplies, usergroupsUsersList } from './methods-workspace.ts';
import { createTokenBucket } from './token-bucket.ts';

/** With every answer Slack says what the token may do: here, what the app's manifest asks for. */
const grantedScopes = { 'x-oauth-scopes': scopes.map(({ scope }) => scope).join(',') };

/** Calls a minute of Slack's tiers; posting has a rate of its own, by channel. */
const methods: Readonly<Record<string, { readonly method: Method; readonly perMinute: number }>> = {
  'auth.test': { method: authTest, perMinute: 300 },
  'chat.getPermalink': { method: chatGetPermalink, perMinute: 300 },
  'chat.postEphemeral': { method: chatPostEphemeral, perMinute: 100 },
  'chat.postMessage': { method: chatPostMessage, perMinute: 600 },
  'chat.update': { method: chatUpdate, perMinute: 50 },
  'conversations.history': { method: conversationsHistory, perMinute: 50 },
  'conversations.replies': { method: conversationsReplies, perMinute: 50 },
  'conversations.open': { method: conversationsOpen, perMinute: 50 },
  'files.completeUploadExternal': { method: filesCompleteUploadExternal, perMinute: 100 },
  'files.getUploadURLExternal': { method: filesGetUploadUrlExternal, perMinute: 100 },
  'usergroups.users.list': { method: usergroupsUsersList, perMinute: 20 },
  'views.open': { method: viewsOpen, perMinute: 100 },
  'views.publish': { method: viewsPublish, perMinute: 100 },
};

const readArguments = (request: IncomingMessage, body: string): Arguments => {
  const values = new Map<string, unknown>(new URL(request.url ?? '/', 'http://slack').searchParams);
  if (request.headers['content-type']?.startsWith('application/json')) {
    const json = parseJson(body);
    if (typeof json === 'object' && json !== null)
      for (const [key, value] of Object.entries(json)) values.set(key, value);
  } else {
    for (const [key, value] of new URLSearchParams(body)) values.set(key, value);
  }
  return argumentsOf(values);
};

export const sameSecret = (given: string, expected: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** Plays a fault; true when nothing more is to be done. */
export const playFault = (fault: Fault | undefined, request: IncomingMessage, response: ServerResponse): boolean => {
  if (fault === undefined || fault === 'lost-answer') return false;
  if (fault === 'lost-request') request.socket.destroy();
  else if (fault === 429) sendJson(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': '1' });
  else if (fault === 500 || fault === 503) sendText(response, fault, 'Server Error');
  else if (typeof fault === 'object' && 'redirect' in fault) sendText(response, 307, '', { location: fault.redirect });
  else if (fault !== 'no-answer') sendJson(response, 200, { ok: false, ...fault });
  return true;
};

/** Answers `/api/<method>`, for the holder of `botToken`. */
export const createWebApi = (
  context: MethodContext & {
    readonly botToken: string;
    readonly faults: Faults;
    readonly clock: Parameters<typeof createTokenBucket>[0];
  },
) => {
  const rates = new Map(
    Object.entries(methods).map(([name, { perMinute }]) => [
      name,
      createTokenBucket(context.clock, perMinute / 60, perMinute),
    ]),
  );

  return async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(request);
    if (body === undefined) return sendJson(response, 200, { ok: false, error: 'request_too_large' });
    const fault = context.faults.take(name);
    if (playFault(fault, request, response)) return;
    const args = readArguments(request, body);
    const token = request.headers.authorization?.replace(/^Bearer /i, '') ?? args.text('token');
    if (token === undefined) return sendJson(response, 200, { ok: false, error: 'not_authed' });
    if (!sameSecret(token, context.botToken)) return sendJson(response, 200, { ok: false, error: 'invalid_auth' });
    const entry = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (entry === undefined) return sendJson(response, 200, { ok: false, error: 'unknown_method', req_method: name });
    const wait = rates.get(name)?.(name) ?? 0;
    const result = wait > 0 ? { retryAfterSeconds: wait } : entry.method(args, context);
    if (fault === 'lost-answer') return void request.socket.destroy();
    if ('retryAfterSeconds' in result && !('ok' in result)) {
      return sendJson(
        response,
        429,
        { ok: false, error: 'ratelimited' },
        { 'retry-after': String(result.retryAfterSeconds) },
      );
    }
    return sendJson(response, 200, result, grantedScopes);
  };
};
