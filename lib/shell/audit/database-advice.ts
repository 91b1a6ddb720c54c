import { isLoopback } from '../../adapters/postal-database/connect.ts';
import type { DatabaseUnavailable } from '../../adapters/postal-database/database-failure.ts';
import { plain } from '../plain.ts';
import type { AuditArguments } from './audit-arguments.ts';

const grants =
  'postal-endpoint audit --grants --use-postal-account --postal-config FILE prints statements that fit this server';

/** What MariaDB's error 1045 does not say: which of four things is wrong. */
const loginRefused = ({ source, protection }: AuditArguments, detail: string): readonly string[] => {
  const seen = /@'([^']*)'/.exec(detail)?.[1];
  const isElsewhere = seen !== undefined && isLoopback(source.main.host) && !isLoopback(seen);
  return [
    'MariaDB gives the same answer (error 1045) for each of these:',
    `  - The account ${source.main.user} does not exist yet.`,
    seen === undefined
      ? '  - It exists for another host than the one the server sees.'
      : `  - It exists for another host. The server sees this machine as ${seen}${isElsewhere ? ", as a database in Docker sees the bridge's gateway" : ''}: the account has to be ${source.main.user}@'${seen}'.`,
    '  - The password in POSTAL_DATABASE_PASSWORD is another one.',
    `  - The account requires TLS (REQUIRE SSL), and the server offers none${protection.allowPlaintext ? ' or --insecure-plaintext turned it off' : ', as the official image before MariaDB 11.4'}.`,
    `${grants}.`,
  ];
};

const advice = (failure: DatabaseUnavailable, args: AuditArguments): readonly string[] => {
  const { host } = args.source.main;
  switch (failure.reason) {
    case 'unreachable':
      return [
        'Is MariaDB running, and does it listen there? In a container on the Postal host, use --network host, or the address of the host.',
      ];
    case 'no-tls':
      return isLoopback(host)
        ? ['The server offers no TLS. Leave out --ca-file: on loopback no TLS is needed.']
        : [
            'The server offers no TLS, and this connection leaves the machine. Turn TLS on there; --insecure-plaintext sends everything in the clear.',
          ];
    case 'certificate':
      return [
        `The certificate has to be signed by an authority that --ca-file FILE names, and to name ${host}. Nothing was sent.`,
      ];
    case 'login-refused':
      return loginRefused(args, failure.detail);
    case 'host-refused':
      return [`The server lets no account in from this host. ${grants}.`];
    case 'not-granted':
      return [`The account lacks a right. ${grants}.`];
    case 'too-many-connections':
      return ['Another audit may be running: the account has two connections. Try again when it has ended.'];
    case 'statement-too-slow':
      return ['A statement took longer than 5 s and was ended by the server. Try again when it has less to do.'];
    case 'not-postal':
      return [
        `Is "${args.source.database}" the main database of a Postal 2 or 3 (main_db.database), and "${args.source.messagePrefix}" the prefix of its message databases?`,
      ];
    case 'timeout':
    case 'other':
      return [];
  }
};

/** Why nothing could be read, and what to do about it. */
export const databaseAdvice = (failure: DatabaseUnavailable, args: AuditArguments): string => {
  const { host, port } = args.source.main;
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return [
    `postal-endpoint: the database at ${where} could not be read: ${plain(failure.detail)}`,
    ...advice(failure, args),
  ].join('\n');
};
