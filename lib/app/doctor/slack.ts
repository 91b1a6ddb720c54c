import { bad, type Examined, good, unsure } from '../../core/base/examined.ts';
import { scopes } from '../../messages/scopes.ts';
import type { Ports } from '../ports/ports.ts';
import type { SlackIdentity } from '../ports/slack-app.ts';

/** Slack and AWS reject signatures that are five minutes old; this warns well before that. */
const largestSkewMs = 30_000;

const examineScopes = ({ scopes: held }: SlackIdentity): Examined => {
  const what = 'Slack scopes';
  if (held === undefined)
    return unsure(what, 'Slack did not say which scopes the token has', 'Check OAuth & Permissions of the Slack app.');
  const lacking = scopes.filter(({ scope }) => !held.includes(scope));
  if (lacking.length === 0) return good(what, `all ${scopes.length} granted`);
  const detail = `missing: ${lacking.map(({ scope, reason }) => `${scope} (${reason})`).join('; ')}`;
  const remedy = 'Add the missing scopes to the Slack app (npm run manifest prints the list) and reinstall it.';
  return lacking.every(({ isOptional }) => isOptional) ? unsure(what, detail, remedy) : bad(what, detail, remedy);
};

const examineClock = ({ slackNowMs }: SlackIdentity, nowMs: number): Examined => {
  if (slackNowMs === undefined) return unsure('clock', 'Slack’s answer had no time', 'Try again in a minute.');
  // The header has whole seconds.
  const skewMs = Math.max(0, Math.abs(nowMs - slackNowMs) - 1_000);
  return skewMs <= largestSkewMs
    ? good('clock', 'matches Slack’s')
    : bad(
        'clock',
        `differs from Slack’s by ${Math.round(skewMs / 1000)} s`,
        'Correct this machine’s clock: it is used to verify signatures.',
      );
};

/** Whether the app is a member of a channel that it must read and write. */
const examineChannel = async (
  { witness, clock }: Ports,
  what: string,
  channelId: string,
  signal: AbortSignal,
): Promise<Examined> => {
  const read = await witness.posts(channelId, (clock.now() / 1000).toFixed(6), signal);
  const examined = (): Examined => {
    if (read.ok) return good(what, 'the app is in it and can read it');
    if (read.failure.kind !== 'refused') return unsure(what, 'Slack did not answer', 'Try again in a minute.');
    return bad(
      what,
      `Slack answered ${read.failure.code}`,
      'Invite the app to that channel, or correct its id in policy.json.',
    );
  };
  return { ...examined(), channelId };
};

/** The token and its scopes, the clock compared with Slack's, and the channels that policy names. */
export const examineSlack = async (ports: Ports, signal: AbortSignal): Promise<readonly Examined[]> => {
  const { policy, clock } = ports;
  const identified = await ports.slackApp.identify(signal);
  if (!identified.ok) {
    const { failure } = identified;
    return [
      failure.kind === 'refused'
        ? bad(
            'Slack token',
            `Slack answered ${failure.code}`,
            'Put the app’s bot token into the secret; the bot reads it again within five minutes.',
          )
        : unsure(
            'Slack token',
            'Slack did not answer',
            'Check status.slack.com, and whether the worker reaches the internet.',
          ),
    ];
  }
  const { value } = identified;
  const { channel } = policy.watch;
  return [
    value.isAsInSecret
      ? good('Slack token', `belongs to this app, workspace ${value.team || value.teamId}`)
      : bad(
          'Slack token',
          `belongs to ${value.botUserId}, but the secret names another bot`,
          'Put botId and botUserId of that token into the secret (auth.test).',
        ),
    examineScopes(value),
    examineClock(value, clock.now()),
    await examineChannel(ports, 'audit channel', policy.auditChannel, signal),
    channel === undefined
      ? unsure('on-call channel', 'policy.json has none: nobody is notified of an outage', 'Set watch.channel.')
      : await examineChannel(ports, 'on-call channel', channel, signal),
  ];
};
