import type { Mistake } from '../base/config-error.ts';
import { isSlackId, type SlackIdKind } from '../base/slack-ids.ts';
import { mistake, said } from './mistake-at.ts';
import type { People } from './people.ts';

// A name such as @maria or #mail would silently match nobody.
const ids = {
  teams: [
    ['workspace', 'enterprise'],
    'the id of a workspace such as T0123ABCD, or of an Enterprise organisation such as E0123ABCD',
  ],
  channels: [['channel', 'directMessage'], 'a channel id such as C0123ABCD'],
  /** Where something is posted for several to see. */
  sharedChannels: [['channel'], 'a channel id such as C0123ABCD'],
  users: [['user'], 'a user id such as U0123ABCD'],
  userGroups: [['userGroup'], 'a user group id such as S0123ABCD'],
} as const satisfies Readonly<Record<string, readonly [kinds: readonly SlackIdKind[], what: string]>>;

/** Values that are no Slack ids of their kind; `pathOf` says where the value of an index stands. */
export const idMistakes = (
  kind: keyof typeof ids,
  pathOf: (index: number) => string,
  values: readonly string[],
): readonly Mistake[] => {
  const [kinds, what]: readonly [readonly SlackIdKind[], string] = ids[kind];
  return values.flatMap((value, index) =>
    mistake(pathOf(index), kinds.some((form) => isSlackId(form, value)) ? undefined : `${said(value)} is not ${what}`),
  );
};

/** Users and user groups at `path` whose ids are not valid. */
export const peopleMistakes = (path: string, { users = [], userGroups = [] }: People): readonly Mistake[] => [
  ...idMistakes('users', (index) => `${path}.users[${index}]`, users),
  ...idMistakes('userGroups', (index) => `${path}.userGroups[${index}]`, userGroups),
];
