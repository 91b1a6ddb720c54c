import { mentionTarget } from '../../../core/base/slack-ids.ts';
import type { RichTextSectionElement } from './rich-text-element.ts';

type Style = { bold?: boolean; italic?: boolean; strike?: boolean };
type Inline = RichTextSectionElement;

/** A piece of mrkdwn: running text, a fenced block or a quote. */
export type MrkdwnPart = { readonly kind: 'section' | 'preformatted' | 'quote'; readonly elements: readonly Inline[] };

const decode = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const withStyle = (style: Style): { style?: Style } => (Object.keys(style).length > 0 ? { style } : {});
const textElement = (text: string, style: Style): Inline => ({ type: 'text', text: decode(text), ...withStyle(style) });

const linkSchemes = /^(https?:|mailto:)/i;

/** `<…>`: a mention, a date, a link; anything else stays what it was. */
const angled = (inner: string, style: Style): Inline => {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : inner.slice(bar + 1);
  const mention = mentionTarget(target);
  if (mention?.kind === 'user') return { type: 'user', user_id: mention.id, ...withStyle(style) };
  if (mention?.kind === 'channel') return { type: 'channel', channel_id: mention.id, ...withStyle(style) };
  if (mention?.kind === 'userGroup') return { type: 'usergroup', usergroup_id: mention.id, ...withStyle(style) };
  const range = /^!(here|channel|everyone)$/.exec(target)?.[1];
  if (range === 'here' || range === 'channel' || range === 'everyone') return { type: 'broadcast', range };
  const date = /^!date\^(\d+)\^([^^]*)(?:\^(.+))?$/.exec(target);
  if (date !== null)
    return {
      type: 'date',
      timestamp: Number(date[1]),
      format: date[2] ?? '',
      fallback: decode(label ?? target),
      ...withStyle(style),
    };
  if (linkSchemes.test(target))
    return { type: 'link', url: decode(target), text: decode(label ?? target), ...withStyle(style) };
  return textElement(`<${inner}>`, style);
};

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
// What must stand around a mark: no word character outside it, no space inside it. Otherwise it is a plain character, as in _postal-endpoint.
const styled = /(?<![\p{L}\p{N}_*~])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/u;
const token = /`([^`\n]+)`|<([^<>\n]+)>|:([a-z+_-][a-z0-9+_-]*):/;

const inline = (text: string, style: Style): Inline[] => {
  if (text === '') return [];
  const tokenMatch = token.exec(text);
  const styledMatch = styled.exec(text);
  if (styledMatch !== null && (tokenMatch === null || styledMatch.index < tokenMatch.index)) {
    const [whole, mark, inner = ''] = styledMatch;
    const end = styledMatch.index + whole.length;
    const name = mark === '*' || mark === '_' || mark === '~' ? marks[mark] : 'bold';
    return [
      ...inline(text.slice(0, styledMatch.index), style),
      ...inline(inner, { ...style, [name]: true }),
      ...inline(text.slice(end), style),
    ];
  }
  if (tokenMatch === null) return [textElement(text, style)];
  const [whole, codeText, inner, emoji] = tokenMatch;
  const before = text.slice(0, tokenMatch.index);
  const element: Inline =
    codeText !== undefined
      ? { type: 'text', text: decode(codeText), style: { ...style, code: true } }
      : inner !== undefined
        ? angled(inner, style)
        : { type: 'emoji', name: emoji ?? '' };
  return [
    ...(before === '' ? [] : inline(before, style)),
    element,
    ...inline(text.slice(tokenMatch.index + whole.length), style),
  ];
};

const fence = /\n?```\n?([\s\S]+?)\n?```\n?/;
const quoteMark = /^(?:&gt;|>) ?/;

/** Lines that are quoted, and lines that are not, in runs. */
const runs = (text: string): MrkdwnPart[] => {
  const parts: { kind: 'section' | 'quote'; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const kind = quoteMark.test(line) ? 'quote' : 'section';
    const content = kind === 'quote' ? line.replace(quoteMark, '') : line;
    const last = parts.at(-1);
    if (last?.kind === kind) last.lines.push(content);
    else parts.push({ kind, lines: [content] });
  }
  return parts.map(({ kind, lines }) => ({ kind, elements: inline(lines.join('\n'), {}) }));
};

/**
 * Slack's mrkdwn as rich text: bold, italic, strike, code, fences, quotes, mentions, dates, links, emoji and entities, and nothing of Markdown beside
 * them. Every character of the text shows, but the marks that were understood.
 */
export const parseMrkdwn = (text: string): readonly MrkdwnPart[] =>
  text.split(fence).flatMap((piece, index): MrkdwnPart[] => {
    if (index % 2 === 1) return [{ kind: 'preformatted', elements: [{ type: 'text', text: decode(piece) }] }];
    return piece === '' ? [] : runs(piece);
  });

/** Every host name with three labels or more in a text, for completion. */
export const hostnamesIn = (text: string): readonly string[] =>
  [
    ...text.matchAll(/(?<![\w@/.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.){2,}[a-z](?:[a-z0-9-]*[a-z0-9])?(?![\w-])/g),
  ].map(([name]) => name);
