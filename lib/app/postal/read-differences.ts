import { differencesShown } from '../../core/postal/predictions/comparison-words.ts';
import { comparisonSummary, type Difference } from '../../core/postal/predictions/comparisons.ts';
import type { Ports } from '../ports/ports.ts';
import { listComparisons } from '../state/postal/comparison-store.ts';

/** Where Postal's deliveries to a hostname differed from what was predicted, the newest first, as many as a message shows. */
export const readDifferences = async (
  { state }: Pick<Ports, 'state'>,
  hostname: string,
  signal: AbortSignal,
): Promise<readonly Difference[]> =>
  differencesShown(comparisonSummary(await listComparisons(state, signal)), hostname);
