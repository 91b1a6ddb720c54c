import type { DatabaseFacts, DeliveryCursors } from '../../core/postal/database/database-answer.ts';
import { connectToDatabase } from './connect.ts';
import { DatabaseUnavailable } from './database-failure.ts';
import type { DatabaseLogin } from './database-login.ts';
import { readFacts } from './read-snapshot.ts';

/** Which databases of the server are Postal's. */
type Names = { readonly database: string; readonly messagePrefix: string };

/** Reads Postal's facts over one connection, which is closed afterwards. A string says why nothing could be read: it names neither password nor row. */
export const readThrough = async (
  { address, protection }: DatabaseLogin,
  names: Names,
  cursors: DeliveryCursors,
  nowMs: number,
  signal: AbortSignal,
): Promise<DatabaseFacts | string> => {
  try {
    const { query, close } = await connectToDatabase(address, protection, signal);
    try {
      return await readFacts({ main: query, messages: query, ...names }, nowMs, cursors);
    } finally {
      close();
    }
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return `${error.reason}: ${error.detail}`;
    throw error;
  }
};
