import { comparisonLimits } from '../../../core/limits/limits.ts';
import { type Comparisons, comparisonsSchema } from '../../../core/postal/predictions/comparisons.ts';
import type { StateStore } from '../../ports/state-store.ts';
import { collectionOf } from '../collection.ts';

const comparisons = collectionOf('postal-comparisons', comparisonsSchema);

/** After it nothing of the record is counted any more, and no delivery that it is past is kept. */
const keptSeconds = (comparisonLimits.days + 2) * 86_400;

/** How the deliveries of a mail server compare with what was predicted. */
export const readComparisons = (
  state: StateStore,
  serverId: number,
  signal: AbortSignal,
): Promise<Comparisons | undefined> => comparisons.read(state, String(serverId), signal);

/** Those of every mail server. */
export const listComparisons = async (state: StateStore, signal: AbortSignal): Promise<readonly Comparisons[]> => [
  ...(await comparisons.list(state, signal)).values(),
];

export const saveComparisons = async (
  state: StateStore,
  serverId: number,
  value: Comparisons,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const item = comparisons.item(String(serverId), value);
  await state.put({ ...item, expiresAt: Math.ceil(nowMs / 1000) + keptSeconds }, false, signal);
};
