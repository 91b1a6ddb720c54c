import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostnamesIn, parseMrkdwn } from '../../../../lib/local/page/text/mrkdwn.ts';

const elements = (text: string) => parseMrkdwn(text).flatMap((part) => part.elements);
const plain = (text: string) => ({ type: 'text', text });

describe('mrkdwn', () => {
  test.each([
    [
      '*bold* and _italic_ and ~gone~',
      [
        { ...plain('bold'), style: { bold: true } },
        plain(' and '),
        { ...plain('italic'), style: { italic: true } },
        plain(' and '),
        { ...plain('gone'), style: { strike: true } },
      ],
    ],
    ['*_both_*', [{ ...plain('both'), style: { bold: true, italic: true } }]],
    ['`a*b*_c_ &amp; &lt;d&gt;`', [{ ...plain('a*b*_c_ & <d>'), style: { code: true } }]],
    ['<@U0LI> in <#C0|x>', [{ type: 'user', user_id: 'U0LI' }, plain(' in '), { type: 'channel', channel_id: 'C0' }]],
    [
      '<!subteam^S1> <!here>',
      [{ type: 'usergroup', usergroup_id: 'S1' }, plain(' '), { type: 'broadcast', range: 'here' }],
    ],
    [
      '<https://a.example/?x=1&amp;y=2|the page>',
      [{ type: 'link', url: 'https://a.example/?x=1&y=2', text: 'the page' }],
    ],
    [
      '<!date^1772625600^{time}|12:00 UTC>',
      [{ type: 'date', timestamp: 1772625600, format: '{time}', fallback: '12:00 UTC' }],
    ],
    ['done :tada:', [plain('done '), { type: 'emoji', name: 'tada' }]],
  ])('%s', (text, expected) => {
    expect(elements(text)).toEqual(expected);
  });

  test.each([
    '_postal-endpoint.gitlab.mail.corp.internal TXT',
    'a_b_c 2 * 3 * 4 a*b*c',
    '# no heading',
    '1. no list\n- nor this',
    '    no code block',
    '[no](https://link.example) ![nor](https://image.example/x.png)',
    '10:30:00 until 11:00:00',
    '* not bold *',
  ])('takes %j as it is', (text) => {
    expect(elements(text)).toEqual([plain(text)]);
  });

  test.each(['<javascript:alert(1)|x>', '<data:text/html,x>', '<b>'])('%s is no link', (text) => {
    expect(elements(text)).toEqual([plain(text)]);
  });

  test('fences and quotes stand apart', () => {
    expect(parseMrkdwn('before\n```\n*x* &lt;y\n```\n&gt; said\n> so\nafter')).toEqual([
      { kind: 'section', elements: [plain('before')] },
      { kind: 'preformatted', elements: [plain('*x* <y')] },
      { kind: 'quote', elements: [plain('said\nso')] },
      { kind: 'section', elements: [plain('after')] },
    ]);
  });

  test('a fence that is never closed is text', () => {
    expect(elements('a ```b')).toEqual([plain('a ```b')]);
  });

  test('loses no letter of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab12 *_~`<>&:|\n#@-'), maxLength: 40 }), (text) => {
        const shown = JSON.stringify(parseMrkdwn(text));
        for (const word of text.match(/[ab12]+/g) ?? []) expect(shown).toContain(word);
      }),
      { numRuns: 2000, examples: [['<@|a>'], ['<@12|ab>'], ['<#|b>']] },
    );
  });
});

test('finds host names, and no addresses or parts of mail addresses', () => {
  expect(
    hostnamesIn('x `gitlab.mail.corp.internal` 10.0.4.12 a@mx.mail.example a.b file.ts, tickets.corp.internal.'),
  ).toEqual(['gitlab.mail.corp.internal', 'tickets.corp.internal']);
});
