import * as z from 'zod';
import type { Query } from './connect.ts';
import { DatabaseUnavailable } from './database-failure.ts';
import { readRows } from './rows.ts';
import { currentAccount } from './statements.ts';

const accountRow = z.object({ account: z.string(), seen: z.string() });

/** An account of MariaDB: a user, from a host. */
export type Account = { readonly user: string; readonly host: string };

const accountOf = (text: string): Account => {
  const at = text.lastIndexOf('@');
  return { user: text.slice(0, at), host: text.slice(at + 1) };
};

/** As which account the server lets us in, and from which host it sees us. */
export const readAccount = async (query: Query): Promise<{ readonly account: Account; readonly seenFrom: string }> => {
  const [row] = await readRows(query, currentAccount, accountRow);
  if (row === undefined) throw new DatabaseUnavailable('other', 'the server does not say who we are');
  return { account: accountOf(row.account), seenFrom: accountOf(row.seen).host };
};
