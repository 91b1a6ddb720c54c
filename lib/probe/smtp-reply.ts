import type { SmtpReply } from './report.ts';

/** Octets and lines beyond which a server is only talking. RFC 5321 §4.5.3.1.5 allows 512 octets a line; real servers exceed it. */
export const replyLimits = { lineOctets: 2048, replyOctets: 8192, replyLines: 100 };

/** What the server said in one reply's place. */
export type Reading =
  | { readonly kind: 'reply'; readonly reply: SmtpReply }
  /** No line of SMTP at all. */
  | { readonly kind: 'foreign'; readonly detail: string }
  /** Begins as a reply, but breaks RFC 5321 §4.2.1. */
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'too-long'; readonly detail: string };

const replyLine = /^([2-5]\d{2})(?:([ -])(.*))?$/s;
const looksLikeReply = /^\d{3}(?:[ -]|$)/;
const lineFeed = 0x0a;

const withoutLineEnd = (line: Buffer): string => line.toString('utf8').replace(/\r?\n?$/, '');

const malformed = (before: readonly string[], line: string): Reading => ({ kind: 'malformed', detail: [...before.slice(0, 1), line].join('\n') });

const tooLong = (detail: string): Reading => ({ kind: 'too-long', detail });

/** RFC 3463, when it stands where RFC 2034 puts it and agrees with the reply code. */
const enhancedStatusOf = (code: string, text: string): string | undefined => {
  const status = /^([245])\.\d{1,3}\.\d{1,3}(?= |$)/.exec(text);
  return status?.[1] === code[0] ? status?.[0] : undefined;
};

/**
 * Reads the replies of an SMTP server from its bytes, in whatever chunks they come; holds at most `replyLimits` and what has not been taken.
 *
 * A line may end in LF alone, as it may for Postal. After a reading that is no reply nothing more is read.
 */
export class ReplyReader {
  readonly #readings: Reading[] = [];
  #partial: Buffer[] = [];
  #partialOctets = 0;
  #lines: string[] = [];
  #octets = 0;
  #isBroken = false;

  push(chunk: Buffer): void {
    let start = 0;
    while (!this.#isBroken && start < chunk.length) {
      const end = chunk.indexOf(lineFeed, start);
      const piece = chunk.subarray(start, end === -1 ? chunk.length : end + 1);
      start += piece.length;
      this.#take(piece, end !== -1);
    }
  }

  /** The next complete reading, taken off. */
  next(): Reading | undefined {
    return this.#readings.shift();
  }

  /** What has come beyond the readings taken, as text; empty when nothing has. */
  unread(): string {
    const complete = this.#readings.map((reading) => (reading.kind === 'reply' ? reading.reply.lines.join('\n') : reading.detail));
    return [...complete, ...this.#lines, withoutLineEnd(Buffer.concat(this.#partial))].filter((text) => text !== '').join('\n');
  }

  /** Whether something came that is no reply: nothing is read after it. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  get hasUnread(): boolean {
    return this.#readings.length > 0 || this.#lines.length > 0 || this.#partialOctets > 0;
  }

  /** Whether what has come of the next reply cannot be SMTP any more, or is still too little to tell (undefined). */
  get isForeign(): boolean | undefined {
    if (this.#lines.length > 0) return false;
    const partial = withoutLineEnd(Buffer.concat(this.#partial));
    if (/^\d{0,3}$/.test(partial)) return undefined;
    return !looksLikeReply.test(partial);
  }

  #take(piece: Buffer, isWhole: boolean): void {
    const room = replyLimits.lineOctets - this.#partialOctets;
    // A copy: the chunk's memory belongs to the socket, and a slice would hold all of it.
    this.#partial.push(Buffer.from(piece.subarray(0, room)));
    this.#partialOctets += piece.length;
    if (!isWhole && piece.length <= room) return;
    const line = withoutLineEnd(Buffer.concat(this.#partial));
    const octets = this.#partialOctets;
    this.#partial = [];
    this.#partialOctets = 0;
    const reading =
      octets > replyLimits.lineOctets ? tooLong(`a line of more than ${replyLimits.lineOctets} octets: ${line}`) : this.#readLine(line, octets);
    if (reading === undefined) return;
    this.#readings.push(reading);
    this.#isBroken = reading.kind !== 'reply';
    this.#lines = [];
    this.#octets = 0;
  }

  /** The reading that this line completes or breaks; undefined when the reply goes on. */
  #readLine(line: string, octets: number): Reading | undefined {
    const [, code, separator] = replyLine.exec(line) ?? [];
    const first = this.#lines[0] ?? line;
    if (code === undefined)
      return this.#lines.length === 0 && !looksLikeReply.test(line) ? { kind: 'foreign', detail: line } : malformed(this.#lines, line);
    if (!first.startsWith(code)) return malformed(this.#lines, line);
    this.#lines.push(line);
    this.#octets += octets;
    if (this.#lines.length > replyLimits.replyLines) return tooLong(`a reply of more than ${replyLimits.replyLines} lines: ${first}`);
    if (this.#octets > replyLimits.replyOctets) return tooLong(`a reply of more than ${replyLimits.replyOctets} octets: ${first}`);
    if (separator === '-') return undefined;
    const enhancedStatus = enhancedStatusOf(code, first.slice(4));
    return { kind: 'reply', reply: { code: Number(code), lines: this.#lines, ...(enhancedStatus && { enhancedStatus }) } };
  }
}
