/** A quoted local part, an encoded `@`, or a run of what can be part of an address, with an `@` inside: all but white space, brackets, quotes and the punctuation around addresses. */
const address = /"(?:[^"\\]|\\.){1,64}"@[^\s<>"'(),;:]+|[^\s<>"'(),;:]+(?:@|%40)[^\s<>"'(),;:]+/g;

/** Postal's details and server replies with each mail address replaced by `(address)`. */
export const withoutAddresses = (text: string): string => text.replace(address, '(address)');

/** Characters at which Postal cuts its texts, by release. */
const postalCuts: readonly number[] = [250, 255, 512];

/** The same for texts that leave the Postal host. Where Postal cut a text, the last word may be half of an address. */
export const scrubbedText = (text: string): string =>
  withoutAddresses(postalCuts.includes(text.length) ? text.replace(/[^\s]+$/, '…') : text);
