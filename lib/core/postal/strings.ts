/** Postal's words where no server let it in; without a hostname: there was no address to try. */
export const noServers = (recipientDomain: string, tried: string | undefined): string =>
  `No SMTP servers were available for ${recipientDomain}. ${tried === undefined ? 'No hosts to try.' : `Tried ${tried}.`}`;

/** `where` is `<address>:<port> (<hostname>)`, here and below. */
export const acceptedBy = (recipient: string, where: string): string => `Message for ${recipient} accepted by ${where}`;

export const temporaryErrorAt = (where: string): string => `Temporary SMTP delivery error when sending to ${where}`;

export const permanentErrorAt = (where: string): string => `Permanent SMTP delivery error when sending to ${where}`;

export const errorAt = (where: string): string => `An error occurred while sending the message to ${where}`;

export const internalError =
  'An internal error occurred while sending this message. This message will be retried automatically.';
