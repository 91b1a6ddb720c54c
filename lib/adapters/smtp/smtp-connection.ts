import { connect, isIP, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { SmtpReply, StageFailure } from '../../core/probe-report/report.ts';
import { excerpt } from './excerpt.ts';
import { type Failure, failureOf } from './failure.ts';
import { type Breach, type Reading, ReplyReader } from './smtp-reply.ts';
import { TlsEnding } from './tls-ending.ts';
import { type NoEvent, within } from './within.ts';

/** Octets that a server may send in one session, handshakes not counted. */
const maximumOctets = 65_536;
/** How long an orderly end may take before the socket is destroyed. */
const lingerMs = 1000;

export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure | NoEvent };

/** What came in a reply's place. */
export type ReadReply =
  | { readonly kind: 'reply'; readonly reply: SmtpReply }
  /** No reply by the book; Postal takes the text for one. */
  | { readonly kind: 'unstrict'; readonly failure: Failure; readonly text: string }
  /** It never became whole. `breach`: it was none by the book already; `text`: its whole lines. */
  | { readonly kind: 'cut'; readonly how: Failure | NoEvent; readonly breach?: Failure; readonly text: string };

const ended: Failure = { reason: 'closed', detail: 'the server closed the connection' };
const resetByPeer: Failure = { reason: 'reset', detail: 'the server reset the connection' };
const tlsEnded: Failure = { ...ended, asRead: { text: '', ended: 'tls-eof' } };

const breachReasons: Readonly<Record<Breach['kind'], StageFailure>> = {
  foreign: 'malformed-reply',
  malformed: 'malformed-reply',
  'too-long': 'reply-too-long',
};

const breachFailure = ({ kind, detail }: Breach, isBanner: boolean): Failure => ({
  reason: kind === 'foreign' && isBanner ? 'not-smtp' : breachReasons[kind],
  detail: excerpt(detail),
});

/** One TCP connection to an SMTP server, from SYN to the end, with or without TLS. No method rejects but for bugs. */
export class SmtpConnection {
  #socket: Socket;
  #tls: TLSSocket | undefined;
  #ending: TlsEnding | undefined;
  #reader = new ReplyReader();
  #octets = 0;
  #localAddress: string | undefined;
  #end: Failure | undefined;
  #wake: () => void = () => {};
  #onEnd: (failure: Failure) => void = () => {};
  #unlisten: () => void;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#unlisten = this.#listen(socket);
  }

  /** Connects to exactly this address: no name is looked up, no other family is tried. */
  static async open(ip: string, port: number, budgetMs: number, signal: AbortSignal): Promise<Attempt<SmtpConnection>> {
    if (signal.aborted) return { ok: false, failure: 'deadline' };
    const socket = connect({ host: ip, port, autoSelectFamily: false, noDelay: true });
    const connection = new SmtpConnection(socket);
    const connected = await connection.#waitFor<true>(
      (settle) => {
        const onConnect = (): void => settle(true);
        socket.once('connect', onConnect);
        return () => void socket.off('connect', onConnect);
      },
      budgetMs,
      signal,
    );
    if (connected === true) return { ok: true, value: connection };
    socket.destroy();
    return { ok: false, failure: connected };
  }

  get localAddress(): string | undefined {
    return this.#localAddress ?? this.#socket.localAddress;
  }

  /** Whether a command would reach the server. */
  get isOpen(): boolean {
    return this.#end === undefined && this.#socket.writable;
  }

  /** What the server has said beyond the replies read, as text. */
  get unread(): string | undefined {
    return this.#reader.hasUnread ? this.#reader.unread() : undefined;
  }

  /** Sends one command; a line break in it would be a second one. */
  send(command: string): void {
    if (/[\r\n]/.test(command)) throw new RangeError('An SMTP command is one line');
    if (this.isOpen) this.#socket.write(`${command}\r\n`);
  }

  /** Sends a message and the line that ends it; lines end as they should, and dots are doubled (RFC 5321 §4.5.2). */
  sendMessage(message: string): void {
    const lines = message.replace(/(?:\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/);
    const stuffed = lines.map((line) => `${line.startsWith('.') ? '.' : ''}${line}\r\n`).join('');
    if (this.isOpen) this.#socket.write(`${stuffed}.\r\n`);
  }

  /** The next reply, or what comes in its place; the server may be silent for `silenceMs` at a time. A greeting that is no SMTP is distinguished from a broken reply by `isBanner`. */
  async readReply(isBanner: boolean, silenceMs: number, signal: AbortSignal): Promise<ReadReply> {
    for (;;) {
      const reading = this.#reader.next();
      if (reading !== undefined) return heardOf(reading, isBanner);
      const how = this.#end ?? (await this.#nextChunk(silenceMs, signal));
      if (how === true || this.#reader.hasReading) continue;
      const { breach, unfinished } = this.#reader;
      if (breach !== undefined) return { kind: 'cut', how, breach: breachFailure(breach, isBanner), text: unfinished };
      const unread = typeof how === 'string' ? undefined : this.unread;
      const told = typeof how === 'string' || unread === undefined ? how : withUnread(how, unread);
      return { kind: 'cut', how: told, text: unfinished };
    }
  }

  /** Puts TLS on the connection. Nothing is verified here: what the certificate is worth are facts, taken afterwards. */
  async startTls(
    servername: string,
    secureContext: SecureContext,
    budgetMs: number,
    signal: AbortSignal,
  ): Promise<Attempt<TLSSocket>> {
    // What comes right behind the server's words, its end or a reset, is read within two turns, and is still told apart here.
    for (let turns = this.#octets > 0 ? 2 : 0; turns > 0; turns -= 1) await turn();
    this.#unlisten();
    if (this.#end !== undefined) return { ok: false, failure: this.#end };
    const raw = this.#socket;
    this.#localAddress = raw.localAddress;
    const tls = connectTls({
      socket: raw,
      secureContext,
      ...(servername !== '' && isIP(servername) === 0 && { servername }),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    this.#ending = new TlsEnding(raw, tls);
    this.#tls = tls;
    this.#socket = tls;
    this.#reader = new ReplyReader();
    this.#unlisten = this.#listen(tls);
    const secured = await this.#waitFor<true>(
      (settle) => {
        const onSecure = (): void => settle(true);
        // A reset that TLS meets as it writes is to Node an end like any other, but it leaves no peer. Asked first, while there is a handle to ask.
        const onEnd = (): void => {
          if (tls.remoteAddress === undefined) this.#finish(resetByPeer);
        };
        tls.once('secureConnect', onSecure).prependListener('end', onEnd);
        return () => void tls.off('secureConnect', onSecure).off('end', onEnd);
      },
      budgetMs,
      signal,
    );
    if (secured === true) return { ok: true, value: tls };
    this.destroy();
    return { ok: false, failure: secured };
  }

  /** Whether the server hands out a session ticket (TLS 1.3) within the budget. */
  async sessionTicket(budgetMs: number, signal: AbortSignal): Promise<boolean> {
    const tls = this.#tls;
    if (tls === undefined) return false;
    const got = await this.#waitFor<true>(
      (settle) => {
        // Not at once: the event comes from within OpenSSL's read, and what is written there is lost.
        const onSession = (): void => void setImmediate(() => settle(true));
        tls.once('session', onSession);
        return () => void tls.off('session', onSession);
      },
      budgetMs,
      signal,
    );
    return got === true;
  }

  /** Ends in order, without waiting for the server; a second later at the latest the socket is gone. */
  close(): void {
    const socket = this.#socket;
    const timer = setTimeout(() => socket.destroy(), lingerMs).unref();
    socket.once('close', () => clearTimeout(timer));
    socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket): () => void {
    const onData = (chunk: Buffer): void => {
      // Nothing beyond the limit is kept, however much comes at once.
      this.#reader.push(chunk.subarray(0, Math.max(0, maximumOctets - this.#octets)));
      this.#octets += chunk.length;
      if (this.#octets > maximumOctets)
        this.#finish({ reason: 'reply-too-long', detail: `more than ${maximumOctets} octets in one session` });
      else this.#wake();
    };
    const onError = (error: Error): void => this.#finish(failureOf(error));
    const onEnd = (): void => this.#finish(this.#ending === undefined || this.#ending.isInOrder ? ended : tlsEnded);
    socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    return () => {
      socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
      // Under TLS its errors are the TLS socket's, but without a listener they would be thrown as well.
      socket.on('error', () => {});
    };
  }

  /** Only the first reason counts: what follows is its consequence. */
  #finish(failure: Failure): void {
    if (this.#end !== undefined) return;
    this.#end = failure;
    this.#wake();
    this.#onEnd(failure);
    if (failure.reason === 'reply-too-long') this.#socket.destroy();
  }

  #nextChunk(silenceMs: number, signal: AbortSignal): Promise<true | Failure | NoEvent> {
    return this.#waitFor<true>(
      (settle) => {
        this.#wake = () => settle(true);
        return () => {
          this.#wake = () => {};
        };
      },
      silenceMs,
      signal,
    );
  }

  async #waitFor<Value>(
    subscribe: (settle: (value: Value) => void) => () => void,
    budgetMs: number,
    signal: AbortSignal,
  ): Promise<Value | Failure | NoEvent> {
    return within<Value | Failure>(
      (settle) => {
        const stop = subscribe(settle);
        this.#onEnd = settle;
        if (this.#end !== undefined) settle(this.#end);
        return () => {
          this.#onEnd = () => {};
          stop();
        };
      },
      budgetMs,
      signal,
    );
  }
}

const heardOf = (reading: Reading, isBanner: boolean): ReadReply =>
  reading.kind === 'reply'
    ? reading
    : { kind: 'unstrict', failure: breachFailure(reading, isBanner), text: reading.text };

const withUnread = (failure: Failure, unread: string): Failure => ({
  ...failure,
  detail: excerpt(`${failure.detail ?? failure.reason}, after an unfinished reply: ${unread}`),
});
