import type {
  ActionsBlock,
  ActionsBlockElement,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  RichTextBlock,
  RichTextElement,
  SectionBlock,
  TableBlock,
} from '@slack/types';
import { slackLimits } from '../../core/limits/limits.ts';

const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Text from outside on one line, its control and direction characters taken out. */
export const oneLine = (text: string): string => text.replace(invisible, ' ').trim();

/** Escapes text for mrkdwn, so that nothing in it is a mention, a link or an entity. Source: Slack, "Escaping text". */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Text from outside on one line and no longer than `characters`, saying how much was left out. */
export const shortened = (text: string, characters: number): string => {
  const whole = [...oneLine(text)];
  return whole.length <= characters
    ? whole.join('')
    : `${whole.slice(0, characters).join('')}… (${whole.length - characters} characters more)`;
};

/** Untrusted text as inline code: on one line, escaped, its backticks turned into quotes, so that it formats nothing. */
export const code = (text: string): string => `\`${escapeText(oneLine(text).replaceAll('`', "'")) || ' '}\``;

/** A moment shown in the reader's own time zone. `iso` is ISO 8601. */
export const dateText = (iso: string, format = '{date_short_pretty} {time}'): string => {
  const seconds = Math.floor(Date.parse(iso) / 1000);
  return `<!date^${seconds}^${format}|${iso.slice(0, 16).replace('T', ' ')} UTC>`;
};

export const mention = (userId: string): string => `<@${escapeText(userId)}>`;

export const groupMention = (groupId: string): string => `<!subteam^${escapeText(groupId)}>`;

/** Times in a sentence, in the reader's zone; the fallback of a date token stays as it is. */
const withDates = (mrkdwn: string): string =>
  mrkdwn.replace(/(?<![|\d])(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC\b/g, (whole, day: string, time: string) => {
    const iso = `${day}T${time}:00Z`;
    return Number.isNaN(Date.parse(iso)) ? whole : dateText(iso);
  });

/** Verbatim: addresses and channels in a person's text do not become links; mentions and links that were written for it do. */
const mrkdwnObject = (mrkdwn: string): MrkdwnElement => ({ type: 'mrkdwn', text: withDates(mrkdwn), verbatim: true });

export const section = (mrkdwn: string): SectionBlock => ({ type: 'section', text: mrkdwnObject(mrkdwn) });

/** Text as it is: nothing in it formats, mentions or links. */
export const plainSection = (text: string): SectionBlock => ({
  type: 'section',
  text: { type: 'plain_text', text, emoji: false },
});

/** Up to ten short facts in two columns. */
export const fields = (entries: readonly (readonly [label: string, mrkdwn: string])[]): SectionBlock => ({
  type: 'section',
  fields: entries.map(([label, value]) => mrkdwnObject(`*${label}*\n${value}`)),
});

export const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text, emoji: true },
});

export const context = (mrkdwn: string): ContextBlock => ({
  type: 'context',
  elements: [mrkdwnObject(mrkdwn)],
});

export const divider: DividerBlock = { type: 'divider' };

export const actions = (elements: readonly ActionsBlockElement[]): ActionsBlock => ({
  type: 'actions',
  elements: [...elements],
});

/** A fixed-width block, for records and their differences. `text` is taken as it is. */
export const preformatted = (text: string): RichTextBlock => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
});

/** What a cell shows: plain text, or rich text elements where it holds a date, a person or a link. */
export type Cell = string | readonly RichTextElement[];

/** A cell as Slack takes it. */
export const tableCell = (cell: Cell): TableBlock['rows'][number][number] =>
  typeof cell === 'string'
    ? { type: 'raw_text', text: cell === '' ? '–' : cell }
    : { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [...cell] }] };

export const dateCell = (iso: string): readonly RichTextElement[] => [
  {
    type: 'date',
    timestamp: Math.floor(Date.parse(iso) / 1000),
    format: '{date_short_pretty} {time}',
    fallback: `${iso.slice(0, 16).replace('T', ' ')} UTC`,
  },
];

export const userCell = (userId: string): readonly RichTextElement[] => [{ type: 'user', user_id: userId }];

export const linkCell = (url: string, text: string): readonly RichTextElement[] => [{ type: 'link', url, text }];

/** A table with a head row. Slack takes one table a message; more rows than fit are the caller's to paginate. The columns `wrapped`, counted from 0, break their lines. */
export const table = (
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  wrapped: readonly number[] = [],
): TableBlock => ({
  type: 'table',
  rows: [head, ...rows].map((row) => row.map(tableCell)),
  ...(wrapped.length === 0
    ? {}
    : { column_settings: head.map((_, column) => (wrapped.includes(column) ? { is_wrapped: true } : {})) }),
});

/** Splits long mrkdwn at line ends into sections that Slack takes, losing nothing. */
export const sections = (mrkdwn: string): KnownBlock[] => {
  const blocks: KnownBlock[] = [];
  let current = '';
  for (const line of mrkdwn.split('\n')) {
    for (const piece of line.match(new RegExp(`.{1,${slackLimits.sectionText - 1}}`, 'gsu')) ?? ['']) {
      if (current.length + piece.length + 1 > slackLimits.sectionText) {
        blocks.push(section(current));
        current = '';
      }
      current = current === '' ? piece : `${current}\n${piece}`;
    }
  }
  if (current !== '') blocks.push(section(current));
  return blocks;
};
