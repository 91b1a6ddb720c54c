import type { SecureContext } from 'node:tls';
import type { Replies, ScriptedReply, SmtpBehaviour } from './scenario.ts';
import { ConnectionOver, type ServerStream } from './server-stream.ts';

/** What passed on one connection, as the server saw it: `S: `/`C: ` lines, starred inside TLS, and `[event]`s. */
export type Dialogue = {
  readonly ip: string;
  readonly port: number;
  readonly lines: string[];
  tls: string | null;
  servername: string | null;
  messageOver: 'plaintext' | 'tls' | null;
};

/** How often each point was reached, over all connections of a server. */
export type Turns = Map<string, number>;

export type SmtpSessionOptions = {
  readonly behaviour: SmtpBehaviour;
  readonly stream: ServerStream;
  readonly context: SecureContext | undefined;
  readonly turns: Turns;
  readonly dialogue: Dialogue;
};

const usualCapabilities = ['PIPELINING', 'SIZE 52428800', '8BITMIME', 'SMTPUTF8'];

const isList = (replies: Replies): replies is ScriptedReply[] => Array.isArray(replies);

class SmtpSession {
  readonly #behaviour: SmtpBehaviour;
  readonly #stream: ServerStream;
  readonly #context: SecureContext | undefined;
  readonly #turns: Turns;
  readonly #dialogue: Dialogue;

  constructor({ behaviour, stream, context, turns, dialogue }: SmtpSessionOptions) {
    this.#behaviour = behaviour;
    this.#stream = stream;
    this.#context = context;
    this.#turns = turns;
    this.#dialogue = dialogue;
  }

  async run(): Promise<void> {
    if (this.#behaviour.tls?.mode === 'implicit') await this.#handshake();
    await this.#reply(this.#behaviour.banner ?? '220 mx.oracle.test ESMTP ready', 'banner');
    for (;;) {
      const line = await this.#stream.line();
      this.#note(`C${this.#star}: ${line.slice(0, 200)}`);
      if (this.#behaviour.http !== undefined) await this.#reply(this.#behaviour.http, 'http');
      else await this.#obey(line.split(/[ :]/)[0]?.toUpperCase() ?? '');
    }
  }

  async #obey(verb: string): Promise<void> {
    const { helo, mail, mail_plain: mailInPlain, rcpt, rset, quit, unknown } = this.#behaviour;
    switch (verb) {
      case 'EHLO':
        return this.#ehlo();
      case 'HELO':
        return void (await this.#reply(helo ?? '250 mx.oracle.test Hello', 'helo'));
      case 'STARTTLS':
        return this.#startTls();
      case 'MAIL':
        return void (await this.#reply(
          (this.#stream.isSecure ? undefined : mailInPlain) ?? mail ?? '250 2.1.0 OK',
          'mail',
        ));
      case 'RCPT':
        return void (await this.#reply(rcpt ?? '250 2.1.5 OK', 'rcpt'));
      case 'DATA':
        return this.#data();
      case 'RSET':
        return void (await this.#reply(rset ?? '250 2.0.0 OK', 'rset'));
      case 'QUIT':
        await this.#reply(quit ?? '221 2.0.0 Bye', 'quit');
        return this.#close(true);
      default:
        return void (await this.#reply(unknown ?? '500 5.5.2 Error: bad syntax', 'unknown'));
    }
  }

  async #ehlo(): Promise<void> {
    const {
      caps = usualCapabilities,
      caps_tls: capsInTls,
      starttls,
      starttls_keyword: keyword = 'STARTTLS',
      ehlo,
      ehlo_tls: ehloInTls,
    } = this.#behaviour;
    const { isSecure } = this.#stream;
    const capabilities = [...((isSecure ? capsInTls : undefined) ?? caps)];
    if (starttls && !isSecure) capabilities.splice(1, 0, keyword);
    const lines = ['mx.oracle.test Hello', ...capabilities];
    const usual = lines.map((line, index) => `250${index < lines.length - 1 ? '-' : ' '}${line}`).join('\n');
    if (isSecure && ehloInTls !== undefined) await this.#reply(ehloInTls, 'ehlo_tls');
    else await this.#reply(ehlo ?? usual, 'ehlo');
  }

  async #startTls(): Promise<void> {
    const { starttls, starttls_reply: reply } = this.#behaviour;
    const said = await this.#reply(
      reply ?? (starttls ? '220 Ready to start TLS' : '502 5.5.1 not implemented'),
      'starttls',
    );
    if (!said.startsWith('220')) return;
    this.#stream.forget();
    await this.#handshake();
  }

  async #data(): Promise<void> {
    const { data, drop_in_data: dropAfterOctets, eod } = this.#behaviour;
    const said = await this.#reply(data ?? '354 End data with <CR><LF>.<CR><LF>', 'data');
    if (!said.startsWith('3')) return;
    let octets = 0;
    for (let line = await this.#stream.line(); line !== '.'; line = await this.#stream.line()) {
      octets += line.length + 2;
      if (dropAfterOctets !== undefined && octets > dropAfterOctets) return this.#reset();
    }
    this.#note('[message]');
    this.#dialogue.messageOver = this.#stream.isSecure ? 'tls' : 'plaintext';
    await this.#reply(eod ?? '250 2.0.0 Ok: queued as ABC123', 'eod');
  }

  async #handshake(): Promise<void> {
    const { handshake = 'ok', client_cert: clientCertificate } = this.#behaviour.tls ?? {};
    if (handshake === 'hang') {
      this.#note('[tls_clienthello]');
      return this.#hang();
    }
    if (handshake !== 'ok') {
      await this.#stream.something();
      this.#note('[tls_clienthello]');
      if (handshake === 'reset') return this.#reset();
      if (handshake === 'garbage') this.#stream.write('500 what?\r\n');
      return this.#close(false);
    }
    if (this.#context === undefined) throw new Error('A server that starts TLS needs "tls" in its behaviour');
    const { ok, protocol, servername } = await this.#stream.secure(this.#context, clientCertificate === 'required');
    this.#dialogue.tls = protocol;
    this.#dialogue.servername = servername;
    this.#note(ok ? '[tls_ok]' : '[tls_fail]');
    if (!ok) await this.#stream.close({ isPolite: false });
  }

  /** Says, and does, what is due at this point; the text that was said. */
  async #reply(replies: Replies, point: string): Promise<string> {
    const due = isList(replies) ? this.#due(replies, point) : replies;
    const { reply = '', delay = 0, drip = 0, afterwards } = typeof due === 'string' ? { reply: due } : due;
    if (delay > 0) await this.#stream.wait(delay);
    if (reply === 'CLOSE') return this.#close(false);
    if (reply === 'CLOSE_NOTIFY') return this.#close(true);
    if (reply === 'RESET') return this.#reset();
    if (reply === 'HANG') return this.#hang();
    if (reply !== '') {
      if (drip > 0) {
        for (const line of reply.split('\n')) {
          await this.#stream.wait(drip);
          this.#stream.write(`${line}\r\n`);
        }
      } else this.#stream.write(`${reply.replaceAll('\n', '\r\n')}\r\n`);
      this.#note(`S${this.#star}: ${reply.slice(0, 300)}`);
    }
    if (afterwards === 'close') return this.#close(false);
    if (afterwards === 'close_notify') return this.#close(true);
    if (afterwards === 'reset') return this.#reset();
    if (afterwards === 'hang') return this.#hang();
    return reply;
  }

  #due(replies: readonly ScriptedReply[], point: string): ScriptedReply {
    const turn = this.#turns.get(point) ?? 0;
    this.#turns.set(point, turn + 1);
    return replies[Math.min(turn, replies.length - 1)] ?? '';
  }

  #close(isPolite: boolean): Promise<never> {
    this.#note('[we_close]');
    return this.#stream.close({ isPolite });
  }

  #reset(): Promise<never> {
    this.#note('[we_reset]');
    return this.#stream.reset();
  }

  #hang(): Promise<never> {
    this.#note('[we_hang]');
    return this.#stream.hang();
  }

  get #star(): string {
    return this.#stream.isSecure ? '*' : '';
  }

  #note(line: string): void {
    this.#dialogue.lines.push(line);
  }
}

/** Plays one connection of a scripted mail server to its end. Rejects only for bugs. */
export const playSmtpSession = async (options: SmtpSessionOptions): Promise<void> => {
  try {
    await new SmtpSession(options).run();
  } catch (error) {
    if (!(error instanceof ConnectionOver)) throw error;
  }
};
