import * as z from 'zod';

/** Why nothing, or nothing more, could be read. */
export type DatabaseFailureReason =
  | 'unreachable'
  | 'no-tls'
  | 'certificate'
  | 'login-refused'
  | 'host-refused'
  | 'not-granted'
  | 'too-many-connections'
  | 'statement-too-slow'
  | 'not-postal'
  | 'timeout'
  | 'other';

/** The database could not be read. `detail` is what the server or the system said, untrusted; it holds neither password nor row. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly reason: DatabaseFailureReason;
  readonly detail: string;

  constructor(reason: DatabaseFailureReason, detail: string, options?: ErrorOptions) {
    super(`${reason}: ${detail}`, options);
    this.reason = reason;
    this.detail = detail;
  }
}

const errorSchema = z.object({
  code: z.string().optional(),
  errno: z.number().optional(),
  message: z.string(),
  sqlMessage: z.string().optional(),
});

/** By MariaDB's error numbers. */
const reasonByNumber: ReadonlyMap<number, DatabaseFailureReason> = new Map([
  [1045, 'login-refused'],
  [1698, 'login-refused'],
  [1130, 'host-refused'],
  [1044, 'not-granted'],
  [1142, 'not-granted'],
  [1143, 'not-granted'],
  [1227, 'not-granted'],
  [1040, 'too-many-connections'],
  [1203, 'too-many-connections'],
  [1226, 'too-many-connections'],
  [1969, 'statement-too-slow'],
  [1049, 'not-postal'],
  [1054, 'not-postal'],
  [1146, 'not-postal'],
  [1176, 'not-postal'],
]);

/** By the client's own codes. */
const reasonByCode: ReadonlyMap<string, DatabaseFailureReason> = new Map([
  ['HANDSHAKE_NO_SSL_SUPPORT', 'no-tls'],
  ['HANDSHAKE_SSL_ERROR', 'certificate'],
  ['ETIMEDOUT', 'unreachable'],
  ['ECONNREFUSED', 'unreachable'],
  ['ECONNRESET', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['PROTOCOL_CONNECTION_LOST', 'unreachable'],
]);

/** Reads what the client or the server threw. */
export const databaseUnavailable = (error: unknown): DatabaseUnavailable => {
  if (error instanceof DatabaseUnavailable) return error;
  const known = errorSchema.safeParse(error);
  if (!known.success) return new DatabaseUnavailable('other', String(error), { cause: error });
  const { code, errno, message, sqlMessage } = known.data;
  const reason =
    (errno === undefined ? undefined : reasonByNumber.get(errno)) ??
    (code === undefined ? undefined : reasonByCode.get(code)) ??
    'other';
  return new DatabaseUnavailable(reason, sqlMessage ?? (message === '' ? (code ?? 'no reason given') : message), {
    cause: error,
  });
};
