import type { Stage, StageFailure } from '../../core/probe-report/report.ts';

const phrases: Readonly<Record<StageFailure, string>> = {
  'outside-policy': 'not connected to: outside the ranges that policy allows',
  refused: 'connection refused',
  timeout: 'no answer',
  slow: 'no answer within the time a probe has',
  unreachable: 'no route to it',
  reset: 'connection reset',
  closed: 'connection closed',
  'not-smtp': 'that is not SMTP',
  'malformed-reply': 'no well-formed SMTP',
  'reply-too-long': 'does not stop talking',
  'rejected-temporarily': 'put off',
  'rejected-permanently': 'refused',
  'not-offered': 'not offered',
  'injected-plaintext': 'bytes after the answer',
  'tls-handshake': 'handshake failed',
  'wrong-version': 'no TLS there, or none in common',
  certificate: 'client certificate demanded',
  deadline: 'the time of the probe was over',
};

/** Why a stage failed, in a few words. */
export const failurePhrase = (reason: StageFailure): string => phrases[reason];

/** For these the system's own words say nothing that the phrase does not. */
const selfEvident: ReadonlySet<StageFailure | undefined> = new Set([
  'refused',
  'timeout',
  'slow',
  'reset',
  'closed',
  'deadline',
  'outside-policy',
]);

/** What was said where a stage failed: the server's reply, or the system's words where they add anything. Untrusted text. */
export const saidBy = ({ reply, reason, detail }: Stage): string =>
  reply?.lines.join(' ') ?? (selfEvident.has(reason) ? '' : (detail ?? ''));

/** `38 ms`, `10.0 s`. */
export const durationText = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
