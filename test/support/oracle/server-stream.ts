import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SecureContext, TLSSocket } from 'node:tls';

/** The connection is over, by whichever side; ends a session without a word. */
export class ConnectionOver extends Error {
  override readonly name = 'ConnectionOver';
}

export type Handshake = { readonly ok: boolean; readonly protocol: string | null; readonly servername: string | null };

const drainMs = 300;

/**
 * The server's side of one connection, first in the clear, then perhaps inside TLS.
 * TLS runs over a stream of ours, not over the socket, so that a connection can also be cut under it: FIN or RST without close_notify.
 */
export class ServerStream {
  readonly #socket: Socket;
  readonly #signal: AbortSignal;
  #received: Buffer = Buffer.alloc(0);
  #hasEnded = false;
  #wake: () => void = () => {};
  /** TLS hands on what it is given only by and by: nothing below it may be cut before. */
  #written: Promise<void> = Promise.resolve();
  #transport: Duplex | undefined;
  #tls: TLSSocket | undefined;
  #secure: TLSSocket | undefined;

  constructor(socket: Socket, signal: AbortSignal) {
    this.#socket = socket;
    this.#signal = signal;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => (this.#transport ? void this.#transport.push(chunk) : this.#take(chunk)));
    socket.on('end', () => (this.#transport ? void this.#transport.push(null) : this.#end()));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#tls?.destroy();
      this.#end();
    });
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  }

  get isSecure(): boolean {
    return this.#secure !== undefined;
  }

  /** Rejects with `ConnectionOver` when the server is stopped meanwhile. */
  async wait(seconds: number): Promise<void> {
    await sleep(seconds * 1000, undefined, { signal: this.#signal }).catch(() => {
      throw new ConnectionOver();
    });
  }

  write(text: string): void {
    const stream = this.#secure ?? this.#socket;
    if (!stream.writable) return;
    this.#written = new Promise((resolve) => void stream.write(Buffer.from(text, 'latin1'), () => resolve()));
  }

  /** The next line without its end; throws `ConnectionOver` when there is none. */
  async line(): Promise<string> {
    let end = this.#received.indexOf(0x0a);
    while (end < 0) {
      await this.#more();
      end = this.#received.indexOf(0x0a);
    }
    const line = this.#received.toString('latin1', 0, end).replace(/\r+$/, '');
    this.#received = this.#received.subarray(end + 1);
    return line;
  }

  /** Waits for something from the client, and forgets it. */
  async something(): Promise<void> {
    if (this.#received.length === 0) await this.#more();
    this.forget();
  }

  /** Discards what came and was not read. */
  forget(): void {
    this.#received = Buffer.alloc(0);
  }

  /** Takes the server's part in a TLS handshake, with what came already as its beginning. */
  async secure(secureContext: SecureContext, isClientCertificateRequired: boolean): Promise<Handshake> {
    const socket = this.#socket;
    const transport = new Duplex({
      read() {},
      write: (chunk: Buffer, _encoding, done) => (socket.writable ? void socket.write(chunk, () => done()) : done()),
      final: (done) => void socket.end(() => done()),
    });
    transport.push(this.#received);
    this.forget();
    this.#transport = transport;
    if (this.#hasEnded) transport.push(null);
    let servername: string | null = null;
    const secure = new TLSSocket(transport, {
      isServer: true,
      secureContext,
      requestCert: isClientCertificateRequired,
      rejectUnauthorized: isClientCertificateRequired,
      SNICallback: (name, done) => {
        servername = name;
        done(null);
      },
    });
    this.#tls = secure;
    secure.on('error', () => {});
    secure.on('data', (chunk: Buffer) => this.#take(chunk));
    secure.on('end', () => this.#end());
    secure.on('close', () => this.#end());
    const outcome = await new Promise<'secure' | 'close'>((resolve) => {
      secure.once('secure', () => resolve('secure'));
      secure.once('close', () => resolve('close'));
      // A client that has gone in the middle: TLSSocket would wait on.
      transport.once('end', () => resolve('close'));
    });
    if (outcome === 'close') return { ok: false, protocol: null, servername };
    this.#secure = secure;
    return { ok: true, protocol: secure.getProtocol(), servername };
  }

  /** FIN; inside TLS with a close_notify before it when polite. What the client still sends is read, so that no RST follows too soon. */
  async close({ isPolite }: { readonly isPolite: boolean }): Promise<never> {
    await this.#written;
    if (isPolite && this.#secure) this.#secure.end();
    else this.#socket.end();
    this.#socket.resume();
    const drained = new AbortController();
    await Promise.race([
      once(this.#socket, 'close', { signal: drained.signal }).catch(() => {}),
      sleep(drainMs, undefined, { signal: AbortSignal.any([drained.signal, this.#signal]) }).catch(() => {}),
    ]);
    drained.abort();
    this.#socket.destroy();
    throw new ConnectionOver();
  }

  async reset(): Promise<never> {
    await this.#written;
    this.#socket.resetAndDestroy();
    throw new ConnectionOver();
  }

  /** Says nothing more, until the client goes. */
  async hang(): Promise<never> {
    while (!this.#hasEnded) {
      this.forget();
      await this.#change();
    }
    this.#socket.destroy();
    throw new ConnectionOver();
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    this.#wake();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #more(): Promise<void> {
    const before = this.#received.length;
    while (this.#received.length === before) {
      if (this.#hasEnded) throw new ConnectionOver();
      await this.#change();
    }
  }
}
