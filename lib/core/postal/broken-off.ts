import type { Stage, StageFailure } from '../probe-report/report.ts';

/**
 * How a stage ended a connection, as far as Postal acts on it: over an error of OpenSSL mode Auto tries plaintext, over that or a reset a transaction is
 * begun anew. Undefined for any other end.
 *
 * | at | ended by | counts as |
 * | --- | --- | --- |
 * | the handshake | the end of TCP, anything that OpenSSL does not take | `tls` |
 * | any stage inside TLS | the end of TCP without TLS's own, an alert | `tls` |
 * | any stage | a reset, writing to a connection that is gone | `reset` |
 */
export const brokenOffBy = ({ stage, status, reason, reply, asRead }: Stage): 'tls' | 'reset' | undefined => {
  if (status !== 'failed' || reply !== undefined) return undefined;
  const ended: StageFailure | 'tls-eof' | undefined = asRead === undefined ? reason : asRead.ended;
  switch (ended) {
    case 'tls-eof':
    case 'tls-handshake':
    case 'wrong-version':
    case 'certificate':
      return 'tls';
    case 'reset':
      return stage === 'connect' ? undefined : 'reset';
    case 'closed':
      return stage === 'tls' ? 'tls' : undefined;
    default:
      return undefined;
  }
};
