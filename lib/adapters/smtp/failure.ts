import type { AsRead, SmtpReply, StageFailure } from '../../core/probe-report/report.ts';
import { excerpt } from './excerpt.ts';

/** How a stage failed. */
export type Failure = {
  readonly reason: StageFailure;
  readonly detail?: string;
  readonly reply?: SmtpReply;
  readonly asRead?: AsRead;
};

const systemReasons: Readonly<Record<string, StageFailure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
};

const text = (error: Error, name: string): string | undefined => {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
};

const noCommonVersion =
  /WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE/;

const tlsReason = (code: string): StageFailure => {
  if (noCommonVersion.test(code)) return 'wrong-version';
  return code.includes('CERTIFICATE_REQUIRED') ? 'certificate' : 'tls-handshake';
};

/** Names the failure behind an error of a socket, in the clear or with TLS; the detail is the system's or OpenSSL's own text. */
export const failureOf = (error: Error): Failure => {
  const code = text(error, 'code') ?? '';
  // OpenSSL's message begins with a thread id and ends with a source file: its reason is the part that means something.
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO')
    return { reason: tlsReason(code + error.message), detail: text(error, 'reason') ?? error.message };
  // Node calls an orderly end in the middle of a handshake ECONNRESET too; only a real reset comes from a system call.
  if (code === 'ECONNRESET' && text(error, 'syscall') === undefined) return { reason: 'closed', detail: error.message };
  return { reason: systemReasons[code] ?? 'unreachable', detail: error.message };
};

/** Names the failure behind a negative reply. A code that cannot answer the command (1yz, or 3yz where 2yz is due) is malformed. */
export const failureOfReply = (reply: SmtpReply): Failure => {
  if (reply.code >= 500) return { reason: 'rejected-permanently', reply };
  if (reply.code >= 400) return { reason: 'rejected-temporarily', reply };
  return { reason: 'malformed-reply', detail: excerpt(reply.lines[0] ?? ''), reply };
};
