/** A run of what can be part of an address, with an `@` inside: all but white space, brackets, quotes and the punctuation around addresses. */
const address = /[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/g;

/** Postal's details and server replies with each mail address replaced by `(address)`. */
export const withoutAddresses = (text: string): string => text.replace(address, '(address)');
