import { type Advice, broken, name, server, where } from './advice-words.ts';
import type { OwnCode } from './own-sentences.ts';
import type { NoteCode, OutcomeCode } from './signature-code.ts';

/** Postal's result of a whole delivery, for texts that do not contain the cause. */
export const outcomeAdvice: Readonly<Record<Exclude<OutcomeCode, OwnCode> | NoteCode, Advice>> = {
  'no-hosts': {
    meaning: 'Postal found no address for the hostname of the SMTP endpoint, so it did not connect.',
    remedy:
      'Check the hostname in Postal’s SMTP endpoint: it must be a name, not an IP address, and spelt correctly. Then check that the nameservers in Postal’s resolv.conf answer with an A or AAAA record for it: Postal ignores /etc/hosts and search domains. A missing record, one added minutes ago (resolvers cache NXDOMAIN), SERVFAIL and a dead nameserver all look like this.',
  },
  'none-connected': {
    meaning: (facts) => `Postal found addresses for ${name(facts)}, but could not connect to any of them.`,
    remedy: 'The reason is in the technical details under this line in Postal’s web UI: paste them too.',
  },
  'no-server': {
    meaning: 'Postal could not connect to any mail server for this message.',
    remedy: 'Paste the rest of the line: “No hosts to try” is DNS, “Tried …” is the connection.',
  },
  'cannot-connect': {
    meaning: (facts) => `Postal could not open an SMTP session with ${where(facts)}.`,
    remedy: 'Paste the reason too: it is in brackets at the end of that log line.',
  },
  'plaintext-retry': {
    meaning: (facts) => `TLS with ${server(facts)} failed, so Postal continues without it.`,
    remedy: 'Fix the server’s TLS (versions, certificate, key). Until then this mail is sent in plaintext.',
  },
  'without-tls': {
    meaning: 'TLS failed, so Postal continues without it.',
    remedy: 'Fix the server’s TLS (versions, certificate, key). Until then this mail is sent in plaintext.',
  },
  connected: { meaning: (facts) => `Postal got in at ${where(facts)}: nothing failed up to here.`, remedy: '' },
  accepted: {
    meaning: (facts) => `${where(facts)} accepted the message.`,
    remedy: 'If it is still missing, check that server’s log and queue.',
  },
  'accepted-cut': {
    meaning: 'This looks like Postal’s line for an accepted message, but its end is missing.',
    remedy: 'Paste the whole line.',
  },
  temporary: {
    meaning: (facts) => `${server(facts)} did not accept the message this time.`,
    remedy: 'The server’s reply is in the technical details under this line: paste it too.',
  },
  permanent: {
    meaning: (facts) => `${server(facts)} refused the message for good.`,
    remedy: 'The server’s reply is in the technical details under this line: paste it too.',
  },
  'delivery-error': {
    meaning: (facts) => `${server(facts)} did not accept the message.`,
    remedy: 'Paste the line from its beginning: Postal retries after “Temporary …” and bounces after “Permanent …”.',
  },
  'send-error': {
    meaning: (facts) => `The connection with ${where(facts)} broke while Postal was sending the message.`,
    remedy: (facts) => `${broken(facts, '')} The reason is in the technical details under this line: paste it too.`,
  },
  'internal-error': {
    meaning: 'Something failed inside Postal, before it reached a mail server.',
    remedy:
      'The technical details under this line name the error; it is in the log of Postal’s worker with its backtrace. Check Postal’s configuration, not the mail server.',
  },
  'bounce-sent': {
    meaning: 'Postal told the sender that the message failed for good.',
    remedy: 'The cause is in the line about the delivery: paste that too.',
  },
  'suppression-changed': {
    meaning: 'Postal changed its suppression list, the addresses to which it does not send.',
    remedy: 'Why the recipient was added or removed is in the line about the delivery: paste that too.',
  },
  'retry-later': {
    meaning: 'Postal keeps the message and retries automatically.',
    remedy: 'The cause is in the delivery before: paste that too.',
  },
};
