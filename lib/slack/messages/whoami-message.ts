import type { Actor } from '../../ledger/entry.ts';
import type { GrantSummary } from '../../policy/authorise.ts';
import { code, context, escapeText, mention, section, sections } from '../blocks.ts';
import type { Message } from '../messenger.ts';

const grantLine = ({ name, verbs, hostnames, channels, here }: GrantSummary): string => {
  const what = verbs.includes('*') ? 'everything' : verbs.map(code).join(' ');
  const names = hostnames === undefined ? 'on every name in the zones' : `on ${hostnames.map(code).join(' ')}`;
  const where = channels === undefined ? '' : `, in ${channels.map((id) => `<#${escapeText(id)}>`).join(' ')}`;
  return `${here ? '✓' : '–'} *${escapeText(name)}*: ${what} ${names}${where}${here ? '' : ' (not in this channel)'}`;
};

/** What a person may do, where, and by which grant. */
export const whoamiMessage = (actor: Actor, grants: readonly GrantSummary[], policyVersion: string): Message => {
  const who = `You are ${mention(actor.userId)} (${code(actor.userId)}), here in <#${escapeText(actor.channelId)}>, team ${code(actor.teamId)}.`;
  const nothing =
    'No grant of the policy fits you, so you may do nothing but ask for help: everything is denied unless granted. Ask whoever runs this bot.';
  const what = grants.length === 0 ? nothing : grants.map(grantLine).join('\n');
  const spoken = grants.length === 0 ? nothing : `You may: ${grants.map(({ name, verbs }) => `${name} (${verbs.join(', ')})`).join('; ')}`;
  return { text: escapeText(spoken), blocks: [section(who), ...sections(what), context(`policy ${code(policyVersion)}`)] };
};
