import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebApiSlackApp } from '../../../lib/adapters/slack/web-api-slack-app.ts';
import { systemClock } from '../../../lib/adapters/system-clock.ts';
import { scopes } from '../../../lib/messages/scopes.ts';
import { botToken, startSampleSlack } from '../../local/slack/sample-workspace.ts';

const never = new AbortController().signal;

let slack: Awaited<ReturnType<typeof startSampleSlack>>;
beforeEach(async () => {
  slack = await startSampleSlack({ clock: systemClock });
});
afterEach(() => slack.close());

const app = (secrets: { readonly botToken: string; readonly botId: string; readonly botUserId: string }) =>
  createWebApiSlackApp({ secrets: async () => secrets, slackApiUrl: slack.apiUrl });
const { id: botId, userId: botUserId } = { id: 'B0POSTAL', userId: 'U0POSTAL' };

describe('what Slack knows of the app', () => {
  it('is its team, its bot, its scopes and the time', async () => {
    const identified = await app({ botToken, botId, botUserId }).identify(never);
    expect(identified).toMatchObject({
      ok: true,
      value: { isAsInSecret: true, scopes: scopes.map(({ scope }) => scope) },
    });
    expect(
      Math.abs((identified.ok && identified.value.slackNowMs ? identified.value.slackNowMs : 0) - Date.now()),
    ).toBeLessThan(60_000);
  });

  it('tells that the secret names another bot', async () => {
    expect(await app({ botToken, botId: 'B0OTHER', botUserId }).identify(never)).toMatchObject({
      ok: true,
      value: { isAsInSecret: false },
    });
  });

  it('is a refusal with Slack’s code for a wrong token', async () => {
    const wrong = await app({ botToken: 'xoxb-wrong', botId, botUserId }).identify(never);
    expect(wrong).toEqual({ ok: false, failure: { kind: 'refused', code: 'invalid_auth' } });
  });

  it('is unreachable when nobody answers', async () => {
    await slack.close();
    expect(await app({ botToken, botId, botUserId }).identify(never)).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable' },
    });
    slack = await startSampleSlack({ clock: systemClock });
  });
});
