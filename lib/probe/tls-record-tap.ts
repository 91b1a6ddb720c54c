import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

const headerOctets = 5;
const alertType = 21;
const applicationDataType = 23;
/** An alert of TLS 1.3: two octets, one for the true type, and the tag of the cipher, which is 8 octets long with CCM_8. */
const hiddenAlertOctets: ReadonlySet<number> = new Set([19, 11]);

/**
 * Stands between TCP and TLS and notes which TLS record came last: `node:tls` does not tell whether a server took its leave (close_notify) or only
 * ended the TCP connection, which to OpenSSL is an error.
 */
export class TlsRecordTap extends Duplex {
  readonly #socket: Socket;
  #header = Buffer.alloc(0);
  #bodyOctets = 0;
  #last: { readonly type: number; readonly octets: number } | undefined;

  constructor(socket: Socket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#note(chunk);
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** Whether the last whole record was an alert; a fatal one would have been an error before the end. */
  get hasEndedInOrder(): boolean {
    const { type, octets } = this.#last ?? {};
    return (
      this.#header.length === 0 &&
      this.#bodyOctets === 0 &&
      (type === alertType || (type === applicationDataType && hiddenAlertOctets.has(octets ?? 0)))
    );
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#socket.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#socket.destroy();
    callback(error);
  }

  #note(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyOctets > 0) {
        const taken = Math.min(this.#bodyOctets, chunk.length - at);
        this.#bodyOctets -= taken;
        at += taken;
        continue;
      }
      const missing = headerOctets - this.#header.length;
      this.#header = Buffer.concat([this.#header, chunk.subarray(at, at + missing)]);
      at += missing;
      if (this.#header.length < headerOctets) return;
      this.#bodyOctets = this.#header.readUInt16BE(3);
      this.#last = { type: this.#header.readUInt8(0), octets: this.#bodyOctets };
      this.#header = Buffer.alloc(0);
    }
  }
}
