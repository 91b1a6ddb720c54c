import { createHash, randomBytes } from 'node:crypto';
import { readAccount } from '../../adapters/postal-database/account.ts';
import { isLoopback } from '../../adapters/postal-database/connect.ts';
import { readServers } from '../../adapters/postal-database/read-inventory.ts';
import { messageDatabase } from '../../adapters/postal-database/read-snapshot.ts';
import { mainStatements } from '../../adapters/postal-database/statements.ts';
import {
  type AccountPassword,
  createAccount,
  deliveryGrants,
  type GrantedAccount,
  inventoryGrants,
} from '../../core/postal/audit/grants.ts';
import type { ShellResult } from '../shell-result.ts';
import type { AuditArguments, Source } from './audit-arguments.ts';
import { withDatabases } from './with-databases.ts';

/** What the statements have to fit: the host from which the server sees us, whether it offers TLS, and which mail servers there are. */
type Seen = {
  readonly host: string;
  readonly hasTls: boolean;
  readonly serverIds: readonly number[] | undefined;
};

const look = (args: AuditArguments, signal: AbortSignal): Promise<Seen> =>
  withDatabases(args, signal, async ({ main }) => {
    const { seenFrom } = await readAccount(main.query);
    const servers = await readServers(main.query, mainStatements(args.source.database));
    return { host: seenFrom, hasTls: main.isEncrypted, serverIds: servers.map(({ id }) => id) };
  });

/** Without a look: the server sees loopback from loopback, and else some address; TLS is demanded where the connection leaves the machine. */
const assumed = ({ main }: Source): Seen => ({
  host: isLoopback(main.host) ? '127.0.0.1' : '%',
  hasTls: !isLoopback(main.host),
  serverIds: undefined,
});

/** What MariaDB stores for `mysql_native_password`, so that a password that is set already appears nowhere. */
const hashOf = (password: string): string => {
  const sha1 = (data: string | Buffer): Buffer => createHash('sha1').update(data).digest();
  return `*${sha1(sha1(password)).toString('hex').toUpperCase()}`;
};

const passwordOf = (password: string): AccountPassword =>
  password === ''
    ? { kind: 'text', text: randomBytes(24).toString('base64url') }
    : { kind: 'hash', hash: hashOf(password) };

const comments = (seen: Seen, password: AccountPassword): readonly string[] => [
  '-- Run these as root of MariaDB. The account reads these columns and nothing else.',
  password.kind === 'text'
    ? '-- The password was made just now and is kept nowhere: put it into POSTAL_DATABASE_PASSWORD.'
    : '-- The password is the one in POSTAL_DATABASE_PASSWORD.',
  ...(seen.serverIds === undefined
    ? [
        '-- Nothing was asked of the server. With --use-postal-account --postal-config FILE these fit what it says.',
        '-- The last statements once for each mail server: put its id (servers.id) in place of ID.',
      ]
    : [
        `-- The server sees this machine as ${seen.host} and ${seen.hasTls ? 'offers TLS, which the account has to use' : 'offers no TLS'}.`,
      ]),
];

/** `audit --grants`: the statements that make the account, fitted to the server where Postal's own account may look. */
export const printGrants = async (args: AuditArguments, signal: AbortSignal): Promise<ShellResult> => {
  const { source, user } = args;
  const seen = source.isPostalsAccount ? await look(args, signal) : assumed(source);
  const account: GrantedAccount = { user, host: seen.host };
  const password = passwordOf(args.ownPassword);
  const databases = (seen.serverIds ?? ['ID']).map((id) => messageDatabase(source.messagePrefix, id));
  const lines = [
    ...comments(seen, password),
    createAccount(account, password, { requireTls: seen.hasTls }),
    ...inventoryGrants(account, source.database),
    ...databases.flatMap((database) => deliveryGrants(account, database)),
  ];
  return { text: lines.join('\n'), exitCode: 0 };
};
