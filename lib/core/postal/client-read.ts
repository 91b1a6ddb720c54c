import type { AsRead, Stage, StageFailure, StageName } from '../probe-report/report.ts';
import type { ClientError, Open } from './client-error.ts';
import { isSuccess, replyErrorOf } from './reply.ts';

/** What Postal's client meets where it waits for a reply. */
export type ClientRead =
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'raised'; readonly error: ClientError }
  | Open;

const endOfFile: ClientError = { kind: 'other', message: 'end of file reached' };
const readTimeout: ClientError = { kind: 'read-timeout', message: 'Net::ReadTimeout with #<TCPSocket:(closed)>' };

const raised = (error: ClientError): ClientRead => ({ kind: 'raised', error });
const open = (reason: Open['reason'], message: string): Open => ({ kind: 'open', reason, message });

/** OpenSSL's alerts as Ruby words them, which adds their number where it is known. */
const alertNumbers: Readonly<Record<string, number>> = {
  'sslv3 alert handshake failure': 40,
  'ssl/tls alert handshake failure': 40,
  'tlsv1 alert protocol version': 70,
  'tlsv13 alert certificate required': 116,
  'tlsv1 alert internal error': 80,
  'tlsv1 alert unknown ca': 48,
  'sslv3 alert bad certificate': 42,
  'ssl/tls alert bad certificate': 42,
  'tlsv1 unrecognized name': 112,
  'tlsv1 alert access denied': 49,
};

/** OpenSSL's reason as Postal shows it; newer versions have renamed what came from SSL 3. */
export const opensslText = (reason: string): string => {
  const text = reason.replace(/^ssl\/tls alert/, 'sslv3 alert');
  const number = alertNumbers[text];
  return number === undefined ? text : `${text} (SSL alert number ${number})`;
};

const afterEnd = (
  ended: StageFailure | 'tls-eof',
  { detail, stage }: Stage,
  asRead: AsRead | undefined,
): ClientRead => {
  switch (ended) {
    case 'tls-eof':
      return raised({ kind: 'tls', message: 'SSL_read: unexpected eof while reading' });
    case 'closed':
      return raised(endOfFile);
    case 'reset':
      return raised({
        kind: 'broken',
        message: detail?.includes('EPIPE') ? 'Broken pipe' : 'Connection reset by peer',
      });
    case 'timeout':
      return raised(readTimeout);
    case 'tls-handshake':
    case 'wrong-version':
    case 'certificate':
      return raised({ kind: 'tls', message: `SSL_read: ${opensslText(detail ?? 'unknown error')}` });
    case 'unreachable':
      return raised({ kind: 'other', message: systemText(detail) });
    case 'slow':
      // The first character decides: however the reply ends, Postal does not accept it.
      if (asRead !== undefined && asRead.text !== '' && !isSuccess(asRead.text)) return raised(readTimeout);
      return open('slow', `The server was silent at ${stage} for as long as a probe waits; Postal waits longer.`);
    case 'outside-policy':
      return open('outside-policy', 'The address lies outside the ranges that policy lets the prober reach.');
    case 'deadline':
      return open('probe-failed', `The time for the whole probe was over at ${stage}.`);
    case 'reply-too-long':
      return open('probe-failed', 'The server did not stop talking, and the probe left it.');
    case 'refused':
    case 'not-smtp':
    case 'malformed-reply':
    case 'rejected-temporarily':
    case 'rejected-permanently':
    case 'not-offered':
    case 'injected-plaintext':
      return open('probe-failed', `The probe says too little of ${stage}: ${ended}.`);
  }
};

/** The C library's words. */
const systemErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  EHOSTDOWN: 'Host is down',
  ENETUNREACH: 'Network is unreachable',
  ENETDOWN: 'Network is down',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EINVAL: 'Invalid argument',
  ETIMEDOUT: 'Connection timed out',
  EPIPE: 'Broken pipe',
};

/** What the C library calls the error that Node names in its message. */
export const systemText = (detail: string | undefined): string => {
  const code = /\bE[A-Z]{3,}\b/.exec(detail ?? '')?.[0] ?? '';
  return systemErrors[code] ?? detail ?? 'unknown error';
};

/** The result for a stage that the probe did not reach. */
export const notReached = (next: StageName): Open => ({
  ...open('probe-failed', 'The stage that decides was not reached.'),
  next,
});

/** What Postal's client reads at a stage in which it waits for a reply. */
export const clientReads = (stage: Stage): ClientRead => {
  const { reply, asRead, reason } = stage;
  if (reply !== undefined) return { kind: 'said', text: `${reply.lines.join('\n')}\n` };
  if (asRead !== undefined)
    return asRead.ended === undefined ? { kind: 'said', text: asRead.text } : afterEnd(asRead.ended, stage, asRead);
  return reason === undefined
    ? open('probe-failed', `The report has no reply at ${stage.stage}.`)
    : afterEnd(reason, stage, undefined);
};

/** A reply that Postal's client did not want. */
export const replyErrorRaised = (text: string): ClientError => ({
  kind: 'reply',
  error: replyErrorOf(text),
  message: text,
});
