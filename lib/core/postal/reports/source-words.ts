import { agoText } from '../audit/words.ts';
import { databaseSender } from './sender.ts';

/** What was read longer ago says little about now: it comes with a warning, and incidents do not go by it. */
const oldAfterMs = 30 * 60_000;

/** Whether what Postal reported, or what was read from it, says little about now. Times are milliseconds since the epoch. */
export const isOldReport = (atMs: number, nowMs: number): boolean => nowMs - atMs > oldAfterMs;

/** Who reported what Postal has, and when that was read, in milliseconds since the epoch. */
export type PostalSource = { readonly senders: readonly string[]; readonly atMs: number };

/** `as postal1 reported 5 min ago`, or `as read from Postal's database 5 min ago`. */
export const sourceWords = ({ senders, atMs }: PostalSource, nowMs: number): string => {
  const ago = `${agoText(atMs, nowMs)} ago`;
  return senders.includes(databaseSender)
    ? `as read from Postal's database ${ago}`
    : `as ${[...new Set(senders)].join(', ')} reported ${ago}`;
};
