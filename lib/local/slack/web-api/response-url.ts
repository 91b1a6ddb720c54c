import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from './faults.ts';
import { parseJson, readText, sendJson, sendText } from './http.ts';
import { readContent } from './message-content.ts';
import type { MethodContext, MethodResult } from './method.ts';
import type { ResponseUrlTarget } from './tickets.ts';
import { playFault } from './web-api.ts';

type Payload = Readonly<Record<string, unknown>>;

const isPayload = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Does what a message payload asks of a conversation: adds, replaces or deletes. Used for a response_url and for an immediate answer alike. */
export const applyPayload = (
  payload: Payload,
  target: ResponseUrlTarget,
  { store, workspace }: MethodContext,
): MethodResult => {
  const original = target.messageTs === undefined ? undefined : store.find(target.channel, target.messageTs);
  if (payload['delete_original'] === true) {
    if (original === undefined) return { ok: false, error: 'message_not_found' };
    store.remove(original);
    return { ok: true };
  }
  const { text, blocks, metadata } = payload;
  const given = {
    text: typeof text === 'string' ? text : undefined,
    blocks,
    blocksGiven: blocks !== undefined,
    metadata,
  };
  const read = readContent(given, store.nextId, store.hasPicture);
  if (!read.ok) return read.failure;
  if (payload['replace_original'] === true && original !== undefined) {
    store.replace(original, read.content);
    return { ok: true };
  }
  const visibility = payload['response_type'] === 'in_channel' ? {} : { visibleTo: target.userId };
  store.add({ channel: target.channel, author: workspace.bot.userId, ...visibility, ...read.content });
  return { ok: true };
};

/** Answers a POST to a response_url; needs no membership and no token, only the url. */
export const createResponseUrls =
  (context: MethodContext & { readonly faults: Faults }) =>
  async (key: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(request);
    const fault = context.faults.take('response_url');
    if (playFault(fault, request, response)) return;
    const payload = parseJson(body);
    if (!isPayload(payload)) return sendText(response, 400, 'invalid_payload');
    const ticket = context.tickets.redeemResponseUrl(key);
    if ('error' in ticket) return sendJson(response, 404, { ok: false, error: ticket.error });
    const result = applyPayload(payload, ticket.target, context);
    if (fault === 'lost-answer') return void request.socket.destroy();
    return result.ok ? sendText(response, 200, 'ok') : sendJson(response, 404, result);
  };
