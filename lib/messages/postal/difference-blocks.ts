import type { KnownBlock } from '@slack/types';
import { differenceText } from '../../core/postal/predictions/comparison-words.ts';
import type { Difference } from '../../core/postal/predictions/comparisons.ts';
import { escapeText, oneLine, section } from '../block-kit/blocks.ts';

/** Where Postal's deliveries differed from what was predicted, with both sides. */
export const differenceBlocks = (differences: readonly Difference[]): KnownBlock[] =>
  differences.map((each) =>
    section(`⚠️ *Prediction and delivery differ.* ${escapeText(oneLine(differenceText(each)))}`),
  );
