import { parseIpAddress } from '../endpoint/ip-address.ts';
import type { SessionFacts, Stage, StageName } from '../probe-report/report.ts';
import type { Open, Raised } from './client-error.ts';
import { type Met, meets, opensslText, replyRaised, systemText } from './client-read.ts';
import { type Encryption, verifies } from './encryption.ts';
import { capabilitiesOf, isSuccess } from './reply.ts';

/** How Postal fares on its way in over one connection. */
export type Entry =
  | { readonly kind: 'entered'; readonly security: 'tls' | 'plaintext' }
  | { readonly kind: 'failed'; readonly error: Raised }
  | Open;

const failed = (error: Raised): Entry => ({ kind: 'failed', error });

/** `10.0.4.12:25`, `[fd00::2]:25`; IPv4 inside IPv6 is written as IPv4 there. */
const peer = (ip: string, port: number): string => {
  const canonical = parseIpAddress(ip)?.text ?? ip;
  const [, high = '0', low = '0'] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? [];
  if (!canonical.startsWith('::ffff:'))
    return canonical.includes(':') ? `[${canonical}]:${port}` : `${canonical}:${port}`;
  const octets = [high, low].flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]);
  return `[::ffff:${octets.join('.')}]:${port}`;
};

/** One connection, as Postal's client goes through it. */
class WayIn {
  readonly #facts: SessionFacts;
  readonly #ip: string;
  readonly #port: number;
  readonly #portShown: string;
  readonly #encryption: Encryption;

  constructor(facts: SessionFacts, ip: string, port: number, portShown: string, encryption: Encryption) {
    this.#facts = facts;
    this.#ip = ip;
    this.#port = port;
    this.#portShown = portShown;
    this.#encryption = encryption;
  }

  go(): Entry {
    return this.#connected() ?? (this.#encryption === 'implicit' ? this.#handshaken() : undefined) ?? this.#greeted();
  }

  #stage(name: StageName, after = -1): Stage | undefined {
    return this.#facts.stages.slice(after + 1).find(({ stage }) => stage === name);
  }

  #connected(): Entry | undefined {
    const stage = this.#stage('connect');
    if (stage?.status === 'passed') return undefined;
    const ofSocket = (message: string): Entry =>
      failed({ kind: 'other', message: `${message} - connect(2) for "${this.#ip}" port ${this.#portShown}` });
    switch (stage?.reason) {
      case 'timeout':
        return failed({ kind: 'other', message: 'execution expired' });
      case 'reset':
        // The connection stood, or nothing would have been reset: Postal meets that when it first reads, or first writes.
        return failed(
          this.#encryption === 'implicit'
            ? { kind: 'broken', message: 'Connection reset by peer - SSL_connect' }
            : { kind: 'other', message: 'end of file reached' },
        );
      case 'refused':
      case 'unreachable':
        return ofSocket(systemText(stage.detail));
      default: {
        const met = meets(stage);
        return met.kind === 'open'
          ? met
          : { kind: 'open', reason: 'probe-failed', message: 'The report says too little of connect.' };
      }
    }
  }

  /** Undefined when TLS stands and Postal takes the certificate. */
  #handshaken(): Entry | undefined {
    const stage = this.#stage('tls');
    const sslConnect = (words: string): Entry =>
      failed({
        kind: 'tls',
        message: `SSL_connect returned=1 errno=0 peeraddr=${peer(this.#ip, this.#port)} state=error: ${words}`,
      });
    if (stage?.status === 'passed') {
      const { chainError, chainErrorText } = this.#facts.tls?.certificate ?? {};
      if (!verifies(this.#encryption) || chainError === undefined) return undefined;
      return sslConnect(`certificate verify failed (${chainErrorText ?? chainError})`);
    }
    switch (stage?.reason) {
      case 'closed':
        return sslConnect('unexpected eof while reading');
      case 'reset':
        return failed({ kind: 'broken', message: 'Connection reset by peer - SSL_connect' });
      case 'timeout':
        return failed({ kind: 'other', message: 'Net::OpenTimeout' });
      case 'wrong-version':
      case 'tls-handshake':
      case 'certificate':
        return sslConnect(handshakeText(stage.detail ?? ''));
      default: {
        const met = meets(stage);
        return met.kind === 'open'
          ? met
          : { kind: 'open', reason: 'probe-failed', message: 'The report says too little of tls.' };
      }
    }
  }

  #greeted(): Entry {
    const banner = meets(this.#stage('banner'));
    if (banner.kind !== 'said') return ended(banner);
    if (!isSuccess(banner.text)) return failed(replyRaised(banner.text));
    const hello = this.#hello('ehlo');
    if (!('capabilities' in hello)) return hello;
    if (this.#encryption === 'implicit') return { kind: 'entered', security: 'tls' };
    const offers = hello.capabilities.has('STARTTLS');
    if (this.#encryption === 'none' || (this.#encryption === 'opportunistic' && !offers))
      return { kind: 'entered', security: 'plaintext' };
    return offers ? this.#encrypted() : failed({ kind: 'other', message: 'STARTTLS is not supported on this server' });
  }

  #encrypted(): Entry {
    const answer = meets(this.#stage('starttls'));
    if (answer.kind !== 'said') return ended(answer);
    if (!isSuccess(answer.text)) return failed(replyRaised(answer.text));
    const failure = this.#handshaken();
    if (failure !== undefined) return failure;
    const hello = this.#hello('ehlo-tls');
    return 'capabilities' in hello ? { kind: 'entered', security: 'tls' } : hello;
  }

  /** EHLO, and after a refusal of any kind HELO. */
  #hello(name: 'ehlo' | 'ehlo-tls'): Entry | { readonly capabilities: ReadonlySet<string> } {
    const ehlo = meets(this.#stage(name));
    if (ehlo.kind !== 'said') return ended(ehlo);
    if (isSuccess(ehlo.text)) return withCapabilities(ehlo.text);
    const at = this.#facts.stages.findIndex(({ stage }) => stage === name);
    const helo = meets(this.#stage('helo', at));
    if (helo.kind !== 'said') return ended(helo);
    return isSuccess(helo.text) ? withCapabilities(helo.text) : failed(replyRaised(helo.text));
  }
}

const ended = (met: Exclude<Met, { readonly kind: 'said' }>): Entry =>
  met.kind === 'raised' ? failed(met.error) : met;

const withCapabilities = (said: string): Entry | { readonly capabilities: ReadonlySet<string> } => {
  const capabilities = capabilitiesOf(said);
  return capabilities === undefined
    ? failed({ kind: 'other', message: "undefined method 'split' for nil" })
    : { capabilities };
};

/** A server without TLS 1.2: the prober's OpenSSL offers it nothing older, Postal's does and then refuses its signature. */
const handshakeText = (reason: string): string =>
  /alert protocol version|unsupported protocol|version too low/.test(reason)
    ? 'legacy sigalg disallowed or unsupported'
    : opensslText(reason);

/**
 * How Postal fares over one connection, by what a session met there. What the session did beyond that does not count.
 *
 * | encryption | gets in when |
 * | --- | --- |
 * | none | banner and EHLO, or HELO, are answered `2…` |
 * | opportunistic | the same without STARTTLS in upper case; with it, `2…` to STARTTLS, a handshake and EHLO or HELO once more |
 * | required | the same, with STARTTLS, and the chain verifies |
 * | implicit | the handshake succeeds, the chain verifies, banner and EHLO, or HELO, are answered `2…` |
 */
export const entryOver = (
  facts: SessionFacts,
  ip: string,
  port: number,
  encryption: Encryption,
  portShown = String(port),
): Entry => new WayIn(facts, ip, port, portShown, encryption).go();
