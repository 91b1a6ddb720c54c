import { slashCommand, table, typedVerbs } from '../core/grammar/table.ts';
import { scopes } from '../messages/scopes.ts';

/** Slack cuts nothing off here: it refuses a longer one. https://docs.slack.dev/reference/app-manifest */
const longestUsageHint = 1000;

const usageHint = typedVerbs
  .map((verb) => table[verb])
  .map(({ verb, positionals }) =>
    [verb, ...positionals.map(({ name, optional }) => (optional ? `[${name}]` : `<${name}>`))].join(' '),
  )
  .join(' · ')
  .slice(0, longestUsageHint);

/** The manifest from which Slack makes the app: the slash command with its verbs, the least scopes, everything sent to one address. */
export const manifestOf = (requestUrl: string) =>
  ({
    display_information: {
      name: 'postal-endpoint',
      description: 'Registers, checks and watches the host names behind Postal’s SMTP endpoints',
      background_color: '#1d4f5c',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'postal-endpoint', always_online: true },
      shortcuts: [
        {
          name: 'Add an endpoint',
          type: 'global',
          callback_id: 'add-endpoint',
          description: 'Registers a host name for an SMTP endpoint of Postal',
        },
      ],
      slash_commands: [
        {
          command: slashCommand,
          url: requestUrl,
          description: 'Host names for Postal’s SMTP endpoints',
          usage_hint: usageHint,
          // Without it people and channels arrive as names, which change hands; with it as ids.
          should_escape: true,
        },
      ],
    },
    oauth_config: { scopes: { bot: scopes.map(({ scope }) => scope) } },
    settings: {
      event_subscriptions: { request_url: requestUrl, bot_events: ['app_home_opened', 'app_mention'] },
      interactivity: { is_enabled: true, request_url: requestUrl },
      // An internal app: one that is distributed may read a channel's history once a minute, and `history --verify` reads whole channels.
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  }) as const;
