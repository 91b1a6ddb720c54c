import { isSlackId } from '../base/slack-ids.ts';
import type { Actor } from '../ledger/entry.ts';

type Person = Pick<Actor, 'teamId' | 'enterpriseId' | 'userId'>;

/** The ids by which policy may know where a person belongs: their workspace and their organisation. A missing or malformed id is left out. */
const belongings = ({ teamId, enterpriseId = '' }: Person): readonly string[] =>
  [teamId, enterpriseId].filter((id) => isSlackId('workspace', id) || isSlackId('enterprise', id));

/** Whether Slack said who a person is and where they belong. */
export const isIdentified = (person: Person): boolean =>
  isSlackId('user', person.userId) && belongings(person).length > 0;

/** Whether a person belongs to one of these workspaces or organisations. Somebody whom Slack did not identify belongs to none. */
export const isOfTeams = (teams: readonly string[], person: Person): boolean =>
  isIdentified(person) && belongings(person).some((id) => teams.includes(id));

/** Whether two requests came from the same person. A user id alone does not say so: it is unique only within an organisation. */
export const isSamePerson = (one: Person, other: Person): boolean =>
  one.userId === other.userId && isOfTeams(belongings(one), other);

/** Who is meant: users by id, members of user groups by the group's id. Either is enough. */
export type People = {
  readonly users?: readonly string[] | undefined;
  readonly userGroups?: readonly string[] | undefined;
};

/** The members of user groups, by group id. A group that is missing could not be read: it lets nobody in. */
export type GroupMembers = ReadonlyMap<string, ReadonlySet<string>>;

export const noGroups: GroupMembers = new Map();

/** Whether a user is meant, by id or through a group that could be read. Where nobody is named, nobody is meant. */
export const isAmong = ({ users = [], userGroups = [] }: People, userId: string, groups: GroupMembers): boolean =>
  users.includes(userId) || userGroups.some((groupId) => groups.get(groupId)?.has(userId) === true);

/** Groups of these people whose members are unknown. */
export const unreadGroups = (people: readonly People[], groups: GroupMembers): readonly string[] => [
  ...new Set(people.flatMap(({ userGroups = [] }) => userGroups).filter((groupId) => !groups.has(groupId))),
];

/** What to say when something hangs on groups that could not be read. */
export const unreadText = (groupIds: readonly string[]): string =>
  `The user ${groupIds.length === 1 ? 'group' : 'groups'} ${groupIds.join(', ')} could not be read just now: try again in a minute.`;
