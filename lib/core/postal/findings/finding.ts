import type { ReplyCode } from '../replies/reply-code.ts';

/** All codes of findings, causes before their effects: of equal severity, the earlier code is shown first. */
export const findingCodes = [
  'hostname-is-ip',
  'hostname-not-savable',
  'drift-definition',
  'drift-resolver',
  'dns-nxdomain',
  'dns-no-address',
  'dns-cname-not-followed',
  'dns-error',
  'dns-silent',
  'dns-os-domain',
  'postal-internal-error',
  'address-is-postal-itself',
  'outside-policy',
  'probe-cut-short',
  'port-mode-swapped',
  'connect-refused',
  'connect-blocked-by-aws',
  'connect-timeout',
  'connect-failed',
  'server-busy',
  'banner-silent',
  'banner-closed',
  'banner-not-smtp',
  'banner-endless',
  'banner-refused',
  'banner-deferred',
  'out-of-step',
  'ehlo-failed',
  'starttls-injection',
  'starttls-refused',
  'ssl-mode-starttls',
  'tls-no-common-version',
  'tls-client-certificate',
  'tls-handshake-failed',
  'tls-broken-off',
  'ehlo-refused',
  'starttls-masked',
  'starttls-not-offered',
  'starttls-not-recognised',
  'ssl-mode-none',
  'certificate-expired',
  'certificate-not-yet-valid',
  'certificate-self-signed',
  'certificate-untrusted',
  'certificate-expires-soon',
  'certificate-name-mismatch',
  'mail-requires-tls',
  'mail-requires-login',
  'mail-refused',
  'mail-deferred',
  'rcpt-unknown',
  'rcpt-relay-denied',
  'rcpt-refused',
  'rcpt-greylisted',
  'rcpt-deferred',
  'message-refused',
  'message-deferred',
  'message-broken-off',
  'message-accepted',
  'ipv6-dead',
  'addresses-dead',
  'dns-nameserver-dead',
  'dns-type-failed',
  'banner-late',
] as const;
export type FindingCode = (typeof findingCodes)[number];

export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** A problem that a probe found. The text is plain and may quote servers, so escape it before display. */
export type ProbeFinding = {
  readonly code: FindingCode;
  /** `critical`: mail is not delivered, or not safely. `warning`: it is delivered, but late or unprotected. `info`: no effect on mail. */
  readonly severity: Severity;
  /** Meaning of the server's reply, where the finding is about one; the same code that `explain` gives this reply. */
  readonly reply?: ReplyCode;
  /** What is wrong, with the values, in one or two sentences. */
  readonly message: string;
  /** What to do, in one or two sentences. */
  readonly remedy: string;
};
