import { saveDatabaseFailure } from '../state/postal/database-failure-store.ts';
import type { WatchPorts } from './watch-ports.ts';

/** Beyond it the round does not wait: the rest is read in the next minute. */
const withinMs = 25_000;

/** Has Postal's database read, where that is set up. It never rejects: what Postal has is not what a round of watch depends on. */
export const readPostalDatabase = async (
  ports: Pick<WatchPorts, 'database' | 'state' | 'log' | 'clock' | 'policy' | 'profile'>,
  signal: AbortSignal,
): Promise<void> => {
  const { database, state, log, clock, policy, profile } = ports;
  if (database === undefined) return;
  try {
    // Most deployments do not read the database: a cold start does not load what only that needs.
    const { readDatabase } = await import('../postal/read-database.ts');
    const own = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
    const { message, ...read } = await readDatabase({ database, state, log, clock, policy, profile }, own);
    if (message === undefined) return log.info("Postal's database was read", read);
    log.warn("Postal's database could not be read", { ...read, message });
    await saveDatabaseFailure(state, { atMs: clock.now(), message }, signal);
  } catch (error) {
    log.warn("what was read of Postal's database could not be kept", { error });
  }
};
