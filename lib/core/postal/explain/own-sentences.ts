import type { Fate } from './explanation.ts';

type OwnSentence = {
  readonly code: string;
  /** As Postal words it in its web UI and in its log, 2.x and 3.x. */
  readonly says: readonly string[];
  readonly fate: Fate;
  readonly meaning: string;
  readonly remedy: string;
  /** What Postal does next. */
  readonly postal: string;
};

const lost = 'The message has failed for good and no bounce is sent: neither sender nor recipient is notified.';
const held =
  'It keeps the message until a person releases it, and cancels it without a bounce after 7 days by default.';
const accepted = 'Message has been accepted but not sent to any endpoints';

/** What Postal says of a message without a word of a mail server: its queue, routes, limits and filters decided. The narrower before the wider. */
export const ownSentences = [
  {
    code: 'attempts-exhausted',
    says: [
      'Maximum number of delivery attempts (?: \\(\\d{1,4}\\) has been reached)?',
      'message has reached maximum number of attempts',
    ],
    fate: 'bounced',
    meaning: 'Postal made the maximum number of attempts for this message, and all failed.',
    remedy:
      'Explain one of the earlier attempts to find the cause. Fix it, then redeliver the message from Postal’s web UI.',
    postal: 'It has given up: the message failed for good, and an incoming message is bounced to its sender.',
  },
  {
    code: 'no-endpoint',
    says: ['Invalid endpoint for route'],
    fate: 'lost',
    meaning: 'The route’s endpoint no longer exists in Postal: it was deleted, and the route kept its id.',
    remedy:
      'In Postal → Routing, choose an endpoint for this route again, then redeliver the failed messages. Check every route that has an additional endpoint: deleting an endpoint leaves such a route without one.',
    postal: lost,
  },
  {
    code: 'no-route',
    says: ['does not have a route and/or endpoint', 'no route and/or endpoint available'],
    fate: 'lost',
    meaning: 'Postal no longer has a route for this recipient: it was deleted while the message waited.',
    remedy: 'In Postal → Routing, create the route again with an SMTP endpoint, then redeliver the message.',
    postal: lost,
  },
  {
    code: 'route-bounce',
    says: ['bounced because the route asks for this', 'route says to bounce'],
    fate: 'bounced',
    meaning: 'The route of this recipient is set to bounce.',
    remedy: 'If mail should be delivered, point the route to an endpoint in Postal → Routing.',
    postal: 'It has bounced the message, as its route says.',
  },
  {
    code: 'spam-failed',
    says: [
      "(?:Message's )?spam score (?:is|that is)? higher than",
      'Message is spam and (?:the )?route (?:specifies|says to fail)',
      'Message is likely spam',
      'message is spam \\([\\d.]{1,8}\\), hard failing',
    ],
    fate: 'lost',
    meaning: 'Postal’s spam filter failed the message; no mail server was tried.',
    remedy:
      'Compare the spam score of the message with the failure threshold of the mail server in Postal, and with the spam mode of the route.',
    postal: lost,
  },
  {
    code: 'raw-message-gone',
    says: ['Raw message has been removed'],
    fate: 'lost',
    meaning: 'Postal no longer has the message itself: its retention period ended before it could be sent.',
    remedy:
      'It cannot be recovered from Postal. Ask the sender to send it again; raise the retention of raw messages if mail may wait that long.',
    postal: lost,
  },
  {
    code: 'unmatched-bounce',
    says: ["message was a bounce but we couldn't link it", 'no source messages found, hard failing'],
    fate: 'lost',
    meaning: 'Postal’s return path received a bounce that does not match any message that Postal sent.',
    remedy:
      'No action needed for single bounces. If there are many, someone forges Postal’s return path, or the message database is too recent.',
    postal: lost,
  },
  {
    code: 'hold-cancelled',
    says: ['hold on this message has been removed without action', 'HoldCancelled'],
    fate: 'lost',
    meaning: 'The message was held, and the hold expired before anyone released it.',
    remedy: 'Send it from Postal’s web UI if it is still wanted, and check why it was held.',
    postal: lost,
  },
  {
    code: 'no-domain',
    says: ["Message's domain no longer exist", 'message has no domain, hard failing'],
    fate: 'lost',
    meaning: 'The domain from which this outgoing message is sent was deleted in Postal.',
    remedy: 'Add the domain to the mail server in Postal again, then redeliver the message.',
    postal: lost,
  },
  {
    code: 'no-recipient',
    says: ["Message doesn't have an RCPT to", "message has no 'to' address, hard failing"],
    fate: 'lost',
    meaning: 'The message has no recipient.',
    remedy: 'Check the application that sent it.',
    postal: lost,
  },
  {
    code: 'suppressed',
    says: ['is on the suppression list'],
    fate: 'held',
    meaning: 'Postal holds the message because its recipient failed too often before.',
    remedy:
      'Fix the cause of the failure, remove the recipient in Postal → Messages → Suppression list, then release the message.',
    postal: held,
  },
  {
    code: 'send-limit',
    says: ['send limit (?:\\(\\d{1,9}\\) )?has been (?:reached|exceeded)'],
    fate: 'held',
    meaning: 'The mail server in Postal has sent as many messages as its send limit allows in an hour.',
    remedy: 'Raise the limit in Postal, or find the source of the volume. Then release the held messages.',
    postal: held,
  },
  {
    code: 'credential-hold',
    says: ['Credential is configured to hold all messages', 'credential wants us to hold messages'],
    fate: 'held',
    meaning: 'The credential with which the message was sent is set to hold everything.',
    remedy: 'In Postal → Credentials, set it to process messages, then release the held messages.',
    postal: held,
  },
  {
    code: 'development-mode',
    says: ['Server is in development mode'],
    fate: 'held',
    meaning: 'The mail server in Postal is in development mode, in which every message is held.',
    remedy: 'Set it to live in Postal → Settings, then release the held messages.',
    postal: held,
  },
  {
    code: 'suspended',
    says: ['Mail server has been suspended', 'server is suspended, holding'],
    fate: 'held',
    meaning: 'The mail server in Postal, or its organization, is suspended.',
    remedy: 'Lift the suspension in Postal, then release the held messages.',
    postal: held,
  },
  {
    code: 'quarantined',
    says: ['Message placed into quarantine', 'route says to quarantine'],
    fate: 'held',
    meaning: 'Postal’s spam filter put the message into quarantine.',
    remedy: 'Release it in Postal’s web UI if it is not spam.',
    postal: held,
  },
  {
    code: 'held-by-route',
    says: [`Held"?(?:,"details":"|[^a-z]{0,20}) ${accepted}`, 'route says to hold, marking as held'],
    fate: 'held',
    meaning: 'The route of this recipient is set to hold its mail.',
    remedy: 'Release the message in Postal’s web UI, or point the route to an endpoint if mail should be delivered.',
    postal: held,
  },
  {
    code: 'accepted-unsent',
    says: [
      `Processed"?(?:,"details":"|[^a-z]{0,20}) ${accepted}`,
      'route says to accept without endpoint',
      'queued manually, marking as processed',
    ],
    fate: 'processed',
    meaning: 'The route of this recipient accepts mail and does not deliver it.',
    remedy:
      'No action needed if this is intended: the message can be read in Postal. Otherwise give the route an endpoint.',
    postal: 'Nothing more: for Postal the message is done. It is not sent to any server, and nobody is notified.',
  },
  {
    code: 'accepted-or-held',
    says: [`(?:${accepted}|accepted but not sent to any endpoints)`],
    fate: 'open',
    meaning: 'The route of this recipient has no endpoint: it is set to accept or to hold.',
    remedy: 'Check the status of the delivery in Postal, and give the route an endpoint if mail should be delivered.',
    postal:
      'With status Processed, Postal is done with the message and does not deliver it. With status Held, it keeps the message until a person releases it.',
  },
  {
    code: 'held',
    says: ['This message has been held'],
    fate: 'held',
    meaning: 'Postal holds the message; no mail server was tried.',
    remedy:
      'Release it in Postal’s web UI, and check why it is held: development mode, a suspended server, a route set to hold, or quarantine.',
    postal: held,
  },
  {
    code: 'processed',
    says: [
      'Message has been processed',
      'detected as a bounce message for <?msg:?\\d{0,12}>?',
      'bounce linked with message',
    ],
    fate: 'processed',
    meaning:
      'Postal dealt with the message itself: a bounce that it matched, or one that was released under a route set to hold.',
    remedy: '',
    postal: 'Nothing more: for Postal the message is done.',
  },
  {
    code: 'destination-not-permitted',
    says: ["Destination ?(?:'[^']{1,255}')? ?(?:\\([^)]{1,60}\\))? is not permitted"],
    fate: 'open',
    meaning: 'Since 3.3.7, Postal refuses to call an HTTP endpoint or webhook at a private address.',
    remedy:
      'Add the address or its range to postal.allowed_request_destinations in Postal’s configuration and restart it. SMTP endpoints are not affected.',
    postal:
      'The delivery to that HTTP endpoint or the call of that webhook fails; the line of the delivery shows whether Postal retries.',
  },
  {
    code: 'http-rate-limited',
    says: ['Received a 429 from'],
    fate: 'lost',
    meaning: 'The HTTP endpoint of the route answered that it received too many requests.',
    remedy: 'Raise the limits of that HTTP service for Postal. This is not an SMTP endpoint.',
    postal: lost,
  },
  {
    code: 'http-accepted',
    says: ['Received a 2\\d\\d from'],
    fate: 'sent',
    meaning: 'The HTTP endpoint of the route accepted the message.',
    remedy: '',
    postal: 'Nothing more: for Postal the message is sent.',
  },
  {
    code: 'http-unavailable',
    says: ['Received a (?:5\\d\\d|-\\d{1,2}) from'],
    fate: 'retried',
    meaning: 'The HTTP endpoint of the route failed, or could not be reached.',
    remedy: 'Check that HTTP service and its certificate. This is not an SMTP endpoint.',
    postal: 'It keeps the message, and tries again for about 31 hours by default.',
  },
  {
    code: 'http-refused',
    says: ['Received a [134]\\d\\d from'],
    fate: 'bounced',
    meaning: 'The HTTP endpoint of the route refused the message.',
    remedy:
      'Correct the URL of the HTTP endpoint in Postal, or fix the service at that URL. This is not an SMTP endpoint.',
    postal: 'It fails the message at once and bounces it to the sender. It does not try again.',
  },
] as const satisfies readonly OwnSentence[];

/** What one of Postal's own sentences says. */
export type OwnCode = (typeof ownSentences)[number]['code'];

const byCode: ReadonlyMap<string, OwnSentence> = new Map(ownSentences.map((sentence) => [sentence.code, sentence]));

export const isOwn = (code: string): code is OwnCode => byCode.has(code);

/** What it says, and what happens to the message. */
export const ownSentence = (code: string): OwnSentence | undefined => byCode.get(code);
