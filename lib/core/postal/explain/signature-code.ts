import type { ReplyCode } from '../replies/reply-code.ts';
import type { OwnCode } from './own-sentences.ts';

/** What Postal says of a whole delivery, in its web UI or in its log. */
export type OutcomeCode =
  | 'no-hosts'
  | 'none-connected'
  | 'no-server'
  | 'cannot-connect'
  | 'plaintext-retry'
  | 'connected'
  | 'accepted'
  | 'accepted-cut'
  | 'temporary'
  | 'permanent'
  | 'delivery-error'
  | 'send-error'
  | 'internal-error'
  | OwnCode;

/** What Postal adds to an outcome. */
export type NoteCode = 'bounce-sent' | 'retry-later' | 'without-tls' | 'suppression-changed';

/** What went wrong, in the words of Ruby, OpenSSL or the operating system. */
export type FaultCode =
  | 'no-nameservers'
  | 'dns-timeout-setting'
  | 'dns-error'
  | 'name-lookup'
  | 'refused'
  | 'connect-timeout'
  | 'unreachable'
  | 'connect-failed'
  | 'reset'
  | 'reset-in-tls'
  | 'broken-pipe'
  | 'closed'
  | 'read-timeout'
  | 'read-timeout-in-tls'
  | 'starttls-unsupported'
  | 'tls-timeout'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-self-signed'
  | 'certificate-private-ca'
  | 'certificate-no-issuer'
  | 'certificate-weak'
  | 'certificate-name'
  | 'certificate-unverified'
  | 'not-tls'
  | 'tls-version'
  | 'tls-client-certificate'
  | 'tls-closed'
  | 'tls-broken-off'
  | 'tls-handshake'
  | 'data-refused';

/** Everything that can be recognised; a closed set. */
export type SignatureCode = OutcomeCode | NoteCode | FaultCode | ReplyCode;
