import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const patienceMs = 10_000;

/** A client for tests of the scripted mail servers: it says lines, and hears lines and how the connection ended. */
export class TestClient implements Disposable {
  #socket: Socket;
  #text = '';
  #ending: string | undefined;
  #changed: () => void = () => {};

  constructor(ip: string, port: number) {
    this.#socket = connect({ host: ip, port });
    this.#listen();
  }

  say(...lines: readonly string[]): void {
    for (const line of lines) this.#socket.write(`${line}\r\n`);
  }

  /** The next line, or `(FIN)`, `(ECONNRESET)`, … when there is none. */
  async hear(): Promise<string> {
    const tooLate = AbortSignal.timeout(patienceMs);
    while (!this.#text.includes('\r\n') && this.#ending === undefined) {
      if (tooLate.aborted) throw new Error(`Nothing was heard for ${patienceMs} ms`);
      await Promise.race([new Promise<void>((resolve) => (this.#changed = resolve)), once(tooLate, 'abort')]);
    }
    const [line = '', ...rest] = this.#text.split('\r\n');
    if (rest.length === 0) return `(${this.#ending})`;
    this.#text = rest.join('\r\n');
    return line;
  }

  async hearLines(count: number): Promise<readonly string[]> {
    const lines: string[] = [];
    while (lines.length < count) lines.push(await this.hear());
    return lines;
  }

  /** Takes the client's part in a handshake, verifying nothing; the protocol, or the error's code. */
  async secure(): Promise<string | null> {
    const socket = this.#socket;
    socket.removeAllListeners();
    const secure = connectTls({
      socket,
      servername: 'mail.oracle.test',
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });
    this.#socket = secure;
    const ready = once(secure, 'secureConnect', { signal: AbortSignal.timeout(patienceMs) });
    this.#listen();
    try {
      await ready;
      return secure.getProtocol();
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #listen(): void {
    const end = (how: string): void => {
      this.#ending ??= how;
      this.#changed();
    };
    this.#socket
      .on('data', (chunk: Buffer) => {
        this.#text += chunk.toString('latin1');
        this.#changed();
      })
      .on('end', () => end('FIN'))
      .on('error', (error) => end('code' in error ? String(error.code) : error.message));
  }
}
