import type { Reply } from './classify.ts';
import { normalise } from './normalise.ts';
import { gap, isReplyCodeAt, type Squeezed, spaced, squeeze } from './squeezed.ts';

/** An SMTP reply as a text has it. */
export type FoundReply = Reply & { readonly start: number; readonly end: number };

const enhancedCode = /^-?([245]\.\d{1,3}\.\d{1,3})/;
/** Statuses that mail servers use; not those that HTTP uses more. */
const known = new Set([
  211, 214, 220, 221, 235, 250, 251, 252, 334, 354, 412, 421, 422, 432, 440, 442, 447, 450, 451, 452, 454, 455, 458,
  459, 460, 471, 500, 501, 502, 503, 504, 510, 511, 512, 513, 517, 521, 523, 525, 530, 534, 535, 538, 540, 541, 546,
  550, 551, 552, 553, 554, 555, 556, 557, 570, 571, 577,
]);
/** What a number counts: then it is no status. */
const unit = /^(?:ms|milliseconds|s|secs?|seconds|minutes|hours|days|bytes|[kmg]i?b|messages|times|mails|%)[.,;]?$/;
/** What comes right after a number that is no status. */
const otherwise = /^[%/=,|]/;
const mayStandBefore = /[,("'`=>|[{]/;
/** Where other things than the server's words go on: the next record of a log, the tags of this one, what Postal's web UI adds. */
const wordsEnd =
  /",?"|"\}|\d{4}-\d\d-\d\d|component=|log_id=|queued_message=|Time:\d|SupportRef:|Showtechnical|,retryingwithout/;
const longestWords = 1200;
/** Lines of one reply that are read. */
const longestReply = 30;

/** The word that begins there, up to the next white space. */
const wordAt = ({ text, gaps }: Squeezed, from: number): string => {
  let end = from + 1;
  while (end < text.length && end < from + 14 && gaps[end] === gap.none) end += 1;
  return text.slice(from, end);
};

/** `5.7.1` of `5.7.1 1000 per hour`: the last number ends where white space stood. */
const enhancedAt = (
  { text, gaps }: Squeezed,
  from: number,
): { readonly code: string; readonly end: number } | undefined => {
  const found = enhancedCode.exec(text.slice(from, from + 12));
  const code = found?.[1];
  if (found === null || code === undefined) return undefined;
  const start = from + found[0].length - code.length;
  let end = start + code.lastIndexOf('.') + 2;
  while (end < start + code.length && gaps[end] === gap.none) end += 1;
  return { code: text.slice(start, end), end };
};

/** What was already recognised around the replies; by position in the squeezed text. */
export type Surroundings = {
  readonly isTaken: (at: number) => boolean;
  /** What ends a server's words; absent: whatever is taken. */
  readonly endsWords?: (at: number) => boolean;
  /** Whether a reply may begin there because of what comes before it. */
  readonly follows: (at: number) => boolean;
};

/** One line of a reply: where its code and its words begin. */
type Head = {
  readonly start: number;
  readonly begin: number;
  readonly status: number;
  readonly enhanced?: string;
  /** Its code is followed by a hyphen: another line of the same reply comes. */
  readonly goesOn: boolean;
};

/** Whether a value of JSON begins there, or what a log has under `output` or `details`. */
const isValue = (text: string, index: number): boolean =>
  /":"$|(?:output|details)["']?(?::|=>?)["']?$/.test(text.slice(Math.max(0, index - 12), index));

const headAt = (squeezed: Squeezed, index: number, follows: boolean): Head | undefined => {
  const { text, gaps } = squeezed;
  const next = index + 3;
  const digits = text.slice(index, next);
  // Some servers pair 451 with 5.7.3: then the status decides.
  const following = enhancedAt(squeezed, next);
  const enhanced = following?.code.charAt(0) === digits.charAt(0) ? following : undefined;
  const mayStand = index === 0 || gaps[index] === gap.lineEnd || follows || isValue(text, index);
  const isReply =
    enhanced !== undefined ||
    (mayStand &&
      (known.has(Number(digits)) || (follows && /^[45]/.test(digits))) &&
      !otherwise.test(text.charAt(next)) &&
      ((follows && !digits.startsWith('2')) || (next < text.length && !unit.test(wordAt(squeezed, next)))));
  if (!isReply) return undefined;
  const goesOn = text.charAt(next) === '-';
  return {
    start: index,
    begin: enhanced?.end ?? (goesOn ? next + 1 : next),
    status: Number(digits),
    ...(enhanced === undefined ? {} : { enhanced: enhanced.code }),
    goesOn,
  };
};

/**
 * Finds SMTP replies in what is left of a text. One with an enhanced status code is a reply wherever it is; any other only where a reply may stand:
 * at a line's beginning, or behind something that was recognised, which `follows` tells. A reply that another one quotes is part of that one's words.
 */
export const findReplies = (
  squeezed: Squeezed,
  { isTaken, endsWords = isTaken, follows }: Surroundings,
): readonly FoundReply[] => {
  const { text, gaps } = squeezed;
  const endOf = ({ begin }: Head): number => {
    const stop = begin + (wordsEnd.exec(text.slice(begin, begin + longestWords))?.index ?? longestWords);
    let end = begin;
    while (end < Math.min(stop, text.length) && !endsWords(end)) end += 1;
    return end;
  };
  const lines: { readonly head: Head; end: number; readonly continues: boolean }[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const isApart = index === 0 || gaps[index] !== gap.none || mayStandBefore.test(text.charAt(index - 1));
    if (!isApart || isTaken(index) || !isReplyCodeAt(squeezed, index)) continue;
    const head = headAt(squeezed, index, follows(index));
    if (head === undefined) continue;
    const last = lines.at(-1);
    const isWithin = last !== undefined && index <= last.end;
    const continues = isWithin && last.head.goesOn && last.head.status === head.status;
    const isQuoted =
      isWithin && !continues && gaps[index] !== gap.lineEnd && text.charAt(index - 1) !== ',' && !follows(index);
    if (isQuoted) continue;
    if (isWithin) last.end = index;
    lines.push({ head, end: endOf(head), continues });
  }
  /** 221 after another reply of the same delivery. */
  const answersQuit = (before: Head | undefined, head: Head): boolean => {
    if (before === undefined) return false;
    for (let at = before.start; at < head.start; at += 1) if (endsWords(at)) return false;
    return true;
  };
  return lines.flatMap(({ head, end, continues }, at) => {
    if (continues || (head.status === 221 && answersQuit(lines[at - 1]?.head, head))) return [];
    const more = lines.slice(at + 1, at + 1 + longestReply);
    const next = more.findIndex((line) => !line.continues);
    const others = next === -1 ? more : more.slice(0, next);
    const words = [{ head, end }, ...others].map((line) => spaced(squeezed, line.head.begin, line.end));
    const { start, status, enhanced } = head;
    return [
      {
        start,
        end: others.at(-1)?.end ?? end,
        status,
        ...(enhanced === undefined ? {} : { enhanced }),
        words: words.join(' ').slice(0, longestWords),
      },
    ];
  });
};

/** The first reply of what a server said, read as `explain` reads it in a text of Postal's; undefined where it is no SMTP reply. */
export const readReply = (said: string): Reply | undefined =>
  findReplies(squeeze(normalise(said)), { isTaken: () => false, follows: (at) => at === 0 })[0];
