import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** Sizes of an alert's record, from the one in the clear to the one that CBC pads and signs. */
const leastOctets = 7;
const mostOctets = 100;

/**
 * Tells whether a server took its leave (close_notify) or only ended the TCP connection, which to OpenSSL is an error, and to `node:tls` the same event.
 *
 * It counts from outside. A stream between TCP and TLS could read what kind each record is, but TLS would then leave the
 * system's own stream, which takes a quarter of a whole session's time.
 *
 * | TCP has brought, since something was last heard inside TLS | the end is |
 * | --- | --- |
 * | nothing, and it came out of the same read | a close_notify, which came after it |
 * | as many octets as an alert has | a close_notify |
 * | nothing, or part of a longer record | TCP's alone |
 */
export class TlsEnding {
  readonly #raw: Socket;
  #octets: number;
  #isSameRead = false;

  /** Must be made before anything else listens to `tls`, which is directly on `raw`. */
  constructor(raw: Socket, tls: TLSSocket) {
    this.#raw = raw;
    this.#octets = raw.bytesRead;
    const onHeard = (): void => {
      this.#octets = raw.bytesRead;
      this.#isSameRead = true;
      // TCP's own end is always a read of its own, in a later turn of the event loop.
      setImmediate(() => {
        this.#isSameRead = false;
      });
    };
    tls.on('secureConnect', onHeard).on('session', onHeard).on('data', onHeard);
  }

  /** To be asked when the `end` event comes. */
  get isInOrder(): boolean {
    const octets = this.#raw.bytesRead - this.#octets;
    return this.#isSameRead || (octets >= leastOctets && octets <= mostOctets);
  }
}
