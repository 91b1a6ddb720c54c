import { parseIpAddress } from '../endpoint/ip-address.ts';
import type { AddressReport, SessionFacts, Stage, StageName } from '../probe-report/report.ts';
import type { ClientError, Open } from './client-error.ts';
import { type ClientRead, clientReads, notReached, opensslText, replyErrorRaised, systemText } from './client-read.ts';
import { type Encryption, verifies } from './encryption.ts';
import { capabilitiesOf, isSuccess } from './reply.ts';

/** How Postal fares on its way in over one connection. */
export type Entry =
  | { readonly kind: 'entered'; readonly security: 'tls' | 'plaintext' }
  | { readonly kind: 'failed'; readonly error: ClientError }
  | Open;

const failed = (error: ClientError): Entry => ({ kind: 'failed', error });

/** `10.0.4.12:25`, `[fd00::2]:25`; IPv4 inside IPv6 is written as IPv4 there. */
const peer = (ip: string, port: number): string => {
  const canonical = parseIpAddress(ip)?.text ?? ip;
  const [, high = '0', low = '0'] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? [];
  if (!canonical.startsWith('::ffff:'))
    return canonical.includes(':') ? `[${canonical}]:${port}` : `${canonical}:${port}`;
  const octets = [high, low].flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]);
  return `[::ffff:${octets.join('.')}]:${port}`;
};

/** A connection, and what Postal's client does about TLS over it. */
export type Way = {
  readonly ip: string;
  readonly port: number;
  /** As the endpoint has it; absent: the number. */
  readonly portShown?: string;
  readonly encryption: Encryption;
  /** Looks past what stops Postal but not a client that only looks: a certificate that does not verify, STARTTLS in lower case. */
  readonly isSurvey?: boolean;
};

/** One connection, as Postal's client goes through it. */
class WayIn {
  readonly #facts: Pick<SessionFacts, 'stages' | 'tls'>;
  readonly #way: Way;

  constructor(facts: Pick<SessionFacts, 'stages' | 'tls'>, way: Way) {
    this.#facts = facts;
    this.#way = way;
  }

  go(): Entry {
    return (
      this.#connected() ?? (this.#way.encryption === 'implicit' ? this.#handshaken() : undefined) ?? this.#greeted()
    );
  }

  #stage(name: StageName, after = -1): Stage | undefined {
    return this.#facts.stages.slice(after + 1).find(({ stage, status }) => stage === name && status !== 'skipped');
  }

  #read(name: StageName, after = -1): ClientRead {
    const stage = this.#stage(name, after);
    return stage === undefined ? notReached(name) : clientReads(stage);
  }

  #connected(): Entry | undefined {
    const { ip, port, portShown = String(port), encryption } = this.#way;
    const stage = this.#stage('connect');
    if (stage?.status === 'passed') return undefined;
    switch (stage?.reason) {
      case 'timeout':
        return failed({ kind: 'other', message: 'execution expired' });
      case 'reset':
        // The connection was established, or nothing would have been reset: Postal meets that when it first reads, or first writes.
        return failed(
          encryption === 'implicit'
            ? { kind: 'broken', message: 'Connection reset by peer - SSL_connect' }
            : { kind: 'other', message: 'end of file reached' },
        );
      case 'refused':
      case 'unreachable': {
        const message = `${systemText(stage.detail)} - connect(2) for "${ip}" port ${portShown}`;
        return failed({ kind: 'other', message });
      }
      default:
        return this.#untold('connect', stage);
    }
  }

  /** Undefined when TLS is established and Postal takes the certificate. */
  #handshaken(): Entry | undefined {
    const { ip, port, encryption, isSurvey = false } = this.#way;
    const stage = this.#stage('tls');
    const sslConnect = (words: string): Entry =>
      failed({
        kind: 'tls',
        message: `SSL_connect returned=1 errno=0 peeraddr=${peer(ip, port)} state=error: ${words}`,
      });
    if (stage?.status === 'passed') {
      const { chainError, chainErrorText } = this.#facts.tls?.certificate ?? {};
      if (isSurvey || !verifies(encryption) || chainError === undefined) return undefined;
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
      default:
        return this.#untold('tls', stage);
    }
  }

  #untold(name: StageName, stage: Stage | undefined): Open {
    const met = stage === undefined ? notReached(name) : clientReads(stage);
    return met.kind === 'open'
      ? met
      : { kind: 'open', reason: 'probe-failed', message: `The report says too little of ${name}.` };
  }

  #greeted(): Entry {
    const { encryption, isSurvey = false } = this.#way;
    const banner = this.#read('banner');
    if (banner.kind !== 'said') return ended(banner);
    if (!isSuccess(banner.text)) return failed(replyErrorRaised(banner.text));
    const hello = this.#hello('ehlo');
    if (!('capabilities' in hello)) return hello;
    if (encryption === 'implicit') return { kind: 'entered', security: 'tls' };
    const offered = [...hello.capabilities].map((keyword) => (isSurvey ? keyword.toUpperCase() : keyword));
    const offers = offered.includes('STARTTLS');
    if (encryption === 'none' || (encryption === 'opportunistic' && !offers))
      return { kind: 'entered', security: 'plaintext' };
    return offers ? this.#encrypted() : failed({ kind: 'other', message: 'STARTTLS is not supported on this server' });
  }

  #encrypted(): Entry {
    const answer = this.#read('starttls');
    if (answer.kind !== 'said') return ended(answer);
    if (!isSuccess(answer.text)) return failed(replyErrorRaised(answer.text));
    const failure = this.#handshaken();
    if (failure !== undefined) return failure;
    const hello = this.#hello('ehlo-tls');
    return 'capabilities' in hello ? { kind: 'entered', security: 'tls' } : hello;
  }

  /** EHLO, and after a refusal of any kind HELO. */
  #hello(name: 'ehlo' | 'ehlo-tls'): Entry | { readonly capabilities: ReadonlySet<string> } {
    const ehlo = this.#read(name);
    if (ehlo.kind !== 'said') return ended(ehlo);
    if (isSuccess(ehlo.text)) return withCapabilities(ehlo.text);
    const at = this.#facts.stages.findIndex(({ stage }) => stage === name);
    const helo = this.#read('helo', at);
    if (helo.kind !== 'said') return ended(helo);
    return isSuccess(helo.text) ? withCapabilities(helo.text) : failed(replyErrorRaised(helo.text));
  }
}

const ended = (met: Exclude<ClientRead, { readonly kind: 'said' }>): Entry =>
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
 * How Postal fares over one connection, by what a session met there: the one place where that is decided. What the session did beyond that does not
 * count. Of a session that is still under way it says in `next` which stage Postal's client would come to.
 *
 * | encryption | gets in when |
 * | --- | --- |
 * | none | banner and EHLO, or HELO, are answered `2…` |
 * | opportunistic | the same without STARTTLS in upper case; with it, `2…` to STARTTLS, a handshake and EHLO or HELO once more |
 * | required | the same, with STARTTLS, and the chain verifies |
 * | implicit | the handshake succeeds, the chain verifies, banner and EHLO, or HELO, are answered `2…` |
 */
export const entryOver = (facts: Pick<SessionFacts, 'stages' | 'tls'>, way: Way): Entry => new WayIn(facts, way).go();

/** Whether Postal, turned away like this, connects to the same address once more, without TLS: mode Auto after an error of OpenSSL. */
export const retriesInPlaintext = (entry: Entry, encryption: Encryption): boolean =>
  encryption === 'opportunistic' && entry.kind === 'failed' && entry.error.kind === 'tls';

/** How Postal fares at one address, the plaintext retry included. */
export const entryAt = (
  address: AddressReport,
  way: Way,
): { readonly entry: Entry; readonly session: SessionFacts } => {
  const first = entryOver(address, way);
  if (!retriesInPlaintext(first, way.encryption)) return { entry: first, session: address };
  const retry = address.further?.find(({ purpose }) => purpose === 'plaintext-retry');
  return retry === undefined
    ? { entry: notReached('connect'), session: address }
    : { entry: entryOver(retry, { ...way, encryption: 'none' }), session: retry };
};
