import type { SmtpReply } from '../../core/probe-report/report.ts';

/** Octets and lines beyond which a server is only talking. RFC 5321 §4.5.3.1.5 allows 512 octets a line; real servers exceed it. */
export const replyLimits = { lineOctets: 2048, replyOctets: 8192, replyLines: 100 };

/** Readings that no one has taken beyond which nothing more is read. */
const maximumReadings = 100;

/** How a reply breaks the rules: no line of SMTP at all, against RFC 5321 §4.2.1, or past the limits. */
export type Breach = { readonly kind: 'foreign' | 'malformed' | 'too-long'; readonly detail: string };

/** What the server said in one reply's place. Postal's client takes a breach for a reply too: `text` has its lines, each ended by LF, up to the limits. */
export type Reading = { readonly kind: 'reply'; readonly reply: SmtpReply } | (Breach & { readonly text: string });

const replyLine = /^([2-5]\d{2})(?:[ -].*)?$/s;
const looksLikeReply = /^\d{3}(?:[ -]|$)/;
const lineFeed = 0x0a;

const withoutLineEnd = (line: Buffer): string => line.toString('utf8').replace(/\r?\n?$/, '');

/** RFC 3463, when it stands where RFC 2034 puts it and agrees with the reply code. */
const enhancedStatusOf = (code: string, text: string): string | undefined => {
  const status = /^([245])\.\d{1,3}\.\d{1,3}(?= |$)/.exec(text);
  return status?.[1] === code[0] ? status?.[0] : undefined;
};

/**
 * Reads the replies of an SMTP server from its bytes, in whatever chunks they come; holds at most `replyLimits` and what has not been taken.
 *
 * A reply ends where Postal's client thinks that it ends, with the first line whose fourth character is no hyphen, so that the rest of the session goes as
 * Postal's; whether it is a reply by the book is part of the reading. A line may end in LF alone.
 */
export class ReplyReader {
  readonly #readings: Reading[] = [];
  #partial: Buffer[] = [];
  #partialOctets = 0;
  #lines: string[] = [];
  #lineCount = 0;
  #octets = 0;
  #breach: Breach | undefined;

  push(chunk: Buffer): void {
    let start = 0;
    while (start < chunk.length && this.#readings.length < maximumReadings) {
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
    const complete = this.#readings.map((reading) =>
      reading.kind === 'reply' ? reading.reply.lines.join('\n') : reading.text,
    );
    return [...complete, ...this.#lines, this.#unfinishedLine].filter((text) => text !== '').join('\n');
  }

  get hasReading(): boolean {
    return this.#readings.length > 0;
  }

  get hasUnread(): boolean {
    return this.#readings.length > 0 || this.#lineCount > 0 || this.#partialOctets > 0;
  }

  /** The whole lines of a reply that is not complete, each ended by LF. */
  get unfinished(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  /** What is already wrong with a reply that is not complete. */
  get breach(): Breach | undefined {
    if (this.#breach !== undefined) return this.#breach;
    if (this.#partialOctets > replyLimits.lineOctets) return longLine(this.#unfinishedLine);
    const isTold = this.#lineCount === 0 && !/^\d{0,3}$/.test(this.#unfinishedLine);
    return isTold && !looksLikeReply.test(this.#unfinishedLine)
      ? { kind: 'foreign', detail: this.#unfinishedLine }
      : undefined;
  }

  get #unfinishedLine(): string {
    return withoutLineEnd(Buffer.concat(this.#partial));
  }

  #take(piece: Buffer, isWhole: boolean): void {
    const room = Math.max(0, replyLimits.lineOctets - this.#partialOctets);
    // A copy: the chunk's memory belongs to the socket, and a slice would hold all of it.
    if (room > 0) this.#partial.push(Buffer.from(piece.subarray(0, room)));
    this.#partialOctets += piece.length;
    if (!isWhole) return;
    const line = this.#unfinishedLine;
    const octets = this.#partialOctets;
    this.#partial = [];
    this.#partialOctets = 0;
    this.#takeLine(line, octets);
  }

  #takeLine(line: string, octets: number): void {
    this.#breach ??= this.#breachOf(line, octets);
    this.#octets += octets;
    this.#lineCount += 1;
    if (this.#octets <= replyLimits.replyOctets && this.#lineCount <= replyLimits.replyLines) this.#lines.push(line);
    if (line[3] === '-') return;
    this.#readings.push(this.#complete());
    this.#lines = [];
    this.#lineCount = 0;
    this.#octets = 0;
    this.#breach = undefined;
  }

  #breachOf(line: string, octets: number): Breach | undefined {
    const [first = line] = this.#lines;
    if (octets > replyLimits.lineOctets) return longLine(line);
    if (this.#lineCount === 0 && !looksLikeReply.test(line)) return { kind: 'foreign', detail: line };
    const code = replyLine.exec(line)?.[1];
    if (code === undefined || !first.startsWith(code)) {
      return { kind: 'malformed', detail: this.#lineCount === 0 ? line : `${first}\n${line}` };
    }
    if (this.#lineCount >= replyLimits.replyLines)
      return { kind: 'too-long', detail: `a reply of more than ${replyLimits.replyLines} lines: ${first}` };
    return this.#octets + octets > replyLimits.replyOctets
      ? { kind: 'too-long', detail: `a reply of more than ${replyLimits.replyOctets} octets: ${first}` }
      : undefined;
  }

  #complete(): Reading {
    if (this.#breach !== undefined) return { ...this.#breach, text: this.unfinished };
    const [first = ''] = this.#lines;
    const enhancedStatus = enhancedStatusOf(first.slice(0, 3), first.slice(4));
    return {
      kind: 'reply',
      reply: { code: Number(first.slice(0, 3)), lines: this.#lines, ...(enhancedStatus && { enhancedStatus }) },
    };
  }
}

const longLine = (line: string): Breach => ({
  kind: 'too-long',
  detail: `a line of more than ${replyLimits.lineOctets} octets: ${line}`,
});
