import * as z from 'zod';
import type { MessengerResult } from '../../app/ports/messenger.ts';
import type { SlackApp, SlackIdentity } from '../../app/ports/slack-app.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import type { SlackSecrets } from '../aws/secrets.ts';

const requestTimeoutMs = 5_000;

const answerSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    team: z.string().default(''),
    team_id: z.string(),
    user_id: z.string(),
    bot_id: z.string().optional(),
  }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

const failed = (failure: MessengerFailure): MessengerResult<SlackIdentity> => ({ ok: false, failure });

const dateOf = (header: string | null): number | undefined => {
  const ms = Date.parse(header ?? '');
  return Number.isNaN(ms) ? undefined : ms;
};

/** `auth.test`, which wants no scope. Throws only what `secrets` throws. */
export const createWebApiSlackApp = (options: {
  readonly secrets: () => Promise<Pick<SlackSecrets, 'botToken' | 'botId' | 'botUserId'>>;
  readonly slackApiUrl: string;
}): SlackApp => ({
  identify: async (signal) => {
    const { botToken, botId, botUserId } = await options.secrets();
    try {
      const response = await fetch(new URL('auth.test', options.slackApiUrl), {
        method: 'POST',
        redirect: 'error',
        headers: { authorization: `Bearer ${botToken}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      });
      if (!response.ok) return failed({ kind: 'unreachable', message: `Slack answered HTTP ${response.status}` });
      const answer = answerSchema.safeParse(await response.json());
      if (!answer.success) return failed({ kind: 'unreachable', message: 'Slack answered auth.test in another form' });
      if (!answer.data.ok) return failed({ kind: 'refused', code: answer.data.error });
      const { team, team_id, user_id, bot_id } = answer.data;
      return {
        ok: true,
        value: {
          teamId: team_id,
          team,
          botUserId: user_id,
          isAsInSecret: user_id === botUserId && (bot_id === undefined || bot_id === botId),
          scopes: response.headers
            .get('x-oauth-scopes')
            ?.split(',')
            .map((scope) => scope.trim())
            .filter((scope) => scope !== ''),
          slackNowMs: dateOf(response.headers.get('date')),
        },
      };
    } catch (error) {
      return failed({ kind: 'unreachable', message: error instanceof Error ? error.message : String(error) });
    }
  },
});
