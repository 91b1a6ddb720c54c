import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Nameserver } from '../../core/postal/nameserver.ts';
import { within } from '../smtp/within.ts';
import { type AnswerFacts, encodeQuestion, type Question, readMessage } from './dns-message.ts';

/** How one wait for an answer by UDP ended. */
export type UdpOutcome =
  | { readonly kind: 'answer'; readonly facts: AnswerFacts }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'silent'; readonly reason: 'timeout' | 'unreachable' | 'malformed' };

/** Without EDNS an answer has at most 512 octets (RFC 1035 §4.2.1); Postal reads no more than that, so a longer one is broken to it. */
const maximumOctets = 512;

const unreachable: UdpOutcome = { kind: 'silent', reason: 'unreachable' };

/**
 * One question to one nameserver by UDP, on a socket of its own that stays open from try to try:
 * Postal repeats a question under the same id, so that an answer late for the first try counts in the second.
 */
export class UdpQuestion {
  readonly #socket: Socket;
  readonly #question: Question;
  readonly #nameserver: Nameserver;
  #state: 'new' | 'connecting' | 'connected' | 'closed' = 'new';

  constructor(question: Question, nameserver: Nameserver) {
    this.#question = question;
    this.#nameserver = nameserver;
    this.#socket = createSocket(isIPv6(nameserver.address) ? 'udp6' : 'udp4');
    // Between tries no one listens: an error then (ICMP for the last try) is met again by the next.
    this.#socket.on('error', () => {});
  }

  /** Sends the question and waits at most `budgetMs` for its answer. Never rejects. */
  async ask(budgetMs: number, signal: AbortSignal): Promise<UdpOutcome> {
    let malformed = false;
    const outcome = await within<UdpOutcome>(
      (settle) => {
        const onMessage = (message: Buffer): void => {
          const reading = readMessage(message, this.#question);
          if (reading.kind === 'foreign') return;
          if (reading.kind === 'malformed' || (!reading.truncated && message.length > maximumOctets)) malformed = true;
          else settle(reading.truncated ? { kind: 'truncated' } : { kind: 'answer', facts: reading.facts });
        };
        const onError = (): void => settle(unreachable);
        this.#socket.on('message', onMessage).on('error', onError);
        this.#send(onError);
        return () => void this.#socket.off('message', onMessage).off('error', onError);
      },
      budgetMs,
      signal,
    );
    if (outcome === 'timeout' || outcome === 'deadline')
      return { kind: 'silent', reason: malformed ? 'malformed' : 'timeout' };
    return outcome;
  }

  close(): void {
    this.#state = 'closed';
    this.#socket.close();
  }

  #send(onError: () => void): void {
    if (this.#state === 'connected') this.#transmit(onError);
    if (this.#state !== 'new') return;
    this.#state = 'connecting';
    // Connected, so that the kernel drops answers of others and reports ICMP errors.
    this.#socket.connect(this.#nameserver.port, this.#nameserver.address, (error?: Error) => {
      if (this.#state !== 'connecting') return;
      this.#state = error ? 'new' : 'connected';
      if (error) onError();
      else this.#transmit(onError);
    });
  }

  #transmit(onError: () => void): void {
    this.#socket.send(encodeQuestion(this.#question), (error) => {
      if (error) onError();
    });
  }
}
