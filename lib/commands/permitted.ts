import { authorise } from '../policy/authorise.ts';
import { rightsGroups } from '../policy/rights.ts';
import { membersOf } from '../policy/user-groups.ts';
import type { Ports, Request } from './ports.ts';

/** Of which names someone may use a verb where they asked: for what shows many, and leaves out what is not theirs to see. */
export const permitted = async (
  { policy, userGroups }: Pick<Ports, 'policy' | 'userGroups'>,
  { actor, command: { verb } }: Request,
  signal: AbortSignal,
): Promise<(hostname: string) => boolean> => {
  const groups = await membersOf(userGroups, rightsGroups(policy, actor), signal);
  return (hostname) => authorise(policy, actor, verb, hostname, groups).allowed;
};
