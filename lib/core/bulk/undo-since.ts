import { definitionDigest, markerName } from '../dns/marker.ts';
import { sameRecordSets } from '../dns/record-set.ts';
import type { ChangeState, StreamState } from '../ledger/fold.ts';

/** What taking back somebody's changes since a moment comes to for one name. */
export type UndoSince =
  /** There are no changes, or the name is already as it was before them. */
  | { readonly kind: 'nothing' }
  /** From `oldest` on every change up to `last` is one of those; together they are undone as one. */
  | { readonly kind: 'undo'; readonly oldest: ChangeState; readonly last: ChangeState }
  /** Somebody else's change came after one of them. */
  | { readonly kind: 'changed-since'; readonly by: ChangeState };

const isAsBefore = ({ plan: first }: ChangeState, { plan: last }: ChangeState): boolean => {
  const [before, after] = [first.definitionBefore, last.definitionAfter];
  if (before !== undefined && after !== undefined) return definitionDigest(before) === definitionDigest(after);
  const withoutMarker = (sets: typeof first.before) => sets.filter(({ name }) => name !== markerName(first.hostname));
  return before === after && sameRecordSets(withoutMarker(first.before), withoutMarker(last.after));
};

/** The applied changes of a name since a moment (milliseconds since the epoch), of those that are `meant`. */
export const undoSince = (
  { applied }: Pick<StreamState, 'applied'>,
  sinceMs: number,
  meant: (change: ChangeState) => boolean,
): UndoSince => {
  const recent = applied.filter(({ finishedAt, requestedAt }) => Date.parse(finishedAt ?? requestedAt) >= sinceMs);
  const theirs = recent.slice(recent.findIndex(meant));
  const [oldest, last] = [theirs[0], theirs.at(-1)];
  if (!recent.some(meant) || oldest === undefined || last === undefined || isAsBefore(oldest, last))
    return { kind: 'nothing' };
  const by = theirs.findLast((change) => !meant(change));
  return by === undefined ? { kind: 'undo', oldest, last } : { kind: 'changed-since', by };
};
