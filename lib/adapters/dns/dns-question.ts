import { randomInt } from 'node:crypto';
import { formatNameserver, type Nameserver } from '../../core/postal/nameserver.ts';
import type { DnsAnswer } from '../../core/probe-report/report.ts';
import { stopwatch } from '../smtp/stopwatch.ts';
import type { Question } from './dns-message.ts';
import { askByTcp, type TcpOutcome } from './dns-tcp.ts';
import { UdpQuestion } from './dns-udp.ts';
import type { Paced } from './packet-pace.ts';

/** Of one question by TCP: its handshake, the question, what acknowledges the answer, its end. */
const packetsByTcp = 6;

/** What a nameserver answered to a question of that type. */
type AnswerOf<Type> = Omit<DnsAnswer, 'type'> & { readonly type: Type };

/** One nameserver's part in one question, through every round. */
class Asked<Type extends Question['type']> {
  readonly #nameserver: Nameserver;
  readonly #question: Question & { readonly type: Type };
  readonly #udp: UdpQuestion;
  #outcome: TcpOutcome = { kind: 'silent', reason: 'timeout' };
  #transport: 'udp' | 'tcp' = 'udp';
  #durationMs = 0;

  constructor(nameserver: Nameserver, name: string, type: Type) {
    this.#nameserver = nameserver;
    this.#question = { id: randomInt(65_536), name, type };
    this.#udp = new UdpQuestion(this.#question, nameserver);
  }

  /** Whether the matter is settled: an answer came, of any rcode, or one by TCP was broken off, over which Postal's resolver breaks down. */
  async settles(budgetMs: number, paced: Paced, signal: AbortSignal): Promise<boolean> {
    await paced(1, signal);
    const elapsedMs = stopwatch();
    const byUdp = await this.#udp.ask(budgetMs, signal);
    this.#transport = byUdp.kind === 'truncated' ? 'tcp' : 'udp';
    if (byUdp.kind === 'truncated') await paced(packetsByTcp, signal);
    this.#outcome =
      byUdp.kind === 'truncated' ? await askByTcp(this.#question, this.#nameserver, budgetMs, signal) : byUdp;
    this.#durationMs += elapsedMs();
    return this.#outcome.kind === 'answer' || this.#outcome.reason === 'closed';
  }

  report(): AnswerOf<Type> {
    const { type } = this.#question;
    const said = this.#outcome.kind === 'answer' ? this.#outcome.facts : { reason: this.#outcome.reason, records: [] };
    const durationMs = Math.round(this.#durationMs * 10) / 10;
    return { nameserver: formatNameserver(this.#nameserver), type, transport: this.#transport, ...said, durationMs };
  }

  close(): void {
    this.#udp.close();
  }
}

/**
 * The waits of Postal's resolver for `dns.timeout` t, in whole seconds: t, t/2, t/2. Below two seconds there is one wait.
 */
const roundsMs = (dnsTimeoutMs: number): readonly number[] => {
  const halfMs = Math.floor(dnsTimeoutMs / 2000) * 1000;
  return halfMs === 0 ? [dnsTimeoutMs] : [dnsTimeoutMs, halfMs, halfMs];
};

/**
 * Puts one question to the nameservers as Postal does: one at a time, each round through all of them. The first answer,
 * of whatever rcode, is final, and so is one by TCP that is broken off; only silence (which a refused or broken answer is too) moves on.
 *
 * Gives one entry a nameserver asked, in the order asked; `durationMs` sums its rounds. Never rejects.
 */
export const askNameservers = async <Type extends Question['type']>(
  name: string,
  type: Type,
  nameservers: readonly Nameserver[],
  dnsTimeoutMs: number,
  paced: Paced,
  signal: AbortSignal,
): Promise<readonly AnswerOf<Type>[]> => {
  const asked = new Map<Nameserver, Asked<Type>>();
  try {
    for (const budgetMs of roundsMs(dnsTimeoutMs)) {
      for (const nameserver of nameservers) {
        if (signal.aborted) return [...asked.values()].map((one) => one.report());
        const one = asked.get(nameserver) ?? new Asked(nameserver, name, type);
        asked.set(nameserver, one);
        if (await one.settles(budgetMs, paced, signal)) {
          const report = one.report();
          return [...[...asked.values()].filter((other) => other !== one).map((other) => other.report()), report];
        }
      }
    }
    return [...asked.values()].map((one) => one.report());
  } finally {
    for (const one of asked.values()) one.close();
  }
};
