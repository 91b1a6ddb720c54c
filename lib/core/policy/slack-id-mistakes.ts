import type { Mistake } from '../base/config-error.ts';
import { mistake, said } from './mistake-at.ts';
import type { People } from './people.ts';

// A name such as @maria or #mail would match nobody, in silence.
const ids = {
  teams: [/^[TE][A-Z0-9]+$/, 'a workspace id such as T0123ABCD'],
  channels: [/^[CGD][A-Z0-9]+$/, 'a channel id such as C0123ABCD'],
  /** Where something is posted for several to see. */
  sharedChannels: [/^[CG][A-Z0-9]+$/, 'a channel id such as C0123ABCD'],
  users: [/^[UW][A-Z0-9]+$/, 'a user id such as U0123ABCD'],
  userGroups: [/^S[A-Z0-9]+$/, 'a user group id such as S0123ABCD'],
} as const;

/** Values that are no Slack ids of their kind; `pathOf` says where the value of an index stands. */
export const idMistakes = (
  kind: keyof typeof ids,
  pathOf: (index: number) => string,
  values: readonly string[],
): readonly Mistake[] => {
  const [form, what] = ids[kind];
  return values.flatMap((value, index) =>
    mistake(pathOf(index), form.test(value) ? undefined : `${said(value)} is not ${what}`),
  );
};

/** Users and user groups at `path` whose ids are none. */
export const peopleMistakes = (path: string, { users = [], userGroups = [] }: People): readonly Mistake[] => [
  ...idMistakes('users', (index) => `${path}.users[${index}]`, users),
  ...idMistakes('userGroups', (index) => `${path}.userGroups[${index}]`, userGroups),
];
