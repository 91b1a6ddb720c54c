import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slackLimits } from '../../../lib/core/limits/limits.ts';
import { readContent } from '../../../lib/local/slack/web-api/message-content.ts';
import { code, dateText, escapeText, oneLine, sections } from '../../../lib/messages/block-kit/blocks.ts';
import { pageOf } from '../../../lib/messages/block-kit/paginate.ts';

describe('text from outside', () => {
  it('can neither mention, link nor format', () => {
    expect(escapeText('<!channel> & <http://evil|ok>')).toBe('&lt;!channel&gt; &amp; &lt;http://evil|ok&gt;');
    expect(code('220 `mx`\r\n<!here>\u202e')).toBe("`220 'mx' &lt;!here&gt;`");
    expect(oneLine('a\nb\u0000c\u200bd')).toBe('a b c d');
  });

  it('is never an entity or a control character, whatever it was', () => {
    void fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(code(text).slice(1, -1)).not.toMatch(/[<>`\n\r]|&(?!amp;|lt;|gt;)/);
      }),
    );
  });
});

describe('sections', () => {
  it('loses nothing of a long text and stays within limits', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 7000 }), { minLength: 1, maxLength: 4 }),
        (lines) => {
          const text = lines.map((line) => line.replaceAll('\n', '')).join('\n');
          fc.pre(text.trim() !== '');
          const blocks = sections(text);
          const parts = blocks.map((block) => (block.type === 'section' ? (block.text?.text ?? '') : ''));
          expect(parts.every((part) => part.length <= slackLimits.sectionText)).toBe(true);
          expect(parts.join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''));
        },
      ),
    );
  });

  it('makes what Slack takes', () => {
    const read = readContent(
      { text: 'x', blocks: sections('a\n'.repeat(3000)), blocksGiven: true, metadata: undefined },
      () => 'b1',
    );
    expect(read.ok).toBe(true);
  });
});

describe('dateText', () => {
  it('has a fallback in UTC', () => {
    expect(dateText('2026-03-02T14:02:33.123Z')).toBe(
      '<!date^1772460153^{date_short_pretty} {time}|2026-03-02 14:02 UTC>',
    );
  });
});

describe('pageOf', () => {
  it('shows every item on exactly one page, and brings a page out of range into it', () => {
    void fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 70 }), (items) => {
        const sizeOf = (item: number): number => Math.abs(item % 3_000);
        const { pages } = pageOf(items, 1, sizeOf);
        expect(Array.from({ length: pages }, (_, index) => pageOf(items, index + 1, sizeOf).items).flat()).toEqual(
          items,
        );
        expect(pageOf(items, 999, sizeOf).page).toBe(pages);
        expect(pageOf(items, -1, sizeOf).page).toBe(1);
      }),
    );
  });
});
