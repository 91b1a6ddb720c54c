import { slackIdKindOf } from '../core/base/slack-ids.ts';
import { code, escapeText, groupMention, mention } from './block-kit/blocks.ts';

/** Whoever owns an endpoint: a person, a user group, a channel, or a name that is none of them and shown as it is. */
export const ownerText = (owner: string): string => {
  switch (slackIdKindOf(owner)) {
    case 'user':
      return mention(owner);
    case 'userGroup':
      return groupMention(owner);
    case 'channel':
      return `<#${escapeText(owner)}>`;
    case undefined:
      return code(owner);
  }
};
