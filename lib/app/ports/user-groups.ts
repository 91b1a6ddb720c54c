import type { Clock } from '../../core/base/clock.ts';
import type { GroupMembers } from '../../core/policy/people.ts';

/** Port to the user groups of a workspace. */
export interface UserGroups {
  /** The ids of a group's members, or undefined when they cannot be read: whoever is not a known member is not one. Throws the signal's reason when it aborts. */
  members(groupId: string, signal: AbortSignal): Promise<ReadonlySet<string> | undefined>;
}

/** User groups whose members are cached for a while. */
export interface CachedUserGroups extends UserGroups {
  /** The members as they were read at most a minute ago; undefined when they were not. */
  remembered(groupId: string): ReadonlySet<string> | undefined;
  /** Reads the members now, whatever is remembered. */
  fresh(groupId: string, signal: AbortSignal): Promise<ReadonlySet<string> | undefined>;
}

const rememberedMs = 60_000;

/** Remembers members for 60 s at most. What could not be read is not remembered, and takes nothing away from what was read before. */
export const cachedUserGroups = (userGroups: UserGroups, clock: Pick<Clock, 'now'>): CachedUserGroups => {
  const known = new Map<string, { readonly members: ReadonlySet<string>; readonly readAt: number }>();

  const remembered = (groupId: string): ReadonlySet<string> | undefined => {
    const entry = known.get(groupId);
    if (entry === undefined) return undefined;
    const ageMs = clock.now() - entry.readAt;
    // A clock that was set back must not keep anyone in a group for longer.
    if (ageMs >= 0 && ageMs < rememberedMs) return entry.members;
    known.delete(groupId);
    return undefined;
  };

  const fresh = async (groupId: string, signal: AbortSignal): Promise<ReadonlySet<string> | undefined> => {
    const readAt = clock.now();
    const members = await userGroups.members(groupId, signal);
    // Of two readings at once the one that began later knows better, whichever ends first.
    if (members !== undefined && readAt >= (known.get(groupId)?.readAt ?? readAt))
      known.set(groupId, { members, readAt });
    return members;
  };

  return { remembered, fresh, members: async (groupId, signal) => remembered(groupId) ?? fresh(groupId, signal) };
};

/** The members of some groups, asked for all at the same time; groups that cannot be read are left out. */
export const membersOf = async (
  userGroups: UserGroups,
  groupIds: readonly string[],
  signal: AbortSignal,
): Promise<GroupMembers> => {
  const read = await Promise.all(
    groupIds.map(async (groupId) => [groupId, await userGroups.members(groupId, signal)] as const),
  );
  return new Map(read.flatMap(([groupId, members]) => (members === undefined ? [] : [[groupId, members]])));
};

/** Like the groups it wraps, but reads the members now, whatever is remembered. */
export const unremembered = ({ fresh }: CachedUserGroups): UserGroups => ({ members: fresh });
