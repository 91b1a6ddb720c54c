import { type Advice, broken, name, server, where } from './advice-words.ts';
import type { OwnCode } from './own-sentences.ts';
import type { NoteCode, OutcomeCode } from './signature-code.ts';

/** What Postal says of a delivery as a whole, for where nothing in the text says why. */
export const outcomeAdvice: Readonly<Record<Exclude<OutcomeCode, OwnCode> | NoteCode, Advice>> = {
  'no-hosts': {
    meaning: 'Postal found no address for the hostname of the SMTP endpoint, so it connected nowhere.',
    remedy:
      'Look at the hostname in Postal’s SMTP endpoint: it has to be a name, not an IP address, without a typing mistake. Then check that Postal’s nameservers, those of its resolv.conf, answer it with an A or AAAA record: /etc/hosts and search domains do not count. A missing record, one added minutes ago (the “no” is remembered), SERVFAIL and a dead nameserver all read like this.',
  },
  'none-connected': {
    meaning: (facts) => `Postal found addresses for ${name(facts)}, and got into none of them.`,
    remedy: 'The reason is in the technical details under this line in Postal’s web UI: paste those too.',
  },
  'no-server': {
    meaning: 'Postal got into no mail server for this message.',
    remedy: 'Paste the rest of the line: “No hosts to try” is DNS, “Tried …” is the connection.',
  },
  'cannot-connect': {
    meaning: (facts) => `Postal could not open an SMTP session with ${where(facts)}.`,
    remedy: 'The reason stands in brackets at the end of that line of the log: paste it too.',
  },
  'plaintext-retry': {
    meaning: (facts) => `TLS with ${server(facts)} failed, so Postal goes on without it.`,
    remedy: 'Mend the server’s TLS (versions, certificate, key); until then this mail crosses the network readable.',
  },
  'without-tls': {
    meaning: 'TLS failed, so Postal goes on without it.',
    remedy: 'Mend the server’s TLS (versions, certificate, key); until then this mail crosses the network readable.',
  },
  connected: { meaning: (facts) => `Postal got in at ${where(facts)}: nothing failed up to here.`, remedy: '' },
  accepted: {
    meaning: (facts) => `${where(facts)} took the message.`,
    remedy: 'If it is missing all the same, look in that server’s log and queue.',
  },
  'accepted-cut': {
    meaning: 'This begins as Postal’s word for a message that was taken; the end of the line is missing.',
    remedy: 'Paste the whole line.',
  },
  temporary: {
    meaning: (facts) => `Postal got into ${server(facts)}, which did not take the message this time.`,
    remedy: 'The server’s reply is in the technical details under this line: paste it too.',
  },
  permanent: {
    meaning: (facts) => `${server(facts)} refused the message for good.`,
    remedy: 'The server’s reply is in the technical details under this line: paste it too.',
  },
  'delivery-error': {
    meaning: (facts) => `${server(facts)} did not take the message.`,
    remedy: 'Paste the line from its beginning: “Temporary …” is tried again, “Permanent …” bounces.',
  },
  'send-error': {
    meaning: (facts) => `The connection with ${where(facts)} broke while Postal was handing over the message.`,
    remedy: (facts) => `${broken(facts, '')} The reason is in the technical details under this line: paste it too.`,
  },
  'internal-error': {
    meaning: 'Something failed inside Postal, before it reached a mail server.',
    remedy:
      'The technical details under this line name the error; it is in the log of Postal’s worker with its backtrace. Look at Postal’s configuration, not at the mail server.',
  },
  'bounce-sent': {
    meaning: 'Postal told the sender that the message failed for good.',
    remedy: 'Why is in the line about the delivery: paste that too.',
  },
  'suppression-changed': {
    meaning: 'Postal changed its suppression list, to whose addresses it does not send.',
    remedy: 'Why the recipient was added or removed is in the line about the delivery: paste that too.',
  },
  'retry-later': {
    meaning: 'Postal keeps the message and tries again by itself.',
    remedy: 'Why it did not work is in the delivery before: paste that too.',
  },
};
