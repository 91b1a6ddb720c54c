import { canonicalJson } from '../../core/base/digest.ts';
import type { StateItem } from '../ports/state-store.ts';

/** What a collection of the state table should hold. */
export type Projection = {
  readonly collection: string;
  readonly items: readonly StateItem[];
  /**
   * `whole`: any other item is wrong. `these`: another value of these items is wrong. `at-least`: that is work under
   * way, and stays; only what is missing altogether is put back.
   */
  readonly extent: 'whole' | 'these' | 'at-least';
};

/** One item that is not as it should be. */
export type Difference =
  | { readonly kind: 'missing'; readonly item: StateItem }
  | { readonly kind: 'other'; readonly item: StateItem; readonly standing: StateItem }
  | { readonly kind: 'extra'; readonly standing: StateItem };

/** How a collection differs from what it should hold, in the order of its keys. */
export const differencesOf = ({ items, extent }: Projection, standing: readonly StateItem[]): readonly Difference[] => {
  const wanted = new Map(items.map((item) => [item.key, item]));
  const there = new Map(standing.map((item) => [item.key, item]));
  return [...new Set([...wanted.keys(), ...there.keys()])].sort().flatMap((key): Difference[] => {
    const [item, stands] = [wanted.get(key), there.get(key)];
    if (item !== undefined && stands === undefined) return [{ kind: 'missing', item }];
    if (stands === undefined || extent === 'at-least') return [];
    if (item === undefined) return extent === 'whole' ? [{ kind: 'extra', standing: stands }] : [];
    return canonicalJson(item.value) === canonicalJson(stands.value) ? [] : [{ kind: 'other', item, standing: stands }];
  });
};
