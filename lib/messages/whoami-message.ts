import type { Actor } from '../core/ledger/entry.ts';
import type { GrantSummary } from '../core/policy/authorise.ts';
import type { Rights } from '../core/policy/rights.ts';
import { code, context, escapeText, mention, section, sections } from './block-kit/blocks.ts';
import type { Message } from './message.ts';

const grantLine = ({ name, verbs, hostnames, channels, here }: GrantSummary): string => {
  const what = verbs.includes('*') ? 'everything' : verbs.map(code).join(' ');
  const names = hostnames === undefined ? 'on every name in the zones' : `on ${hostnames.map(code).join(' ')}`;
  const where = channels === undefined ? '' : `, in ${channels.map((id) => `<#${escapeText(id)}>`).join(' ')}`;
  return `${here ? '✓' : '–'} *${escapeText(name)}*: ${what} ${names}${where}${here ? '' : ' (not in this channel)'}`;
};

const besides = ({ approves, breaksGlassFor, unreadGroups }: Rights): string[] => [
  ...approves.map(
    ({ name, hostnames, channelId }) =>
      `🔐 *${escapeText(name)}*: you may approve changes of ${hostnames.map(code).join(' ')}, requested in <#${escapeText(channelId)}>`,
  ),
  ...(breaksGlassFor.length === 0
    ? []
    : [`🚨 You may use --break-glass with a reason: ${breaksGlassFor.map(code).join(' ')}`]),
  ...(unreadGroups.length === 0
    ? []
    : [
        `❔ I could not read the user groups ${unreadGroups.map(code).join(' ')} just now, so their grants are not shown.`,
      ]),
];

/** What a person may do, where, and by which grant. */
export const whoamiMessage = (actor: Actor, rights: Rights, policyVersion: string): Message => {
  const { grants } = rights;
  const who = `You are ${mention(actor.userId)} (${code(actor.userId)}), here in <#${escapeText(actor.channelId)}>, team ${code(actor.teamId)}.`;
  const nothing = 'No grant of the policy covers you, so you can only use help. Ask the people who run this bot.';
  const what = grants.length === 0 ? nothing : grants.map(grantLine).join('\n');
  const spoken =
    grants.length === 0
      ? nothing
      : `You may: ${grants.map(({ name, verbs }) => `${name} (${verbs.join(', ')})`).join('; ')}`;
  return {
    text: escapeText(spoken),
    blocks: [
      section(who),
      ...sections([what, ...besides(rights)].join('\n')),
      context(`policy ${code(policyVersion)}`),
    ],
  };
};
