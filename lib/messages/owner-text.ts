import { slackIdKindOf } from '../core/base/slack-ids.ts';
import { code, escapeText, groupMention, mention } from './block-kit/blocks.ts';

/** The owner of an endpoint: a person, a user group, a channel, or any other text, shown as it is. */
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
