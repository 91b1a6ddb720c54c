import { connectToDatabase, type Database } from '../../adapters/postal-database/connect.ts';
import type { AuditArguments } from './audit-arguments.ts';

/** The connections of an audit: one, but where the message databases are on a server of their own. */
export type Databases = { readonly main: Database; readonly messages: Database };

/** Connects, works, and closes. Rejects with `DatabaseUnavailable`. */
export const withDatabases = async <Result>(
  { source, protection }: Pick<AuditArguments, 'source' | 'protection'>,
  signal: AbortSignal,
  work: (databases: Databases) => Promise<Result>,
): Promise<Result> => {
  const main = await connectToDatabase(source.main, protection, signal);
  try {
    if (source.messages === undefined) return await work({ main, messages: main });
    const messages = await connectToDatabase(source.messages, protection, signal);
    try {
      return await work({ main, messages });
    } finally {
      messages.close();
    }
  } finally {
    main.close();
  }
};
