import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';

/** One connection, as a script sees it. */
export type ScriptedConnection = {
  readonly socket: Socket;
  /** Writes bytes, in the clear or inside TLS. */
  say(text: string | Buffer): void;
  /** The next line of the client without its line end; undefined when it has gone. */
  hear(): Promise<string | undefined>;
  /** Takes the server's side of a TLS handshake; resolves when it is over, well or not. */
  secure(certificate: Certificate, options?: { readonly requestCert?: boolean }): Promise<void>;
  close(): void;
  reset(): void;
};

export type Script = (connection: ScriptedConnection) => Promise<void> | void;

export type ScriptedServer = AsyncDisposable & {
  readonly port: number;
  readonly address: string;
  /** Every line that any client sent, in order. */
  readonly heard: readonly string[];
  readonly connections: number;
};

class Lines {
  readonly #whole: string[] = [];
  readonly #waiting: ((line: string | undefined) => void)[] = [];
  #partial = '';
  #isOver = false;

  push(text: string): readonly string[] {
    const [last = '', ...whole] = (this.#partial + text).split(/\r?\n/).reverse();
    this.#partial = last;
    const lines = whole.reverse();
    for (const line of lines) {
      const waiter = this.#waiting.shift();
      if (waiter) waiter(line);
      else this.#whole.push(line);
    }
    return lines;
  }

  end(): void {
    this.#isOver = true;
    for (const waiter of this.#waiting.splice(0)) waiter(undefined);
  }

  next(): Promise<string | undefined> {
    const line = this.#whole.shift();
    if (line !== undefined || this.#isOver) return Promise.resolve(line);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

const connectionOf = (raw: Socket, heard: string[]): ScriptedConnection => {
  const lines = new Lines();
  let current = raw;
  const onData = (chunk: Buffer): void => void heard.push(...lines.push(chunk.toString('latin1')));
  const listen = (socket: Socket): void =>
    void socket
      .on('data', onData)
      .on('error', () => {})
      .on('close', () => lines.end());
  listen(raw);
  return {
    get socket() {
      return current;
    },
    say: (text) => void (current.writable && current.write(text)),
    hear: () => lines.next(),
    async secure({ key, cert }, { requestCert = false } = {}) {
      raw.off('data', onData);
      const secureContext = createSecureContext({ key, cert, ciphers: 'DEFAULT@SECLEVEL=0' });
      current = new TLSSocket(raw, { isServer: true, secureContext, requestCert, rejectUnauthorized: requestCert });
      listen(current);
      await Promise.race([once(current, 'secure'), once(current, 'close')]).catch(() => {});
    },
    close: () => void current.end(),
    reset: () => void raw.resetAndDestroy(),
  };
};

/** Listens on loopback and runs the script with every connection; for servers that do what no real one should. */
export const startScript = async (script: Script, address = '127.0.0.1', port = 0): Promise<ScriptedServer> => {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    void script(connectionOf(socket, heard));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The scripted server has no port');
  return {
    port: bound.port,
    address,
    heard,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A port on which nothing listens: it was just given back. */
export const closedPort = async (address = '127.0.0.1'): Promise<number> => {
  await using server = await startScript(() => {}, address);
  return server.port;
};

export type MailServer = {
  readonly banner?: string;
  readonly ehlo?: string;
  readonly helo?: string;
  readonly startTls?: string;
  readonly certificate?: Certificate;
  /** TLS from the first byte. */
  readonly implicitTls?: boolean;
  readonly requestCert?: boolean;
  readonly ehloInTls?: string;
};

/** A mail server that behaves, but for the replies given. */
export const mailServer =
  (options: MailServer = {}): Script =>
  async (connection) => {
    const {
      banner = '220 mail.example.test ESMTP',
      helo = '250 mail.example.test',
      certificate,
      requestCert = false,
    } = options;
    const defaultEhlo =
      certificate && !options.implicitTls
        ? '250-mail.example.test\r\n250-SIZE 10240000\r\n250 STARTTLS'
        : '250-mail.example.test\r\n250 SIZE 10240000';
    let ehlo = options.ehlo ?? defaultEhlo;
    if (options.implicitTls && certificate) await connection.secure(certificate, { requestCert });
    connection.say(`${banner}\r\n`);
    for (let line = await connection.hear(); line !== undefined; line = await connection.hear()) {
      const verb = line.split(' ')[0]?.toUpperCase();
      if (verb === 'EHLO') connection.say(`${ehlo}\r\n`);
      else if (verb === 'HELO') connection.say(`${helo}\r\n`);
      else if (verb === 'STARTTLS') {
        connection.say(`${options.startTls ?? '220 2.0.0 ready'}\r\n`);
        if (certificate && options.startTls === undefined) await connection.secure(certificate, { requestCert });
        ehlo = options.ehloInTls ?? '250-mail.example.test\r\n250 SIZE 10240000';
      } else if (verb === 'QUIT') {
        connection.say('221 2.0.0 bye\r\n');
        connection.close();
      } else connection.say('500 5.5.1 what\r\n');
    }
  };
