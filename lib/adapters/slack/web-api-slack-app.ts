import type { SlackApp } from '../../app/ports/slack-app.ts';
import type { SlackSecrets } from '../aws/secrets.ts';
import { authTest } from './auth-test.ts';
import { createWebApiCall } from './web-api-call.ts';

const timeoutMs = 5_000;

const dateOf = (header: string | null): number | undefined => {
  const ms = Date.parse(header ?? '');
  return Number.isNaN(ms) ? undefined : ms;
};

/** What `auth.test` says, beside what the secret says. Throws only what `secrets` throws. */
export const createWebApiSlackApp = (options: {
  readonly secrets: () => Promise<Pick<SlackSecrets, 'botToken' | 'botId' | 'botUserId'>>;
  readonly slackApiUrl: string;
}): SlackApp => ({
  identify: async (signal) => {
    const { botToken, botId, botUserId } = await options.secrets();
    const { slackApiUrl } = options;
    const call = createWebApiCall({ botToken: async () => botToken, slackApiUrl, timeoutMs });
    const tested = await authTest(call, signal);
    if (!tested.ok) return tested;
    const { team, team_id: teamId, user_id, bot_id } = tested.value;
    return {
      ok: true,
      value: {
        teamId,
        team,
        botUserId: user_id,
        isAsInSecret: user_id === botUserId && (bot_id === undefined || bot_id === botId),
        scopes: tested.headers
          .get('x-oauth-scopes')
          ?.split(',')
          .map((scope) => scope.trim())
          .filter((scope) => scope !== ''),
        slackNowMs: dateOf(tested.headers.get('date')),
      },
    };
  },
});
