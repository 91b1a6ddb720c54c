import { code, escapeText, groupMention, mention } from './block-kit/blocks.ts';

/** Whoever owns an endpoint: a person, a user group, a channel, or a name that is none of them and shown as it is. */
export const ownerText = (owner: string): string => {
  // Ids have a digit; SALES and GITLABOPS are names.
  if (!/\d/.test(owner)) return code(owner);
  if (/^[UW][A-Z0-9]{3,}$/.test(owner)) return mention(owner);
  if (/^S[A-Z0-9]{3,}$/.test(owner)) return groupMention(owner);
  if (/^[CG][A-Z0-9]{6,}$/.test(owner)) return `<#${escapeText(owner)}>`;
  return code(owner);
};
