import { createContext, useContext } from 'react';
import type { Bot, Channel, User, UserGroup } from '../../slack/store/workspace.ts';
import type { Theme } from './use-theme.ts';

/** What any block may need to know to show itself. */
export type Surroundings = {
  /** Who looks at the page. */
  readonly me: User;
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly userGroups: readonly UserGroup[];
  readonly bot: Bot;
  readonly theme: Theme;
};

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

/** Throws outside of the workspace. */
export const useWorkspaceContext = (): Surroundings => {
  const surroundings = useContext(SurroundingsContext);
  if (surroundings === undefined) throw new Error('blocks are shown inside a workspace only');
  return surroundings;
};
