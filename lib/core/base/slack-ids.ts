/** The form of each kind of id. Source: Slack, "Slack API identifiers"; an enterprise is an organisation of several workspaces. */
const forms = {
  workspace: /^T[A-Z0-9]+$/,
  enterprise: /^E[A-Z0-9]+$/,
  /** Where several can read: public and private channels. */
  channel: /^[CG][A-Z0-9]+$/,
  directMessage: /^D[A-Z0-9]+$/,
  user: /^[UW][A-Z0-9]+$/,
  userGroup: /^S[A-Z0-9]+$/,
  file: /^F[A-Z0-9]+$/,
} as const;

export type SlackIdKind = keyof typeof forms;

/** Whether a text has the form of an id of this kind. A word in capitals may have it too. */
export const isSlackId = (kind: SlackIdKind, text: string): boolean => forms[kind].test(text);

const shortestInText = { channel: 7, user: 4, userGroup: 4 } as const;

/** What a text that may also be a word is an id of, or undefined: `SALES` and `CLOUDFLARE` are words, since an id has a digit. */
export const slackIdKindOf = (text: string): keyof typeof shortestInText | undefined => {
  const kinds = ['channel', 'user', 'userGroup'] as const;
  return /\d/.test(text)
    ? kinds.find((kind) => isSlackId(kind, text) && text.length >= shortestInText[kind])
    : undefined;
};

/** A channel in a sentence of ours, so that a message can show it as a link: `#C0123ABCD`. */
export const channelReference = (channelId: string): string => `#${channelId}`;

/** A mention as it travels in a message's text: `<@U1|name>`, `<#C1|name>`, `<!subteam^S1|@group>`. The name may be missing. */
export type Mention = { readonly kind: 'user' | 'channel' | 'userGroup'; readonly id: string; readonly name: string };

/** A mention without its name, as what stands between `<` and `|`; undefined for anything else. */
export const mentionTarget = (target: string): Omit<Mention, 'name'> | undefined => {
  const [, mark, id = ''] = /^(@|#|!subteam\^)([A-Z0-9]+)$/.exec(target) ?? [];
  const kind = mark === '@' ? 'user' : mark === '#' ? 'channel' : 'userGroup';
  return mark !== undefined && isSlackId(kind, id) ? { kind, id } : undefined;
};

const mentionPattern = /<([@#!][^<>|\s]+)(?:\|([^<>]*))?>/g;

/** The text with every mention replaced. */
export const replaceMentions = (text: string, replaced: (mention: Mention) => string): string =>
  text.replace(mentionPattern, (whole, target: string, label: string | undefined) => {
    const mention = mentionTarget(target);
    return mention === undefined ? whole : replaced({ ...mention, name: label ?? '' });
  });

/** A mention as people see it: `@maria`, `#mail`; its id where Slack gave no name. */
const seen = ({ kind, id, name }: Mention): string => {
  if (name === '') return id;
  return name.startsWith('@') || name.startsWith('#') ? name : `${kind === 'channel' ? '#' : '@'}${name}`;
};

/** The text with mentions as people see them. */
export const withoutMentions = (text: string): string => replaceMentions(text, seen);

/** The id of a text that is one mention and nothing else; undefined for any other text. */
export const idOfMention = (text: string): string | undefined => {
  let id: string | undefined;
  const rest = replaceMentions(text.trim(), (mention) => {
    id = mention.id;
    return '';
  });
  return rest === '' ? id : undefined;
};
