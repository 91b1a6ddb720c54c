import { expect, it } from 'vitest';
import { section, table } from '../../../lib/messages/block-kit/blocks.ts';
import { fitBlocks } from '../../../lib/messages/block-kit/fit.ts';
import { beyondOnePage } from '../../../scripts/bench-scale/one-page.ts';

const named = (blocks: readonly { readonly type: string }[]) =>
  blocks.map((block, index) => ({ ...block, block_id: String(index) }));
const rows = (count: number) => Array.from({ length: count }, (_, index) => [`row ${index}`]);

it('a page of 20 rows is one page', () => {
  expect(beyondOnePage(named([section('A list'), table(['name'], rows(20))]))).toBeUndefined();
});

it('a table of more rows is more than one page', () => {
  expect(beyondOnePage(named([table(['name'], rows(21))]))).toBe('its table has 21 rows');
});

it('what was cut to fit into a message is more than one page', () => {
  const cut = fitBlocks([section('x'.repeat(20_000))], { characters: 9_000, blocks: 45 });
  expect(beyondOnePage(named(cut))).toMatch(/too long for Slack/);
});
