import * as z from 'zod/mini';
import type { WebApiCall, WebApiResult } from './web-api-call.ts';

const schema = z.object({
  team: z._default(z.string(), ''),
  team_id: z.string(),
  user_id: z.string(),
  bot_id: z.optional(z.string()),
});

/** Whose token this is: `auth.test`, which needs no scope. `bot_id` is absent for a token that is not a bot's. */
export const authTest = (call: WebApiCall, signal: AbortSignal): Promise<WebApiResult<z.infer<typeof schema>>> =>
  call('auth.test', {}, schema, signal);

/** The id under which this app's posts are in a channel's history; anyone may write the same metadata. */
export const ownBotId = async (call: WebApiCall, signal: AbortSignal): Promise<WebApiResult<string>> => {
  const tested = await authTest(call, signal);
  if (!tested.ok) return tested;
  const { bot_id: value } = tested.value;
  if (value === undefined) return { ok: false, failure: { kind: 'refused', code: 'not_a_bot_token' } };
  return { ...tested, value };
};
