import { directChannel } from './store/conversation.ts';
import type { Channel, StoredMessage, User } from './store/workspace.ts';
import type { MethodContext } from './web-api/method.ts';

/** The old verification token, which Slack still sends and nobody should trust. */
const verificationToken = 'local-workspace-has-no-token';

/** Fields that every interactivity payload carries. `team` and `enterprise` are those of the app's installation, whoever acts. */
export const interactionBase = ({ workspace: { team, bot } }: MethodContext, user: User) => ({
  team: {
    id: team.id,
    domain: team.domain,
    ...(team.enterprise === undefined
      ? {}
      : { enterprise_id: team.enterprise.id, enterprise_name: team.enterprise.name }),
  },
  user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId ?? team.id },
  api_app_id: bot.appId,
  token: verificationToken,
  enterprise: team.enterprise ?? null,
  is_enterprise_install: false,
});

/** A slash command's form. */
export const commandForm = (
  { workspace: { team, bot, command } }: MethodContext,
  given: {
    readonly user: User;
    readonly channel: Channel;
    readonly text: string;
    readonly responseUrl: string;
    readonly triggerId: string;
  },
): string =>
  new URLSearchParams({
    token: verificationToken,
    team_id: given.user.teamId ?? team.id,
    team_domain: team.domain,
    ...(team.enterprise === undefined || given.user.teamId !== undefined
      ? {}
      : { enterprise_id: team.enterprise.id, enterprise_name: team.enterprise.name }),
    channel_id: given.channel.id,
    channel_name: given.channel.name,
    user_id: given.user.id,
    user_name: given.user.name,
    command,
    text: given.text,
    api_app_id: bot.appId,
    is_enterprise_install: 'false',
    response_url: given.responseUrl,
    trigger_id: given.triggerId,
  }).toString();

/** What Slack puts around an event. */
const eventCallback = ({ workspace: { team, bot }, store, clock }: MethodContext, user: User, event: object): string =>
  JSON.stringify({
    token: verificationToken,
    // Where it happened; the installation is in `authorizations`.
    team_id: user.teamId ?? team.id,
    enterprise_id: user.teamId === undefined ? team.enterprise?.id : undefined,
    context_team_id: team.id,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: store.nextId('Ev'),
    event_time: Math.floor(clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: team.enterprise?.id ?? null,
        team_id: team.id,
        user_id: bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  });

/** The event that opening the bot's App Home causes. */
export const homeOpenedEvent = (context: MethodContext, user: User): string =>
  eventCallback(context, user, {
    type: 'app_home_opened',
    user: user.id,
    channel: directChannel(user).id,
    tab: 'home',
    event_ts: (context.clock.now() / 1000).toFixed(6),
  });

/** The event that a message causes in which somebody mentions the bot, in a channel that it is a member of. */
export const appMentionEvent = (
  context: MethodContext,
  user: User,
  { ts, channel, threadTs, text }: Pick<StoredMessage, 'ts' | 'channel' | 'threadTs' | 'text'>,
): string =>
  eventCallback(context, user, {
    type: 'app_mention',
    user: user.id,
    team: user.teamId ?? context.workspace.team.id,
    text,
    ts,
    channel,
    event_ts: ts,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  });

/** As the app's manifest asks with `should_escape`: mentions of people, user groups and channels arrive as ids. */
export const escapeMentions = (
  text: string,
  { workspace: { users, channels, userGroups } }: Pick<MethodContext, 'workspace'>,
): string =>
  text.replace(/(?<=^|[\s="'(])([@#])([\p{L}\p{N}._-]+)/gu, (whole, sign: string, name: string) => {
    const channel = sign === '#' ? channels.find((candidate) => candidate.name === name) : undefined;
    const user = sign === '@' ? users.find((candidate) => candidate.name === name) : undefined;
    const group = sign === '@' ? userGroups.find(({ handle }) => handle === name) : undefined;
    if (channel !== undefined) return `<#${channel.id}|${name}>`;
    if (user !== undefined) return `<@${user.id}|${name}>`;
    return group === undefined ? whole : `<!subteam^${group.id}|@${name}>`;
  });
