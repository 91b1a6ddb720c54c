import { capabilitiesOf, isContinue, isSuccess } from '../../core/postal/reply.ts';
import { type Entry, entryOver, type Way } from '../../core/postal/session-entry.ts';
import type { SessionFacts, SmtpReply, StageName, TlsFacts } from '../../core/probe-report/report.ts';
import { failureOfReply } from './failure.ts';
import { cutShort, named, saidIn } from './session-outcome.ts';
import { planOf } from './session-plan.ts';
import type { SessionSettings, SessionTarget, Transaction } from './session-target.ts';
import { SmtpConnection } from './smtp-connection.ts';
import { StageLog, type StageOutcome } from './stage-log.ts';
import { stopwatch } from './stopwatch.ts';
import { tlsFacts } from './tls-facts.ts';

/** `entry`: how Postal fares over this connection. */
export type Session = { readonly facts: SessionFacts; readonly entry: Entry; readonly localAddress?: string };

/** Tickets come within a round trip or not at all. */
const ticketBudgetMs = 20;
/** Nothing depends on the reply to QUIT. */
const quitBudgetMs = 3000;

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

class SmtpSession {
  readonly #target: SessionTarget;
  readonly #settings: SessionSettings;
  readonly #signal: AbortSignal;
  readonly #log = new StageLog();
  readonly #plan: readonly StageName[];
  #banner: string | undefined;
  #capabilities: readonly string[] = [];
  /** As Postal knows them. */
  #keywords: ReadonlySet<string> = new Set();
  #isGreeted = false;
  #tls: TlsFacts | undefined;
  #localAddress: string | undefined;
  /** Whether the next thing the server expects is a command, so that QUIT would be understood. */
  #mayQuit = false;

  constructor(target: SessionTarget, settings: SessionSettings, signal: AbortSignal) {
    this.#target = target;
    this.#settings = settings;
    this.#signal = signal;
    this.#plan = planOf(target);
  }

  async run(): Promise<Session> {
    const { ip, port, encryption, transaction } = this.#target;
    const way = { ip, port, encryption };
    const opened = await this.#connect();
    const connection = opened.ok ? opened.value : undefined;
    try {
      const entry = await this.#enter(connection, way);
      if (connection !== undefined) {
        if (transaction === undefined) await this.#survey(connection, way);
        else if (entry.kind === 'entered') await this.#transact(connection, transaction);
      }
      if (this.#isGreeted && this.#plan.includes('starttls') && !this.#log.has('starttls'))
        await this.#log.run('starttls', async () => ({ ok: false, failure: { reason: 'not-offered' } }));
      this.#log.skipRest(this.#plan);
      await this.#quit(connection);
      return {
        facts: {
          stages: this.#log.stages,
          ...(this.#banner !== undefined && { banner: this.#banner }),
          capabilities: this.#capabilities,
          ...(this.#tls && { tls: this.#tls }),
        },
        entry,
        ...(this.#localAddress !== undefined && { localAddress: this.#localAddress }),
      };
    } catch (error) {
      connection?.destroy();
      throw error;
    }
  }

  /** Goes from stage to stage as Postal's client would, until it is in or turned away. */
  async #enter(connection: SmtpConnection | undefined, way: Way): Promise<Entry> {
    for (;;) {
      const entry = entryOver({ stages: this.#log.stages, ...(this.#tls && { tls: this.#tls }) }, way);
      if (connection === undefined || entry.kind !== 'open' || entry.next === undefined) return entry;
      await this.#perform(connection, entry.next);
    }
  }

  /** Past the point at which Postal is in, or gives up, to see what TLS there is worth. */
  async #survey(connection: SmtpConnection, way: Way): Promise<void> {
    if (this.#plan.includes('tls'))
      await this.#enter(connection, {
        ...way,
        encryption: way.encryption === 'implicit' ? 'implicit' : 'opportunistic',
        isSurvey: true,
      });
  }

  async #perform(connection: SmtpConnection, stage: StageName): Promise<void> {
    switch (stage) {
      case 'banner':
        return this.#greeting(connection);
      case 'ehlo':
      case 'helo':
        return this.#hello(connection, stage);
      case 'starttls':
        return this.#startTls(connection);
      case 'tls':
        this.#mayQuit = false;
        return this.#handshake(connection);
      case 'ehlo-tls':
        await this.#sessionTicket(connection);
        // RFC 3207 §4.2: what the server said before TLS is forgotten.
        this.#capabilities = [];
        return this.#hello(connection, stage);
      default:
        throw new Error(`${stage} is not a stage that gets into the server`);
    }
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

  async #greeting(connection: SmtpConnection): Promise<void> {
    const outcome = await this.#log.run('banner', () => this.#reply(connection, isSuccess, true));
    const reply = outcome.ok ? outcome.value : outcome.failure.reply;
    this.#banner = reply?.lines.join('\n');
    const said = saidIn(outcome);
    this.#mayQuit = reply !== undefined || (said !== undefined && isSuccess(said));
  }

  async #hello(connection: SmtpConnection, stage: 'ehlo' | 'helo' | 'ehlo-tls'): Promise<void> {
    const verb = stage === 'helo' ? 'HELO' : 'EHLO';
    const said = await this.#command(connection, stage, `${verb} ${this.#settings.heloHostname}`);
    if (said === undefined || !isSuccess(said)) return;
    const lines = said.replace(/\n$/, '').split('\n');
    this.#capabilities = lines.slice(1).map((line) => line.slice(4));
    const keywords = capabilitiesOf(said);
    this.#keywords = keywords ?? new Set();
    this.#isGreeted = keywords !== undefined;
  }

  /** RFC 3207 §4.2: anything after the 220 arrived unencrypted from an unknown sender; it is dropped, as Postal does. */
  async #startTls(connection: SmtpConnection): Promise<void> {
    this.#noteUnread(connection);
    const outcome = await this.#log.run('starttls', async () => {
      connection.send('STARTTLS');
      const reply = await this.#reply(connection, isSuccess);
      const injected = connection.unread;
      if (!reply.ok || injected === undefined) return reply;
      return { ok: false, failure: { reason: 'injected-plaintext', detail: injected, reply: reply.value } };
    });
    this.#mayQuit = saidIn(outcome) !== undefined;
  }

  async #handshake(connection: SmtpConnection): Promise<void> {
    const { connectBudgetMs, postalOpenTimeoutMs, tls } = this.#settings;
    const { hostname } = this.#target;
    const outcome = await this.#log.run('tls', async () => {
      const secured = await connection.startTls(
        hostname.replace(/\.$/, ''),
        tls.secureContext,
        connectBudgetMs,
        this.#signal,
      );
      if (secured.ok) return secured;
      return { ok: false, failure: named(secured.failure, connectBudgetMs, postalOpenTimeoutMs) };
    });
    if (outcome.ok) this.#tls = tlsFacts(outcome.value, hostname, tls.trusted);
  }

  /** A command that crosses the server's TLS 1.3 tickets waits 40 ms for a delayed ACK: the tickets first. */
  async #sessionTicket(connection: SmtpConnection): Promise<void> {
    if (this.#tls?.protocol !== 'TLSv1.3')
      return this.#log.skip('session-ticket', `${this.#tls?.protocol ?? 'TLS'} has none to wait for`, 0);
    const elapsedMs = stopwatch();
    if (await connection.sessionTicket(ticketBudgetMs, this.#signal)) this.#log.pass('session-ticket', elapsedMs());
    else this.#log.skip('session-ticket', `none came within ${ticketBudgetMs} ms`, elapsedMs());
  }

  /** RSET ends a transaction that no message was delivered in: as Postal does after a refusal, and for politeness after a recipient alone. */
  async #transact(connection: SmtpConnection, { mailFrom, recipient, message }: Transaction): Promise<void> {
    const isUtf8 = this.#keywords.has('SMTPUTF8') && !(isAscii(mailFrom) && isAscii(recipient));
    const accepted =
      (await this.#accepts(connection, 'mail', `MAIL FROM:<${mailFrom}>${isUtf8 ? ' SMTPUTF8' : ''}`)) &&
      (await this.#accepts(connection, 'rcpt', `RCPT TO:<${recipient}>`)) &&
      message !== undefined &&
      (await this.#deliver(connection, message));
    if (!accepted && this.#mayQuit && connection.isOpen) await this.#command(connection, 'rset', 'RSET');
  }

  async #accepts(connection: SmtpConnection, stage: StageName, command: string): Promise<boolean> {
    const said = await this.#command(connection, stage, command);
    return said !== undefined && isSuccess(said);
  }

  async #deliver(connection: SmtpConnection, message: string): Promise<boolean> {
    const goOn = await this.#command(connection, 'data', 'DATA', isContinue);
    if (goOn === undefined || !isContinue(goOn)) return false;
    this.#mayQuit = false;
    this.#noteUnread(connection);
    const outcome = await this.#log.run('end-of-data', () => {
      connection.sendMessage(message);
      return this.#reply(connection, isSuccess);
    });
    const said = saidIn(outcome);
    this.#mayQuit = said !== undefined;
    return said !== undefined && isSuccess(said);
  }

  async #quit(connection: SmtpConnection | undefined): Promise<void> {
    if (connection !== undefined && this.#mayQuit && connection.isOpen) {
      this.#noteUnread(connection);
      await this.#log.run('quit', async () => {
        connection.send('QUIT');
        return this.#reply(connection, isSuccess, false, Math.min(quitBudgetMs, this.#settings.replyBudgetMs), 0);
      });
    } else this.#log.skip('quit', undefined, 0);
    connection?.close();
  }

  /** What is read next was said before it was asked for: from there on the server's answers are one command behind. */
  #noteUnread(connection: SmtpConnection): void {
    const { unread } = connection;
    if (unread !== undefined) this.#log.noteUnread(unread);
  }

  async #command(
    connection: SmtpConnection,
    stage: StageName,
    command: string,
    isWanted = isSuccess,
  ): Promise<string | undefined> {
    this.#noteUnread(connection);
    const outcome = await this.#log.run(stage, () => {
      connection.send(command);
      return this.#reply(connection, isWanted);
    });
    const said = saidIn(outcome);
    this.#mayQuit = said !== undefined;
    return said;
  }

  async #reply(
    connection: SmtpConnection,
    isWanted: (said: string) => boolean,
    isBanner = false,
    budgetMs = this.#settings.replyBudgetMs,
    patienceMs = this.#settings.postalReadTimeoutMs,
  ): Promise<StageOutcome<SmtpReply>> {
    const heard = await connection.readReply(isBanner, budgetMs, this.#signal);
    switch (heard.kind) {
      case 'reply':
        return isWanted(heard.reply.lines[0] ?? '')
          ? { ok: true, value: heard.reply, reply: heard.reply }
          : { ok: false, failure: failureOfReply(heard.reply) };
      case 'unstrict':
        return { ok: false, failure: { ...heard.failure, asRead: { text: heard.text } } };
      case 'cut':
        return { ok: false, failure: cutShort(heard, budgetMs, patienceMs) };
    }
  }
}

/**
 * Holds one SMTP session with one address and reports every stage, and takes leave with QUIT. It goes as Postal's client would, which takes any line for
 * a reply; without a transaction it also looks at STARTTLS where Postal would not use it.
 *
 * | encryption | stages |
 * | --- | --- |
 * | none | connect, banner, ehlo |
 * | opportunistic, required | connect, banner, ehlo, starttls, tls, session-ticket, ehlo-tls |
 * | implicit | connect, tls, banner, ehlo |
 * | with a transaction | …, mail, rcpt, data, end-of-data; rset where no message went out |
 *
 * A `helo` comes after each EHLO that was refused. Certificates never fail a stage: what they are worth is in `tls`.
 * Expected failures are in the stages; it rejects only for bugs.
 */
export const runSmtpSession = (
  target: SessionTarget,
  settings: SessionSettings,
  signal: AbortSignal,
): Promise<Session> => new SmtpSession(target, settings, signal).run();
