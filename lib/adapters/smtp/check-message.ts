/** What a delivered message says of itself. */
export type CheckMessage = {
  readonly mailFrom: string;
  readonly recipient: string;
  readonly heloHostname: string;
  /** Tells one check from another. */
  readonly requestId: string;
  /** ISO 8601. */
  readonly at: string;
};

/** Header text: one line, without what could end it. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** RFC 5322's form of a date in UTC. */
const dateOf = (at: string): string => new Date(at).toUTCString().replace(/GMT$/, '+0000');

/** The one message of a delivery check: marked, so that a person and a filter see what it is, and not to be answered by machines (RFC 3834). */
export const checkMessage = ({ mailFrom, recipient, heloHostname, requestId, at }: CheckMessage): string => {
  const id = requestId.replace(/[^A-Za-z0-9._-]/g, '-');
  const sender = mailFrom === '' ? `postal-endpoint@${heloHostname}` : mailFrom;
  return [
    `Resent-Sender: ${oneLine(mailFrom)}`,
    `Date: ${dateOf(at)}`,
    `From: postal-endpoint <${oneLine(sender)}>`,
    `To: <${oneLine(recipient)}>`,
    `Subject: postal-endpoint delivery check ${id}`,
    `Message-ID: <postal-endpoint.${id}@${heloHostname}>`,
    'Auto-Submitted: auto-generated',
    `X-Postal-Endpoint-Check: ${id}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'This message was sent by postal-endpoint to check that mail for this address gets through. It can be deleted.',
    '',
  ].join('\r\n');
};
