import type { SecureContext } from 'node:tls';
import type { SslMode } from '../endpoint/definition.ts';
import { type Failure, failureOfReply } from './failure.ts';
import type { AddressReport, SmtpReply, StageName, TlsFacts } from './report.ts';
import { SmtpConnection } from './smtp-connection.ts';
import { StageLog, type StageOutcome } from './stage-log.ts';
import { stopwatch } from './stopwatch.ts';
import { tlsFacts } from './tls-facts.ts';
import type { NoEvent } from './within.ts';

/** Where to, and how. */
export type SessionTarget = { readonly hostname: string; readonly ip: string; readonly port: number; readonly sslMode: SslMode };

/** As whom, and how long each stage may take. */
export type SessionSettings = {
  readonly heloHostname: string;
  /** Made by `createTlsContext`. */
  readonly secureContext: SecureContext;
  /** For the TCP connection, and again for a TLS handshake. */
  readonly connectBudgetMs: number;
  /** For each reply. */
  readonly replyBudgetMs: number;
  /** How long Postal itself would wait: silence shorter than that is `slow`, not a `timeout`. */
  readonly postalOpenTimeoutMs: number;
  readonly postalReadTimeoutMs: number;
};

export type Session = { readonly report: AddressReport; readonly localAddress?: string };

/** Tickets come within a round trip or not at all. */
const ticketBudgetMs = 20;
/** Silence for less of a wait than this means that the server spoke during it; timers are not exact enough for more. */
const halfSaidShare = 0.9;
/** Nothing depends on the reply to QUIT. */
const quitBudgetMs = 3000;

const plans: Readonly<Record<SslMode, readonly StageName[]>> = {
  None: ['connect', 'banner', 'ehlo'],
  Auto: ['connect', 'banner', 'ehlo', 'starttls', 'tls', 'session-ticket', 'ehlo-tls'],
  STARTTLS: ['connect', 'banner', 'ehlo', 'starttls', 'tls', 'session-ticket', 'ehlo-tls'],
  TLS: ['connect', 'tls', 'banner', 'ehlo'],
};

const isPositive = ({ code }: SmtpReply): boolean => code >= 200 && code < 300;

/** EHLO keywords are without regard to case (RFC 5321 §2.4), though not to Postal: the capabilities are kept verbatim for that. */
const offersStartTls = (capabilities: readonly string[]): boolean => capabilities.some((capability) => capability.toUpperCase() === 'STARTTLS');

class SmtpSession {
  readonly #target: SessionTarget;
  readonly #settings: SessionSettings;
  readonly #signal: AbortSignal;
  readonly #log = new StageLog();
  #banner: string | undefined;
  #capabilities: readonly string[] = [];
  #tls: TlsFacts | undefined;
  #localAddress: string | undefined;
  /** Whether the next thing the server expects is a command, so that QUIT would be understood. */
  #mayQuit = false;

  constructor(target: SessionTarget, settings: SessionSettings, signal: AbortSignal) {
    this.#target = target;
    this.#settings = settings;
    this.#signal = signal;
  }

  async run(): Promise<Session> {
    const opened = await this.#connect();
    if (opened.ok) await this.#converse(opened.value);
    this.#log.skipRest(plans[this.#target.sslMode]);
    if (opened.ok) await this.#quit(opened.value);
    else this.#log.skip('quit', undefined, 0);
    const { ip, port } = this.#target;
    return {
      report: {
        ip,
        port,
        stages: this.#log.stages,
        ...(this.#banner !== undefined && { banner: this.#banner }),
        capabilities: this.#capabilities,
        ...(this.#tls && { tls: this.#tls }),
      },
      ...(this.#localAddress !== undefined && { localAddress: this.#localAddress }),
    };
  }

  async #converse(connection: SmtpConnection): Promise<void> {
    const { sslMode } = this.#target;
    if (sslMode === 'TLS' && !(await this.#handshake(connection))) return;
    if (!(await this.#greeting(connection))) return;
    if (!(await this.#hello(connection, 'ehlo'))) return;
    if (sslMode === 'None' || sslMode === 'TLS') return;
    if (!(await this.#startTls(connection))) return;
    this.#mayQuit = false;
    if (!(await this.#handshake(connection))) return;
    this.#mayQuit = true;
    await this.#sessionTicket(connection);
    // RFC 3207 §4.2: what the server said before TLS is forgotten.
    this.#capabilities = [];
    await this.#hello(connection, 'ehlo-tls');
  }

  #connect(): Promise<StageOutcome<SmtpConnection>> {
    const { ip, port } = this.#target;
    const { connectBudgetMs, postalOpenTimeoutMs } = this.#settings;
    return this.#log.run('connect', async () => {
      const opened = await SmtpConnection.open(ip, port, connectBudgetMs, this.#signal);
      if (!opened.ok) return { ok: false, failure: named(opened.failure, connectBudgetMs, postalOpenTimeoutMs) };
      this.#localAddress = opened.value.localAddress;
      return opened;
    });
  }

  async #greeting(connection: SmtpConnection): Promise<boolean> {
    const outcome = await this.#log.run('banner', () => this.#reply(connection, true));
    const reply = outcome.ok ? outcome.value : outcome.failure.reply;
    this.#banner = reply?.lines.join('\n');
    this.#mayQuit = reply !== undefined;
    return outcome.ok;
  }

  /** EHLO, and HELO when the server refuses it, as Postal does. */
  async #hello(connection: SmtpConnection, stage: 'ehlo' | 'ehlo-tls'): Promise<boolean> {
    const ehlo = await this.#command(connection, stage, `EHLO ${this.#settings.heloHostname}`);
    if (ehlo.ok) this.#capabilities = ehlo.value.lines.slice(1).map((line) => line.slice(4));
    if (ehlo.ok || ehlo.failure.reply === undefined) return ehlo.ok;
    const helo = await this.#command(connection, 'helo', `HELO ${this.#settings.heloHostname}`);
    return helo.ok;
  }

  /** RFC 3207 §4.2: whatever stands behind the 220 came in the clear from who knows whom; going on would be to accept it as the server's. */
  async #startTls(connection: SmtpConnection): Promise<boolean> {
    const outcome = await this.#log.run('starttls', async () => {
      if (!offersStartTls(this.#capabilities)) return { ok: false, failure: { reason: 'not-offered' } };
      connection.send('STARTTLS');
      const reply = await this.#reply(connection, false);
      const injected = connection.unread;
      if (!reply.ok || injected === undefined) return reply;
      this.#mayQuit = false;
      return { ok: false, failure: { reason: 'injected-plaintext', detail: injected, reply: reply.value } };
    });
    return outcome.ok;
  }

  async #handshake(connection: SmtpConnection): Promise<boolean> {
    const { connectBudgetMs, postalOpenTimeoutMs, secureContext } = this.#settings;
    const outcome = await this.#log.run('tls', async () => {
      const secured = await connection.startTls(this.#target.hostname, secureContext, connectBudgetMs, this.#signal);
      if (secured.ok) return secured;
      return { ok: false, failure: named(secured.failure, connectBudgetMs, postalOpenTimeoutMs) };
    });
    if (outcome.ok) this.#tls = tlsFacts(outcome.value, this.#target.hostname);
    return outcome.ok;
  }

  /** A command that crosses the server's TLS 1.3 tickets waits 40 ms for a delayed ACK: the tickets first. */
  async #sessionTicket(connection: SmtpConnection): Promise<void> {
    if (this.#tls?.protocol !== 'TLSv1.3') return this.#log.skip('session-ticket', `${this.#tls?.protocol ?? 'TLS'} has none to wait for`, 0);
    const elapsedMs = stopwatch();
    if (await connection.sessionTicket(ticketBudgetMs, this.#signal)) this.#log.pass('session-ticket', elapsedMs());
    else this.#log.skip('session-ticket', `none came within ${ticketBudgetMs} ms`, elapsedMs());
  }

  async #quit(connection: SmtpConnection): Promise<void> {
    if (this.#mayQuit && connection.isOpen) {
      await this.#log.run('quit', async () => {
        connection.send('QUIT');
        return this.#reply(connection, false, Math.min(quitBudgetMs, this.#settings.replyBudgetMs), 0);
      });
    } else this.#log.skip('quit', undefined, 0);
    connection.close();
  }

  #command(connection: SmtpConnection, stage: StageName, command: string): Promise<StageOutcome<SmtpReply>> {
    return this.#log.run(stage, () => {
      connection.send(command);
      return this.#reply(connection, false);
    });
  }

  async #reply(
    connection: SmtpConnection,
    isBanner: boolean,
    budgetMs = this.#settings.replyBudgetMs,
    patienceMs = this.#settings.postalReadTimeoutMs,
  ): Promise<StageOutcome<SmtpReply>> {
    const read = await connection.readReply(isBanner, budgetMs, this.#signal);
    if (!read.ok) {
      const isHalfSaid = read.failure === 'timeout' && connection.silentMs < halfSaidShare * Math.min(budgetMs, patienceMs);
      return { ok: false, failure: isHalfSaid ? halfSaid(budgetMs, patienceMs) : named(read.failure, budgetMs, patienceMs) };
    }
    const reply = read.value;
    return isPositive(reply) ? { ok: true, value: reply, reply } : { ok: false, failure: failureOfReply(reply) };
  }
}

const named = (failure: Failure | NoEvent, budgetMs: number, postalTimeoutMs: number): Failure => {
  if (failure === 'deadline') return { reason: 'deadline', detail: 'the time for the whole probe was over' };
  if (failure !== 'timeout') return failure;
  if (budgetMs >= postalTimeoutMs) return { reason: 'timeout', detail: `no answer within ${budgetMs} ms` };
  return { reason: 'slow', detail: `no answer within ${budgetMs} ms; Postal would wait ${postalTimeoutMs} ms` };
};

/** Postal's timeout is for each read, so that it has patience with a server that says a little from time to time. */
const halfSaid = (budgetMs: number, postalTimeoutMs: number): Failure => ({
  reason: 'slow',
  detail: `the reply was not whole within ${budgetMs} ms; Postal would wait as long as the server is never silent for ${postalTimeoutMs} ms`,
});

/**
 * Holds one SMTP session with one address and reports every stage; sends no mail and names no recipient, and takes leave with QUIT.
 *
 * | SSL mode | stages |
 * | --- | --- |
 * | `None` | connect, banner, ehlo, quit |
 * | `Auto`, `STARTTLS` | connect, banner, ehlo, starttls, tls, session-ticket, ehlo-tls, quit |
 * | `TLS` | connect, tls, banner, ehlo, quit |
 *
 * A `helo` stands behind each EHLO that was refused. Certificates never fail a stage: what they are worth is in `tls`.
 * Expected failures are in the stages; it rejects only for bugs.
 */
export const runSmtpSession = (target: SessionTarget, settings: SessionSettings, signal: AbortSignal): Promise<Session> =>
  new SmtpSession(target, settings, signal).run();
