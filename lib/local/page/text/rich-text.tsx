import { type Block, Message } from 'slack-blocks-to-jsx';
import { useWorkspaceContext } from '../workspace/surroundings.ts';
import { formatDateToken } from './date-token.ts';
import { parseMrkdwn } from './mrkdwn.ts';
import type { RichTextSectionElement } from './rich-text-element.ts';

const isHere = (href: string): boolean => href.startsWith(`${location.origin}/#`);

/** Blocks that the library shows as Slack would. */
export const LibraryBlocks = ({ blocks }: { readonly blocks: readonly Block[] }) => {
  const { users, channels, userGroups, bot, theme } = useWorkspaceContext();
  return (
    <Message
      blocks={[...blocks]}
      name=""
      logo=""
      theme={theme}
      withoutWrapper
      data={{
        users: [...users, { id: bot.userId, name: bot.name }].map(({ id, name }) => ({ id, name })),
        channels: channels.map(({ id, name }) => ({ id, name })),
        user_groups: userGroups.map(({ id, handle }) => ({ id, name: handle })),
      }}
      hooks={{
        date: ({ timestamp, format, link, fallback }) => {
          const text = format === '' ? fallback : formatDateToken(Number(timestamp), format, new Date());
          const whole = <time dateTime={new Date(Number(timestamp) * 1000).toISOString()}>{text}</time>;
          return link === null ? whole : <a href={link}>{whole}</a>;
        },
        link: ({ href, children, className }) => {
          if (!/^(https?:|mailto:)/i.test(href)) return <span>{children}</span>;
          const target = isHere(href) ? {} : { target: '_blank', rel: 'noopener noreferrer' };
          return (
            <a href={isHere(href) ? href.slice(location.origin.length) : href} className={className} {...target}>
              {children}
            </a>
          );
        },
      }}
    />
  );
};

const richTextTypes = {
  section: 'rich_text_section',
  preformatted: 'rich_text_preformatted',
  quote: 'rich_text_quote',
} as const;

/** A rich text block out of running text's elements. */
export const richTextBlock = (elements: readonly RichTextSectionElement[]): Block =>
  ({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }) as Block;

/** Slack's mrkdwn. */
export const Mrkdwn = ({ text }: { readonly text: string }) => {
  const elements = parseMrkdwn(text).map(({ kind, elements: inner }) => ({
    type: richTextTypes[kind],
    elements: inner,
  }));
  return <LibraryBlocks blocks={[{ type: 'rich_text', elements } as Block]} />;
};
