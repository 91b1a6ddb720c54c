import { describe, expect, test } from 'vitest';
import { slackLimits } from '../../../../lib/core/limits/limits.ts';
import { checkBlocks, withIds } from '../../../../lib/local/slack/blocks/block-rules.ts';
import { checkView } from '../../../../lib/local/slack/blocks/view-rules.ts';

const text = (length: number) => 'x'.repeat(length);
const plain = (value: string) => ({ type: 'plain_text', text: value });
const section = (value: string) => ({ type: 'section', text: { type: 'mrkdwn', text: value } });
const button = (fields: object = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), ...fields });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const input = {
  type: 'input',
  block_id: 'host',
  label: plain('Hostname'),
  element: { type: 'plain_text_input', action_id: 'v' },
};

describe('blocks at the edge of a limit pass, one further are refused', () => {
  test.each([
    ['section text', (over: number) => [section(text(slackLimits.sectionText + over))]],
    ['header', (over: number) => [{ type: 'header', text: plain(text(slackLimits.headerText + over)) }]],
    [
      'fields',
      (over: number) => [
        { type: 'section', fields: Array.from({ length: slackLimits.sectionFields + over }, () => plain('x')) },
      ],
    ],
    ['field text', (over: number) => [{ type: 'section', fields: [plain(text(slackLimits.sectionFieldText + over))] }]],
    [
      'context',
      (over: number) => [
        { type: 'context', elements: Array.from({ length: slackLimits.contextElements + over }, () => plain('x')) },
      ],
    ],
    [
      'actions',
      (over: number) => [
        actions(
          ...Array.from({ length: slackLimits.actionsElements + over }, (_, id) => button({ action_id: `a${id}` })),
        ),
      ],
    ],
    ['button text', (over: number) => [actions(button({ text: plain(text(slackLimits.buttonText + over)) }))]],
    ['button value', (over: number) => [actions(button({ value: text(slackLimits.buttonValue + over) }))]],
    ['action_id', (over: number) => [actions(button({ action_id: text(slackLimits.actionId + over) }))]],
    ['block_id', (over: number) => [{ type: 'divider', block_id: text(slackLimits.blockId + over) }]],
    [
      'table rows',
      (over: number) => [
        {
          type: 'table',
          rows: Array.from({ length: slackLimits.tableRows + over }, () => [{ type: 'raw_text', text: 'x' }]),
        },
      ],
    ],
    [
      'table columns',
      (over: number) => [
        {
          type: 'table',
          rows: [Array.from({ length: slackLimits.tableColumns + over }, () => ({ type: 'raw_text', text: 'x' }))],
        },
      ],
    ],
    [
      'blocks',
      (over: number) => Array.from({ length: slackLimits.blocksPerMessage + over }, () => ({ type: 'divider' })),
    ],
  ])('%s', (_name, blocks) => {
    expect(checkBlocks(blocks(0), 'message').ok).toBe(true);
    expect(checkBlocks(blocks(1), 'message')).toMatchObject({ ok: false, problem: { error: 'invalid_blocks' } });
  });

  test('characters in all', () => {
    const blocks = (over: number) => [
      ...Array.from({ length: 3 }, () => section(text(3000))),
      section(text(597 + over)),
    ];
    expect(checkBlocks(blocks(0), 'message').ok).toBe(true);
    expect(checkBlocks(blocks(1), 'message')).toMatchObject({ ok: false, problem: { error: 'msg_blocks_too_long' } });
    expect(checkBlocks(blocks(1), 'view').ok).toBe(true);
  });
});

describe('what is wrong is named with its place', () => {
  test.each([
    ['no list', { type: 'divider' }, 'must provide an array [json-pointer:/blocks]'],
    ['an unknown type', [{ type: 'marquee' }], 'unsupported type [json-pointer:/blocks/0/type]'],
    [
      'an unknown field',
      [{ type: 'divider', color: 'red' }],
      'invalid additional property: color [json-pointer:/blocks/0]',
    ],
    ['an empty text', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ['a section of nothing', [{ type: 'section' }], 'must define either `text` or `fields` [json-pointer:/blocks/0]'],
    [
      'mrkdwn in a header',
      [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
      '[json-pointer:/blocks/0/text/type]',
    ],
    [
      'two tables',
      [1, 2].map(() => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] })),
      'only_one_table_allowed [json-pointer:/blocks]',
    ],
    [
      'one block_id twice',
      [1, 2].map(() => ({ type: 'divider', block_id: 'same' })),
      '`block_id` same already exists in this message [json-pointer:/blocks]',
    ],
    [
      'one action_id twice',
      [actions(button(), button())],
      '`action_id` a already exists for this block_id [json-pointer:/blocks/0]',
    ],
  ])('%s', (_name, blocks, expected) => {
    const result = checkBlocks(blocks, 'message');
    expect(result.ok ? '' : result.problem.messages.join()).toContain(expected);
  });
});

describe('what this app never sends is refused as what Slack does not know', () => {
  const option = { text: plain('A'), value: 'a' };
  test.each([
    ['a markdown block', { type: 'markdown', text: 'x' }, '/blocks/0/type'],
    ['an alert', { type: 'alert', text: plain('x') }, '/blocks/0/type'],
    ['a video', { type: 'video' }, '/blocks/0/type'],
    ['a select in a row', actions({ type: 'static_select', action_id: 'a', options: [option] }), '/elements/0/type'],
    ['an overflow menu', actions({ type: 'overflow', action_id: 'a', options: [option] }), '/elements/0/type'],
    ['checkboxes in a form', { ...input, element: { type: 'checkboxes', options: [option] } }, '/element/type'],
    ['a number field', { ...input, element: { type: 'number_input', is_decimal_allowed: false } }, '/element/type'],
    ['a small image', { type: 'context', elements: [{ type: 'image' }] }, '/elements/0/type'],
    ['an image of elsewhere', { type: 'image', image_url: 'https://x.example/a.png', alt_text: 'x' }, '/slack_file'],
    ['a list', { type: 'rich_text', elements: [{ type: 'rich_text_list' }] }, '/elements/0/type'],
    ['a number cell', { type: 'table', rows: [[{ type: 'raw_number', value: 1 }]] }, '/rows/0/0/type'],
  ])('%s', (_name, block, pointer) => {
    const result = checkBlocks([block], 'view');
    expect(result.ok ? '' : result.problem.error).toBe('invalid_blocks');
    expect(result.ok ? '' : result.problem.messages.join()).toContain(pointer);
  });
});

test('what has no id gets one, what has one keeps it', () => {
  const checked = checkBlocks(
    [actions(button(), button({ action_id: undefined })), { type: 'divider', block_id: 'mine' }],
    'message',
  );
  const named = withIds(checked.ok ? checked.blocks : [], (prefix) => `${prefix}-new`);
  expect(named).toMatchObject([
    { block_id: 'b-new', elements: [{ action_id: 'a' }, { action_id: 'a-new' }] },
    { block_id: 'mine' },
  ]);
});

describe('views', () => {
  const modal = { type: 'modal', title: plain('Add'), submit: plain('Add'), blocks: [input] };
  const check = (view: unknown, type: 'modal' | 'home' = 'modal') => checkView(view, type, (prefix) => `${prefix}1`);

  test('a form passes', () => {
    expect(check(modal)).toMatchObject({
      ok: true,
      content: { title: { text: 'Add' }, callback_id: '', clear_on_close: false },
    });
  });

  test.each([
    ['a long title', { ...modal, title: plain(text(25)) }, '/view/title/text'],
    ['inputs without submit', { ...modal, submit: undefined }, 'missing required field: submit'],
    [
      'long private metadata',
      { ...modal, private_metadata: text(slackLimits.privateMetadata + 1) },
      '/view/private_metadata',
    ],
    [
      '101 blocks',
      { ...modal, blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) },
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    ['a home where a form belongs', { type: 'home', blocks: [] }, 'must be of type modal'],
    ['nothing', undefined, '[json-pointer:/view]'],
  ])('%s is refused', (_name, view, expected) => {
    const result = check(view);
    expect(result.ok ? '' : result.messages.join()).toContain(expected);
  });
});
