import type { ReplyCode } from '../replies/reply-code.ts';

/** Everything that a finding can be about, causes before what follows from them: of equal severity, what stands first here is shown first. */
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

/** What a probe found that a person may have to do something about. All text is plain; what servers said in it is not to be trusted. */
export type ProbeFinding = {
  readonly code: FindingCode;
  /** `critical`: mail does not get in, or not as it should. `warning`: it does, at a price. `info`: worth knowing. */
  readonly severity: Severity;
  /** What the server's reply means, where the finding rests on one; the code that `explain` gives of the same reply. */
  readonly reply?: ReplyCode;
  /** What is the matter, with its values: a sentence, or two. */
  readonly message: string;
  /** What to do, in one or two sentences. */
  readonly remedy: string;
};
