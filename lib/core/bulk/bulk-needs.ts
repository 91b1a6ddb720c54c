import type { Plan } from '../dns/plan.ts';
import type { BulkNeed } from '../ledger/bulk-entry.ts';
import type { PolicyDocument } from '../policy/policy.ts';

/** What makes a bulk large: its changes, those of them that are of registered names, and the names registered in all. */
export type BulkSize = { readonly names: number; readonly registeredNames: number; readonly registry: number };

/** The rule that wants a second person for a bulk of this size, in words; undefined where none does. */
const largeBulk = ({ bulk }: Pick<PolicyDocument, 'bulk'>, size: BulkSize): string | undefined => {
  const { names, share } = bulk;
  if (size.names > names) return `bulk of more than ${names} changes`;
  const isLargeShare = size.registeredNames >= share.atLeast && size.registeredNames > share.of * size.registry;
  return isLargeShare
    ? `bulk that changes more than ${Math.round(share.of * 100)} % of the registered names`
    : undefined;
};

/** What a bulk needs on account of its size. */
export const sizeNeed = (
  policy: Pick<PolicyDocument, 'bulk' | 'auditChannel'>,
  size: BulkSize,
): BulkNeed | undefined => {
  const because = largeBulk(policy, size);
  return because === undefined ? undefined : { because, channelId: policy.bulk.channel ?? policy.auditChannel };
};

/** Every rule that wants a second person for a bulk: each that protects one of its names, and the one about its size. */
export const bulkNeeds = (
  policy: Pick<PolicyDocument, 'bulk' | 'auditChannel'>,
  plans: readonly Plan[],
  size: BulkSize,
): readonly BulkNeed[] => {
  const needs = new Map<string, BulkNeed>();
  for (const { release } of plans)
    if (release.kind === 'approval')
      needs.set(release.because, { because: release.because, channelId: release.channelId });
  const large = sizeNeed(policy, size);
  return [...needs.values(), ...(large === undefined ? [] : [large])];
};
