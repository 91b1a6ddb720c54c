import type { ReplyCode } from './signature-code.ts';
import { gap, isReplyCodeAt, type Squeezed } from './squeezed.ts';

/** An SMTP reply as a text has it. */
export type FoundReply = {
  readonly start: number;
  readonly end: number;
  readonly status: number;
  /** RFC 3463, for example `5.7.1`. */
  readonly enhanced?: string;
  /** What the server said after its codes, in lower case and without white space. */
  readonly words: string;
};

const enhancedCode = /^-?([245]\.\d{1,3}\.\d{1,3})/;
const known = new Set([
  250, 251, 252, 354, 421, 432, 450, 451, 452, 454, 455, 500, 501, 502, 503, 504, 510, 511, 512, 513, 521, 523, 530,
  534, 535, 538, 541, 550, 551, 552, 553, 554, 555, 556, 557,
]);
/** What follows a number that counts something. */
const unit =
  /^-?(?:ms|milliseconds?|s|secs?|seconds?|minutes?|hours?|days?|bytes?|[kmg]i?b|messages?|times?|mails?|%|\/|=|,|\||$)/i;
const mayStandBefore = /[,("'`=>|[{]/;
/** Where other things than the server's words go on: the next record of a log, the tags of this one, what Postal's web UI adds. */
const wordsEnd =
  /\d{4}-\d\d-\d\d|component=|log_id=|queued_message=|Time:\d|SupportRef:|Showtechnical|,retryingwithout/;
const longestWords = 240;

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

/**
 * Finds SMTP replies in what is left of a text. One with an enhanced status code is a reply wherever it stands; any other only where a reply may stand:
 * at a line's beginning, or behind something that was recognised, which `follows` tells.
 */
export const findReplies = (
  squeezed: Squeezed,
  isTaken: (at: number) => boolean,
  follows: (at: number) => boolean,
): readonly FoundReply[] => {
  const { text, gaps } = squeezed;
  const found: FoundReply[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const isApart = index === 0 || gaps[index] !== gap.none || mayStandBefore.test(text.charAt(index - 1));
    if (!isApart || isTaken(index) || !isReplyCodeAt(squeezed, index)) continue;
    const next = index + 3;
    const digits = text.slice(index, next);
    const enhanced = enhancedAt(squeezed, next);
    const mayStand = index === 0 || gaps[index] === gap.lineEnd || follows(index);
    const isReply =
      enhanced !== undefined
        ? enhanced.code.charAt(0) === digits.charAt(0)
        : mayStand &&
          (known.has(Number(digits)) || (follows(index) && /^[45]/.test(digits))) &&
          !unit.test(text.slice(next, next + 14));
    if (!isReply) continue;
    const last = found.at(-1);
    const status = Number(digits);
    const begin = enhanced?.end ?? next;
    const words = text.slice(begin, begin + longestWords);
    const stop = begin + (wordsEnd.exec(words)?.index ?? words.length);
    let end = begin;
    while (end < stop && !isTaken(end)) end += 1;
    // A reply of several lines says its code on each; it is one reply, and the words of all its lines are read.
    const continues =
      last !== undefined && last.status === status && text.charAt(last.start + 3) === '-' && index <= last.end;
    if (continues) {
      found[found.length - 1] = {
        ...last,
        end,
        words: `${last.words} ${text.slice(begin, end).toLowerCase()}`.slice(0, 4 * longestWords),
      };
    } else {
      if (last !== undefined && last.end > index) {
        found[found.length - 1] = {
          ...last,
          end: index,
          words: last.words.slice(0, last.words.length - (last.end - index)),
        };
      }
      found.push({
        start: index,
        end,
        status,
        ...(enhanced === undefined ? {} : { enhanced: enhanced.code }),
        words: text.slice(begin, end).toLowerCase(),
      });
    }
  }
  return found;
};

type Rule = {
  readonly code: ReplyCode;
  readonly words?: RegExp;
  readonly enhanced?: RegExp;
  readonly status?: (status: number) => boolean;
};

const is =
  (...codes: readonly number[]) =>
  (status: number): boolean =>
    codes.includes(status);
const refuses = (status: number): boolean => status >= 400;

/** What a reply means, the most specific first. A rule fits by the server's words or by the enhanced status code, and by the code where it names one. */
const rules: readonly Rule[] = [
  {
    code: 'reply-tls-unavailable',
    words: /tlsnotavailable|tls(?:is)?(?:currently|temporarily)?unavailable|tlslibraryproblem|tlserror/,
    status: is(454, 421, 451, 403),
  },
  {
    code: 'reply-starttls-first',
    words: /starttls|encryption(?:is)?(?:required|needed)|tls(?:is)?required/,
    status: is(530, 451, 523, 550, 554),
  },
  {
    code: 'reply-origin-refused',
    words: /\bspf|dkim|dmarc|spf(?:check|fail|record)/,
    enhanced: /^[45]\.7\.2[0-9]$/,
    status: refuses,
  },
  {
    code: 'reply-authenticate-first',
    words: /authentic|loginfirst|authrequired/,
    enhanced: /^5\.7\.(?:8|9)$/,
    status: refuses,
  },
  { code: 'reply-authenticate-first', status: is(530, 534, 535, 538) },
  { code: 'reply-greylisted', words: /gr[ae]y-?list|postgrey/, status: (status) => status >= 400 && status < 500 },
  { code: 'reply-relay-denied', words: /relay/, status: refuses },
  { code: 'reply-helo-refused', words: /\b(?:helo|ehlo)|(?:helo|ehlo)(?:command|argument|name)/, status: refuses },
  {
    code: 'reply-too-large',
    words: /toobig|toolarge|sizelimit|messagesize|exceeds.{0,30}size/,
    enhanced: /^[45]\.(?:3\.4|2\.3)$/,
    status: refuses,
  },
  {
    code: 'reply-mailbox-full',
    words: /mailbox(?:is)?full|overquota|quotaexceeded/,
    enhanced: /^[45]\.2\.2$/,
    status: refuses,
  },
  { code: 'reply-sender-refused', words: /sender/, enhanced: /^[45]\.1\.[78]$/, status: refuses },
  {
    code: 'reply-user-unknown',
    words:
      /nosuch(?:user|recipient|mailbox|address)|userunknown|unknown(?:user|recipient|mailbox|localpart)|(?:user|mailbox|recipient|address)(?:not(?:found|known)|doesnotexist)|invalidrecipient/,
    enhanced: /^5\.1\.(?:1|10)$/,
    status: (status) => status >= 500,
  },
  { code: 'reply-recipient-refused', words: /recipient/, enhanced: /^[45]\.(?:1\.\d+|2\.1)$/, status: refuses },
  {
    code: 'reply-client-refused',
    words: /blacklist|blocklist|denylist|clienthost|yourip|ipaddress|spamhaus|reverse(?:dns|host)|noptr/,
    status: refuses,
  },
  { code: 'reply-content-refused', words: /spam|virus|malware|content/, enhanced: /^[45]\.6\.\d+$/, status: refuses },
  { code: 'reply-no-space', words: /storage|diskspace|diskfull/, enhanced: /^4\.3\.1$/, status: refuses },
  {
    code: 'reply-busy',
    words: /toomany|toobusy|ratelimit|connectionlimit|shuttingdown|throttl/,
    enhanced: /^4\.3\.2$/,
    status: refuses,
  },
  { code: 'reply-busy', status: is(421) },
  { code: 'reply-client-refused', words: /block/, status: refuses },
  { code: 'reply-syntax', enhanced: /^5\.5\.\d+$/, status: refuses },
  { code: 'reply-syntax', status: is(500, 501, 502, 503, 504, 555) },
  { code: 'reply-temporary', status: (status) => status >= 400 && status < 500 },
  { code: 'reply-permanent', status: (status) => status >= 500 },
  { code: 'reply-unexpected', status: (status) => status >= 300 && status < 400 },
];

const fits = ({ words, enhanced, status }: Rule, reply: FoundReply): boolean => {
  if (status !== undefined && !status(reply.status)) return false;
  if (words === undefined && enhanced === undefined) return true;
  return words?.test(reply.words) === true || (reply.enhanced !== undefined && enhanced?.test(reply.enhanced) === true);
};

/** Which kind of reply it is. */
export const classifyReply = (reply: FoundReply): ReplyCode =>
  rules.find((rule) => fits(rule, reply))?.code ?? 'reply-accepted';

/**
 * The seconds after which Postal tries again by a reply's own words: `N seconds`, else `N minutes`, and 10 s on top. Undefined: by its schedule.
 * It reads no other form, such as hours or 00:05:00.
 */
export const retryHintSeconds = ({ words }: Pick<FoundReply, 'words'>): number | undefined => {
  const seconds = /(\d{1,9})seconds/.exec(words)?.[1];
  if (seconds !== undefined) return Number(seconds) + 10;
  const minutes = /(\d{1,7})minutes/.exec(words)?.[1];
  return minutes === undefined ? undefined : Number(minutes) * 60 + 10;
};
