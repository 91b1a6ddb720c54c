import * as z from 'zod/mini';
import type { Logger } from '../../app/ports/logger.ts';
import type { UserGroups } from '../../app/ports/user-groups.ts';
import { createWebApiCall, type WebApiAccess } from './web-api-call.ts';

const timeoutMs = 3000;

const usersSchema = z.object({ users: z.array(z.string()) });

/**
 * User groups over `usergroups.users.list`, which needs the scope `usergroups:read`. Nothing is retried: whoever asks waits for a decision, and can ask
 * again. Why a group could not be read is logged. Throws what `botToken` throws, and the signal's reason when it aborts.
 */
export const createWebApiUserGroups = ({
  log,
  ...access
}: WebApiAccess & { readonly log: Pick<Logger, 'warn'> }): UserGroups => {
  const call = createWebApiCall({ ...access, timeoutMs });
  return {
    members: async (groupId, signal) => {
      const result = await call('usergroups.users.list', { usergroup: groupId }, usersSchema, signal);
      if (result.ok) return new Set(result.value.users);
      signal.throwIfAborted();
      log.warn('a user group could not be read', { groupId, failure: result.failure });
      return undefined;
    },
  };
};
