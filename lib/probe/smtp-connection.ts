import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { excerpt } from './excerpt.ts';
import { type Failure, failureOf } from './failure.ts';
import type { SmtpReply } from './report.ts';
import { type Reading, ReplyReader } from './smtp-reply.ts';
import { type NoEvent, within } from './within.ts';

/** Octets that a server may send in one session, handshakes not counted. */
const maximumOctets = 65_536;
/** How long an orderly end may take before the socket is destroyed. */
const lingerMs = 1000;

export type Attempt<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: Failure | NoEvent };

const ended: Failure = { reason: 'closed', detail: 'the server closed the connection' };

/** One TCP connection to an SMTP server, from SYN to the end, with or without TLS. No method rejects but for bugs. */
export class SmtpConnection {
  #socket: Socket;
  #tls: TLSSocket | undefined;
  #reader = new ReplyReader();
  #octets = 0;
  #heardAtMs = performance.now();
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
    return this.#socket.localAddress;
  }

  get tls(): TLSSocket | undefined {
    return this.#tls;
  }

  /** How long the server has been silent. */
  get silentMs(): number {
    return performance.now() - this.#heardAtMs;
  }

  /** Whether a command would reach the server, and its reply be understood. */
  get isOpen(): boolean {
    return this.#end === undefined && this.#socket.writable && !this.#reader.isBroken;
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

  /** The next reply. A greeting that is no SMTP is told from a reply that is broken by `isBanner`. */
  async readReply(isBanner: boolean, budgetMs: number, signal: AbortSignal): Promise<Attempt<SmtpReply>> {
    const read = await this.#waitFor<Reading>(
      (settle) => {
        const attempt = (): void => {
          const reading = this.#reader.next();
          if (reading) settle(reading);
        };
        this.#wake = attempt;
        attempt();
        return () => {
          this.#wake = () => {};
        };
      },
      budgetMs,
      signal,
    );
    if (read === 'timeout' || read === 'deadline') return { ok: false, failure: this.#cutShort(read, isBanner) };
    if ('reason' in read) return { ok: false, failure: isBanner && this.#reader.isForeign === true ? this.#foreign() : this.#withUnread(read) };
    switch (read.kind) {
      case 'reply':
        return { ok: true, value: read.reply };
      case 'foreign':
        return { ok: false, failure: { reason: isBanner ? 'not-smtp' : 'malformed-reply', detail: excerpt(read.detail) } };
      case 'malformed':
        return { ok: false, failure: { reason: 'malformed-reply', detail: excerpt(read.detail) } };
      case 'too-long':
        return { ok: false, failure: { reason: 'reply-too-long', detail: excerpt(read.detail) } };
    }
  }

  /** Puts TLS on the connection. Nothing is verified here: what the certificate is worth are facts, taken afterwards. */
  async startTls(hostname: string, secureContext: SecureContext, budgetMs: number, signal: AbortSignal): Promise<Attempt<TLSSocket>> {
    this.#unlisten();
    const servername = hostname.replace(/\.$/, '');
    const tls = connectTls({
      socket: this.#socket,
      secureContext,
      ...(isIP(servername) === 0 && { servername }),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    this.#tls = tls;
    this.#socket = tls;
    this.#reader = new ReplyReader();
    this.#unlisten = this.#listen(tls);
    const secured = await this.#waitFor<true>(
      (settle) => {
        const onSecure = (): void => settle(true);
        tls.once('secureConnect', onSecure);
        return () => void tls.off('secureConnect', onSecure);
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
      this.#octets += chunk.length;
      this.#heardAtMs = performance.now();
      this.#reader.push(chunk);
      if (this.#octets > maximumOctets) this.#finish({ reason: 'reply-too-long', detail: `more than ${maximumOctets} octets in one session` });
      else this.#wake();
    };
    const onError = (error: Error): void => this.#finish(failureOf(error));
    const onEnd = (): void => this.#finish(ended);
    socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    return () => {
      socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
      // Under TLS its errors are the TLS socket's, but without a listener they would be thrown as well.
      socket.on('error', () => {});
    };
  }

  /** Only the first reason counts: what follows is its consequence. */
  #finish(failure: Failure): void {
    this.#wake();
    if (this.#end !== undefined) return;
    this.#end = failure;
    this.#onEnd(failure);
    if (failure.reason === 'reply-too-long') this.#socket.destroy();
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

  #foreign(): Failure {
    return { reason: 'not-smtp', detail: excerpt(this.#reader.unread()) };
  }

  #withUnread(failure: Failure): Failure {
    const unread = this.unread;
    return unread === undefined
      ? failure
      : { ...failure, detail: excerpt(`${failure.detail ?? failure.reason}, after an unfinished reply: ${unread}`) };
  }

  #cutShort(how: NoEvent, isBanner: boolean): Failure | NoEvent {
    return how === 'timeout' && isBanner && this.#reader.isForeign === true ? this.#foreign() : how;
  }
}
