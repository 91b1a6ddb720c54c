import { type GroupMembers, noGroups } from '../../core/policy/people.ts';
import { type CachedUserGroups, membersOf, unremembered } from '../ports/user-groups.ts';

/**
 * Takes a decision that may hang on user groups, at the least cost: without them, then by what is remembered, then, before a denial, by what is read
 * now. `groupIds` are those that could turn it. A decision may only gain by knowing more members, never lose.
 *
 * A group that fails to be read afresh counts as not read: that it did not hold the person a minute ago is no longer known.
 */
export const decideWithGroups = async <Decision>(
  userGroups: CachedUserGroups,
  groupIds: readonly string[],
  decide: (groups: GroupMembers) => { readonly decision: Decision; readonly denied: boolean },
  signal: AbortSignal,
): Promise<Decision> => {
  const blind = decide(noGroups);
  if (!blind.denied || groupIds.length === 0) return blind.decision;
  const remembered = new Map(
    groupIds.flatMap((groupId) => {
      const members = userGroups.remembered(groupId);
      return members === undefined ? [] : [[groupId, members] as const];
    }),
  );
  const known = decide(remembered);
  if (!known.denied) return known.decision;
  return decide(await membersOf(unremembered(userGroups), groupIds, signal)).decision;
};
