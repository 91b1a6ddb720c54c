import type { Stage, StageFailure } from '../../core/probe-report/report.ts';

const phrases: Readonly<Record<StageFailure, string>> = {
  'outside-policy': 'not connected: outside the ranges of the policy',
  refused: 'connection refused',
  timeout: 'no answer',
  slow: 'no answer within the time of a check',
  unreachable: 'no route to host',
  reset: 'connection reset',
  closed: 'connection closed',
  'not-smtp': 'not SMTP',
  'malformed-reply': 'malformed reply',
  'reply-too-long': 'reply too long',
  'rejected-temporarily': 'rejected temporarily',
  'rejected-permanently': 'rejected',
  'not-offered': 'not offered',
  'injected-plaintext': 'plaintext after STARTTLS',
  'tls-handshake': 'handshake failed',
  'wrong-version': 'no TLS, or no common version',
  certificate: 'client certificate demanded',
  deadline: 'time limit of the check',
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
