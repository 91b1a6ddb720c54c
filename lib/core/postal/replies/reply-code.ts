/** What a mail server's reply means; a closed set. The two last say nothing more than their status does. */
export const replyCodes = [
  'reply-accepted',
  'reply-unexpected',
  'reply-wrong-protocol',
  'reply-tls-unavailable',
  'reply-starttls-first',
  'reply-authenticate-first',
  'reply-greylisted',
  'reply-first-contact',
  'reply-busy',
  'reply-relay-denied',
  'reply-user-unknown',
  'reply-mailbox-full',
  'reply-recipient-refused',
  'reply-too-large',
  'reply-no-space',
  'reply-sender-refused',
  'reply-sender-unverified',
  'reply-origin-refused',
  'reply-content-refused',
  'reply-helo-refused',
  'reply-client-refused',
  'reply-no-reverse-dns',
  'reply-mail-loop',
  'reply-server-fault',
  'reply-syntax',
  'reply-temporary',
  'reply-permanent',
] as const;
export type ReplyCode = (typeof replyCodes)[number];

/** How far Postal had come when the server replied, as far as Postal's own wording tells. */
export type ReplyPhase = 'connecting' | 'transaction' | 'data';
