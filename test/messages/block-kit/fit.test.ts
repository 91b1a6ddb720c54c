import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageBudget, viewBudget } from '../../../lib/core/limits/limits.ts';
import { checkBlocks } from '../../../lib/local/slack/blocks/block-rules.ts';
import {
  actions,
  context,
  header,
  plainSection,
  preformatted,
  section,
  table,
} from '../../../lib/messages/block-kit/blocks.ts';
import { commandButton } from '../../../lib/messages/block-kit/button.ts';
import { charactersOf, cutText, fitBlocks, fitMessage, shorterForms } from '../../../lib/messages/block-kit/fit.ts';
import { hostileText } from '../../support/hostile-report.ts';

const text = hostileText(6_000).map((words) => words || 'x');
const block: fc.Arbitrary<KnownBlock> = fc.oneof(
  text.map(section),
  text.map(plainSection),
  text.map(context),
  text.map(header),
  text.map(preformatted),
  fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 120 }).map((rows) => table(['name', 'what'], rows)),
  fc.constant(actions([commandButton('Check', 'check all')])),
);
/** Slack takes one table a message, and so do the messages here. */
const blocks = fc
  .array(block, { minLength: 1, maxLength: 120 })
  .map((all) =>
    all.filter(({ type }, index) => type !== 'table' || all.findIndex((one) => one.type === 'table') === index),
  );

describe('fitMessage', () => {
  it('brings any message within what Slack takes', () => {
    fc.assert(
      fc.property(blocks, text, (given, words) => {
        for (const message of [
          fitMessage({ text: words, blocks: given }),
          ...shorterForms({ text: words, blocks: given }),
        ]) {
          expect(message.text.length).toBeLessThanOrEqual(messageBudget.textCharacters);
          expect(charactersOf(message.blocks)).toBeLessThanOrEqual(messageBudget.characters);
          expect(message.blocks.length).toBeLessThanOrEqual(messageBudget.blocks);
          expect(checkBlocks(message.blocks, 'message')).toMatchObject({ ok: true });
        }
        expect(checkBlocks(fitBlocks(given, viewBudget), 'view')).toMatchObject({ ok: true });
      }),
      { numRuns: 150 },
    );
  });

  it('changes nothing a second time, and nothing of what fits', () => {
    fc.assert(
      fc.property(blocks, text, (given, words) => {
        const once = fitMessage({ text: words, blocks: given });
        expect(fitMessage(once)).toBe(once);
      }),
      { numRuns: 50 },
    );
  });

  it('says how much is left out, and keeps the buttons at the end', () => {
    const buttons = actions([commandButton('Undo', 'undo 1')]);
    const long = Array.from({ length: 60 }, (_, index) => section(`${index} ${'x'.repeat(1_000)}`));
    const fitted = fitMessage({ text: 'long', blocks: [...long, buttons] });
    expect(fitted.blocks.at(-1)).toEqual(buttons);
    expect(JSON.stringify(fitted.blocks.at(-2))).toMatch(
      /Too long for Slack: \d+ characters in \d+ parts are left out/,
    );
  });
});

describe('cutText', () => {
  it.each([
    ['a mention', `${'x'.repeat(130)}<@U0123456789ABCDEF> and ${'y'.repeat(200)}`],
    ['a date', `${'x'.repeat(120)}<!date^1700000000^{date}|2026-01-01> and ${'y'.repeat(200)}`],
    ['an entity', `${'x'.repeat(138)}&amp;${'y'.repeat(200)}`],
    ['a four-byte character', `${'x'.repeat(139)}😀${'y'.repeat(200)}`],
  ])('does not cut %s in two', (_, whole) => {
    const cut = cutText(whole, 200);
    expect(cut.length).toBeLessThanOrEqual(200);
    expect(cut).toMatch(/^x+… \(\d+ characters more\)$/);
  });
});
