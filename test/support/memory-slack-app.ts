import type { SlackApp, SlackIdentity } from '../../lib/app/ports/slack-app.ts';
import type { Clock } from '../../lib/core/base/clock.ts';
import { scopes } from '../../lib/messages/scopes.ts';

/** What Slack says of an app that is set up as it should be, but for `other`. */
export const createMemorySlackApp = (clock: Pick<Clock, 'now'>, other: Partial<SlackIdentity> = {}): SlackApp => ({
  identify: async () => ({
    ok: true,
    value: {
      teamId: 'T0TEAM',
      team: 'Corp',
      botUserId: 'U0BOT',
      isAsInSecret: true,
      scopes: scopes.map(({ scope }) => scope),
      slackNowMs: clock.now(),
      ...other,
    },
  }),
});
