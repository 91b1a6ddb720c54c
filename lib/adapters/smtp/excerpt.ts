const limit = 500;

/** Text of a server, kept to 500 characters in a report; says how much was left out. */
export const excerpt = (text: string): string =>
  text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} characters more)`;
