import { bad, type Examined, good, unsure } from '../../core/base/examined.ts';
import { scopes } from '../../messages/scopes.ts';
import type { Ports } from '../ports/ports.ts';
import type { SlackIdentity } from '../ports/slack-app.ts';

/** Slack refuses a signature that is five minutes old, and AWS a request: long before that somebody should know. */
const largestSkewMs = 30_000;

const examineScopes = ({ scopes: held }: SlackIdentity): Examined => {
  const what = 'Slack scopes';
  if (held === undefined)
    return unsure(
      what,
      'Slack did not say which scopes the token has',
      'Look at OAuth & Permissions of the Slack app.',
    );
  const lacking = scopes.filter(({ scope }) => !held.includes(scope));
  if (lacking.length === 0) return good(what, `all ${scopes.length} are there`);
  const detail = `missing: ${lacking.map(({ scope, reason }) => `${scope} (${reason})`).join('; ')}`;
  const remedy = 'Add what is missing to the Slack app (npm run manifest has the list) and install it again.';
  return lacking.every(({ isOptional }) => isOptional) ? unsure(what, detail, remedy) : bad(what, detail, remedy);
};

const examineClock = ({ slackNowMs }: SlackIdentity, nowMs: number): Examined => {
  if (slackNowMs === undefined) return unsure('clock', 'Slack did not say what time it is', 'Look again in a minute.');
  // The header has whole seconds.
  const skewMs = Math.max(0, Math.abs(nowMs - slackNowMs) - 1_000);
  return skewMs <= largestSkewMs
    ? good('clock', 'agrees with Slack’s')
    : bad(
        'clock',
        `is ${Math.round(skewMs / 1000)} s apart from Slack’s`,
        'Set this machine’s clock: signatures are judged by it.',
      );
};

/** Whether the app is in a channel that it has to write to and read. */
const examineChannel = async (
  { witness, clock }: Ports,
  what: string,
  channelId: string,
  signal: AbortSignal,
): Promise<Examined> => {
  const read = await witness.posts(channelId, (clock.now() / 1000).toFixed(6), signal);
  const examined = (): Examined => {
    if (read.ok) return good(what, 'the app is in it and can read it');
    if (read.failure.kind !== 'refused')
      return unsure(what, 'Slack could not be asked about it', 'Look again in a minute.');
    return bad(
      what,
      `Slack answered ${read.failure.code}`,
      'Invite the app to that channel, or correct its id in policy.json.',
    );
  };
  return { ...examined(), channelId };
};

/** The token and what it may do, the clock by Slack's, and the channels that policy names. */
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
            'Put the app’s bot token into the secret; it is read afresh within five minutes.',
          )
        : unsure(
            'Slack token',
            'Slack did not answer',
            'Look at status.slack.com, and whether the worker reaches the internet.',
          ),
    ];
  }
  const { value } = identified;
  const { channel } = policy.watch;
  return [
    value.isAsInSecret
      ? good('Slack token', `is this app’s, of ${value.team || value.teamId}`)
      : bad(
          'Slack token',
          `is ${value.botUserId}, and the secret names another bot`,
          'Put botId and botUserId of that token into the secret (auth.test).',
        ),
    examineScopes(value),
    examineClock(value, clock.now()),
    await examineChannel(ports, 'audit channel', policy.auditChannel, signal),
    channel === undefined
      ? unsure(
          'on-call channel',
          'policy.json names none: nobody is told of an outage',
          'Name one under watch.channel.',
        )
      : await examineChannel(ports, 'on-call channel', channel, signal),
  ];
};
