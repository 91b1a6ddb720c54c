import * as z from 'zod';
import type { Logger } from '../../app/ports/logger.ts';
import type { UserGroups } from '../../app/ports/user-groups.ts';

const requestTimeoutMs = 3000;

const answerSchema = z.object({ ok: z.boolean(), error: z.string().optional(), users: z.array(z.string()).optional() });

/**
 * User groups over `usergroups.users.list`, which wants the scope `usergroups:read`. Nothing is retried: whoever asks waits for a decision, and can ask
 * again. Why a group could not be read is logged. Throws what `botToken` throws, and the signal's reason when it aborts.
 */
export const createWebApiUserGroups = (options: {
  readonly botToken: () => Promise<string>;
  readonly slackApiUrl: string;
  readonly log: Pick<Logger, 'warn'>;
}): UserGroups => {
  const { botToken, slackApiUrl, log } = options;
  const url = new URL('usergroups.users.list', slackApiUrl.endsWith('/') ? slackApiUrl : `${slackApiUrl}/`);

  /** The members, or why they cannot be read. */
  const read = async (groupId: string, token: string, signal: AbortSignal): Promise<ReadonlySet<string> | string> => {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams({ usergroup: groupId }),
      signal,
    });
    if (!response.ok) return `HTTP ${response.status}`;
    const parsed = answerSchema.safeParse(await response.json());
    if (!parsed.success) return 'an answer of another form';
    const { ok, error, users } = parsed.data;
    return ok && users !== undefined ? new Set(users) : (error ?? 'an answer without users');
  };

  return {
    members: async (groupId, signal) => {
      const token = await botToken();
      try {
        const result = await read(groupId, token, AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]));
        if (typeof result !== 'string') return result;
        log.warn('a user group could not be read', { groupId, why: result });
      } catch (error) {
        signal.throwIfAborted();
        log.warn('a user group could not be read', { groupId, error });
      }
      return undefined;
    },
  };
};
