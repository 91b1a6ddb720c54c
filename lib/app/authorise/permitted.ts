import { authorise } from '../../core/policy/authorise.ts';
import { rightsGroups } from '../../core/policy/rights.ts';
import type { Ports, Request } from '../ports/ports.ts';
import { membersOf } from '../ports/user-groups.ts';

/** Of which names someone may use a verb where they asked (`right`: another one than the request's): for what shows many, and leaves out what is not theirs to see. */
export const permitted = async (
  { policy, userGroups }: Pick<Ports, 'policy' | 'userGroups'>,
  { actor, command: { verb } }: Request,
  signal: AbortSignal,
  right: string = verb,
): Promise<(hostname: string) => boolean> => {
  const groups = await membersOf(userGroups, rightsGroups(policy, actor), signal);
  return (hostname) => authorise(policy, actor, right, hostname, groups).allowed;
};
