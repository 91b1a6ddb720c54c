import type { ReplyCode } from '../replies/reply-code.ts';
import { type Advice, type AdviceFacts, server, where } from './advice-words.ts';

const isInTransaction = ({ stages }: AdviceFacts): boolean =>
  stages.some((stage) => stage === 'mail' || stage === 'rcpt' || stage === 'data' || stage === 'end-of-data');

/** Meaning and remedy of the replies of mail servers. */
export const replyAdvice: Readonly<Record<ReplyCode, Advice>> = {
  'reply-accepted': {
    meaning: (facts) => `${where(facts)} accepted the message.`,
    remedy: 'If it is still missing, search that server’s log for the id in its reply.',
  },
  'reply-unexpected': {
    meaning: ({ status }) =>
      `The mail server answered ${status ?? '3xx'}, which does not answer the command that Postal sent.`,
    remedy: 'Check the server, and any proxy in front of it that may mix up replies.',
  },
  'reply-wrong-protocol': {
    meaning: (facts) => `${where(facts)} does not speak SMTP: another protocol answers there.`,
    remedy:
      'Correct the port in Postal’s endpoint: 25, 587 or 465, wherever the mail server listens for SMTP. LMTP, often port 24, is not SMTP.',
  },
  'reply-tls-unavailable': {
    meaning: 'The server offers STARTTLS, but it fails.',
    remedy:
      'Fix the server’s certificate and key (paths, permissions). Auto does not fall back to plaintext after this reply, so mail queues.',
  },
  'reply-starttls-first': {
    meaning: 'The server accepts mail only over TLS, and Postal connected in plaintext.',
    remedy:
      'Set the endpoint’s SSL mode to Auto. The mode called STARTTLS sends plaintext from Postal 3.0.0 on, and None always does. If the mode is Auto already, the server’s TLS failed first.',
  },
  'reply-authenticate-first': {
    meaning: 'The server requires a login, and Postal never logs in to an SMTP endpoint.',
    remedy:
      'Configure the server to accept mail from Postal’s address without authentication; usually 587 requires a login and 25 does not.',
  },
  'reply-first-contact': {
    meaning: (facts) =>
      `${server(facts)} defers clients that it has not seen before. No action needed: a later attempt succeeds.`,
    remedy: 'Wait for the next attempt. Put Postal’s address on the server’s access list to avoid the delay.',
  },
  'reply-greylisted': {
    meaning:
      'Greylisting: the server defers a sender that it has not seen before. No action needed: a later attempt succeeds.',
    remedy: 'Wait for the next attempt. Exempt Postal’s address from greylisting to avoid the delay.',
  },
  'reply-busy': {
    meaning: 'The server is too busy, or has too many connections or messages from Postal.',
    remedy: 'If this persists, raise the server’s limits for Postal’s address.',
  },
  'reply-relay-denied': {
    meaning: ({ recipientDomain }) =>
      `The server is not responsible for ${recipientDomain ?? 'the recipient’s domain'}, and does not relay for Postal.`,
    remedy: 'Add the recipient’s domain to those that the server accepts mail for, or allow Postal’s address to relay.',
  },
  'reply-user-unknown': {
    meaning: 'The server does not know this recipient.',
    remedy:
      'Create the mailbox or alias there, or correct the route in Postal. Postal passes the original recipient on.',
  },
  'reply-mailbox-full': { meaning: 'The recipient’s mailbox is full.', remedy: 'Make room in it, or raise its quota.' },
  'reply-recipient-refused': {
    meaning: 'The server refuses this recipient.',
    remedy: 'Check there whether the mailbox is disabled or restricted, and check the server’s log.',
  },
  'reply-too-large': {
    meaning: 'The message is larger than the server accepts.',
    remedy: 'Raise the limit there (message_size_limit in Postfix), or ask the sender to send less.',
  },
  'reply-no-space': {
    meaning: 'The server has no disk space for the message.',
    remedy: 'Free disk space on the mail server.',
  },
  'reply-sender-unverified': {
    meaning:
      'The server could not verify the envelope sender, an address at Postal’s return-path domain: the domain does not resolve there, or Postal does not accept mail for it.',
    remedy:
      'Check from the mail server that the return-path domain has an MX or A record and that Postal’s port 25 is reachable; or exempt Postal’s address from sender verification.',
  },
  'reply-sender-refused': {
    meaning:
      'The server refuses the envelope sender. With Postal that is an address at its return-path domain, not the author’s.',
    remedy:
      'Check that the return-path domain resolves from the mail server, and exempt Postal’s address from sender checks.',
  },
  'reply-origin-refused': {
    meaning:
      'The server’s SPF, DKIM or DMARC check failed: the message comes from Postal’s address, not from the author’s servers.',
    remedy: 'Exempt Postal’s address from those checks there: mail that Postal passes on cannot pass SPF.',
  },
  'reply-content-refused': {
    meaning: 'The server received the message and refused its content.',
    remedy: 'Check its log, or its filter’s log, for the cause. If the filter is wrong, exempt Postal’s address.',
  },
  'reply-helo-refused': {
    meaning: 'The server refuses Postal’s EHLO name.',
    remedy: 'Set dns.helo_hostname in Postal to a name that resolves to Postal’s address.',
  },
  'reply-client-refused': {
    meaning: 'The server refuses Postal’s address itself.',
    remedy:
      'Allow Postal’s address there (mynetworks in Postfix), and check whether it is on a block list or has no reverse DNS.',
  },
  'reply-no-reverse-dns': {
    meaning: 'The server requires a matching reverse DNS name (PTR record) for Postal’s address and finds none.',
    remedy:
      'Create a PTR record for Postal’s address whose name resolves back to it, in a zone that the mail server can query; or exempt Postal’s address there.',
  },
  'reply-mail-loop': {
    meaning: 'The message has passed through too many servers: mail is looping.',
    remedy:
      'Check that the mail server does not send this recipient’s mail back to Postal, and that Postal’s route does not point to a server that forwards to it.',
  },
  'reply-server-fault': {
    meaning: 'Something failed inside the mail server: its configuration, a lookup, a filter or a backend.',
    remedy: 'Its own log says what failed. Postal’s endpoint needs no change.',
  },
  'reply-syntax': {
    meaning: 'The server did not accept a command from Postal, or not at that point.',
    remedy: 'Check its log. The cause is often a firewall that rewrites SMTP, or a proxy in front of the server.',
  },
  'reply-temporary': {
    meaning: (facts) =>
      isInTransaction(facts) ? 'The server deferred the message.' : 'The server deferred Postal’s connection.',
    remedy:
      'Look for the cause in the reply’s text. On a first attempt, 4.7.1 is often greylisting, and a later attempt succeeds.',
  },
  'reply-permanent': {
    meaning: (facts) =>
      isInTransaction(facts)
        ? 'The server refused the message.'
        : 'The server refused Postal before any mail was offered.',
    remedy:
      'Look for the cause in the reply’s text and the server’s log. 5.7.1 is a policy of the server: allow Postal’s address.',
  },
};
