import type { ReplyCode } from '../replies/reply-code.ts';
import { type Advice, type AdviceFacts, server, where } from './advice-words.ts';

const isInTransaction = ({ stages }: AdviceFacts): boolean =>
  stages.some((stage) => stage === 'mail' || stage === 'rcpt' || stage === 'data' || stage === 'end-of-data');

/** What mail servers say. */
export const replyAdvice: Readonly<Record<ReplyCode, Advice>> = {
  'reply-accepted': {
    meaning: (facts) => `${where(facts)} accepted the message.`,
    remedy: 'If it is missing all the same, search that server’s log for the id in its reply.',
  },
  'reply-unexpected': {
    meaning: ({ status }) => `The mail server answered ${status ?? '3xx'}, which fits no command that Postal had sent.`,
    remedy: 'Something is wrong with the server, or with a proxy before it that loses track of the conversation.',
  },
  'reply-wrong-protocol': {
    meaning: (facts) => `${where(facts)} does not speak SMTP: another protocol answers there.`,
    remedy:
      'Correct the port in Postal’s endpoint: 25, 587 or 465, wherever the mail server listens for SMTP. LMTP, often port 24, is not SMTP.',
  },
  'reply-tls-unavailable': {
    meaning: 'The server offers STARTTLS and then cannot do it.',
    remedy:
      'Mend its certificate and key (paths, permissions). Auto does not fall back to plaintext after this reply, so mail queues.',
  },
  'reply-starttls-first': {
    meaning: 'The server takes mail only over TLS, and Postal came in plaintext.',
    remedy:
      'Set the endpoint’s SSL mode to Auto. The mode called STARTTLS sends plaintext from Postal 3.0.0 on, and None always does. With Auto already: the server’s TLS failed first.',
  },
  'reply-authenticate-first': {
    meaning: 'The server wants a login, and Postal never logs in to an SMTP endpoint.',
    remedy:
      'Have the server take mail from Postal’s address without authentication; 587 is usually for logins, 25 is not.',
  },
  'reply-first-contact': {
    meaning: (facts) => `${server(facts)} puts off clients that it has not seen before. This passes by itself.`,
    remedy: 'Wait for the next attempt. Put Postal’s address on the server’s access list to avoid the delay.',
  },
  'reply-greylisted': {
    meaning: 'Greylisting: the server puts off a sender that it has not seen before. This passes by itself.',
    remedy: 'Wait for the next attempt. Exempt Postal’s address from greylisting to spare the delay.',
  },
  'reply-busy': {
    meaning: 'The server is too busy, shutting down, or has too many connections or messages from Postal.',
    remedy: 'If it goes on, raise the server’s limits for Postal’s address.',
  },
  'reply-relay-denied': {
    meaning: ({ recipientDomain }) =>
      `The server is not responsible for ${recipientDomain ?? 'the recipient’s domain'}, and does not relay for Postal.`,
    remedy: 'Add the recipient’s domain to those that the server takes mail for, or let it relay for Postal’s address.',
  },
  'reply-user-unknown': {
    meaning: 'The server does not know this recipient.',
    remedy:
      'Create the mailbox or alias there, or correct the route in Postal. Postal passes the original recipient on.',
  },
  'reply-mailbox-full': { meaning: 'The recipient’s mailbox is full.', remedy: 'Make room in it, or raise its quota.' },
  'reply-recipient-refused': {
    meaning: 'The server refuses this recipient.',
    remedy: 'Look there whether the mailbox is disabled or restricted, and what its log says.',
  },
  'reply-too-large': {
    meaning: 'The message is larger than the server takes.',
    remedy: 'Raise the limit there (message_size_limit in Postfix), or have the sender send less.',
  },
  'reply-no-space': {
    meaning: 'The server has no room for the message.',
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
    meaning: 'The server took the message in and refused its content.',
    remedy:
      'Look in its log, or that of its filter, what was objected to; exempt Postal’s address where the filter is wrong.',
  },
  'reply-helo-refused': {
    meaning: 'The server refuses the name by which Postal greets it.',
    remedy: 'Set dns.helo_hostname in Postal to a name that resolves to Postal’s address.',
  },
  'reply-client-refused': {
    meaning: 'The server refuses Postal’s address itself.',
    remedy:
      'Allow Postal’s address there (mynetworks in Postfix), and look whether it is on a block list or without reverse DNS.',
  },
  'reply-no-reverse-dns': {
    meaning: 'The server wants a reverse DNS name (PTR record) for Postal’s address and finds none that fits.',
    remedy:
      'Create a PTR record for Postal’s address whose name resolves back to it, in a zone that the mail server can query; or exempt Postal’s address there.',
  },
  'reply-mail-loop': {
    meaning: 'The message has passed through too many servers: mail is going round in a loop.',
    remedy:
      'Check that the mail server does not send this recipient’s mail back to Postal, and that Postal’s route does not point to a server that forwards to it.',
  },
  'reply-server-fault': {
    meaning: 'Something failed inside the mail server: its configuration, a lookup, a filter or a backend.',
    remedy: 'Its own log says what failed. Postal’s endpoint needs no change.',
  },
  'reply-syntax': {
    meaning: 'The server did not accept a command of Postal’s, or not at that point.',
    remedy: 'Look in its log. A firewall that “fixes up” SMTP, or a proxy before the server, often causes this.',
  },
  'reply-temporary': {
    meaning: (facts) =>
      isInTransaction(facts) ? 'The server put the message off for now.' : 'The server turned Postal away for now.',
    remedy:
      'The words of the reply say why, if anything does. On a first attempt 4.7.1 is often greylisting, and passes.',
  },
  'reply-permanent': {
    meaning: (facts) =>
      isInTransaction(facts)
        ? 'The server refused the message.'
        : 'The server refused Postal before any mail was offered.',
    remedy: 'The words of the reply and the server’s log say why. 5.7.1 is a policy there: allow Postal’s address.',
  },
};
