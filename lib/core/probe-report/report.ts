import type { SslMode } from '../endpoint/definition.ts';

/** What the worker asks of the prober. Plain JSON: it is the payload of a Lambda invocation. */
export type ProbeRequest = {
  readonly requestId: string;
  readonly hostname: string;
  readonly port: number;
  readonly sslMode: SslMode;
  /** Types worth asking for. One that Route 53 is known not to have is left out, or the resolver would remember the "no". */
  readonly recordTypes: readonly ('AAAA' | 'A')[];
  /** Whole budget, milliseconds. */
  readonly deadlineMs: number;
  /** An address that is offered in RCPT TO, at the server that Postal would settle on. */
  readonly recipient?: string;
  /** What is in MAIL FROM then; empty for a bounce. Absent: an address at the profile's return-path domain. */
  readonly mailFrom?: string;
  /** Delivers one marked message to the recipient. */
  readonly deliver?: boolean;
  /** Addresses, or one name, that are probed as if the hostname led there: TLS and the verdict know the hostname all the same. Absent: where it does lead. */
  readonly targets?: readonly string[];
  /** Only asks the nameservers, and connects to nothing. */
  readonly lookUpOnly?: boolean;
  /** Waits as long as Postal would, where that fits; absent: as long as a person does. */
  readonly patience?: 'postal';
};

/** One question put to one nameserver. */
export type DnsAnswer = {
  readonly nameserver: string;
  /**
   * The name asked, where it is not the hostname itself: the hostname with the domain of Postal's machine, or a CNAME target that the nameserver
   * did not look up; Postal would not ask for that.
   */
  readonly name?: string;
  readonly type: 'A' | 'AAAA';
  readonly transport: 'udp' | 'tcp';
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, …; absent when no answer came. */
  readonly rcode?: string;
  /** `closed`: the TCP connection ended in order, without an answer. */
  readonly reason?: 'timeout' | 'unreachable' | 'malformed' | 'closed';
  /** CNAMEs and addresses in answer order. */
  readonly records: readonly {
    readonly name: string;
    readonly type: string;
    readonly ttlSeconds: number;
    readonly data: string;
  }[];
  readonly soa?: { readonly zone: string; readonly negativeTtlSeconds: number };
  readonly durationMs: number;
};

/** What DNS said. `addresses` are the hostname's own, canonical and each once, all AAAA, then all A: also where Postal would not have found them. */
export type Resolution = {
  readonly answers: readonly DnsAnswer[];
  readonly cnameChain: readonly string[];
  readonly addresses: readonly string[];
  /** What Postal tries, in its order and its way of writing; absent in reports of older probers, where `addresses` have to do. */
  readonly postalAddresses?: readonly string[];
  /** The time for the whole probe was over before every question was settled. */
  readonly isCutShort?: boolean;
};

export const stageNames = [
  'connect',
  'banner',
  'ehlo',
  'helo',
  'starttls',
  'tls',
  'session-ticket',
  'ehlo-tls',
  'mail',
  'rcpt',
  'rset',
  'data',
  'end-of-data',
  'quit',
] as const;
export type StageName = (typeof stageNames)[number];

/**
 * Closed set of reasons for which a stage fails; where two things share a reason, the stage's `detail` tells them apart.
 *
 * | reason | means |
 * | --- | --- |
 * | `timeout` | silence as long as Postal's own timeout |
 * | `slow` | silence as long as the probe's budget, which is shorter than Postal's timeout: Postal might still get an answer |
 * | `deadline` | the time for the whole probe was over |
 * | `closed` | the server ended the connection in order, `reset`: by a TCP reset |
 * | `not-smtp` | what was said in place of a banner is no SMTP reply: another protocol |
 * | `malformed-reply` | breaks RFC 5321 §4.2.1, or has a code that cannot answer that command |
 * | `wrong-version` | no TLS version in common, or what answered is not TLS |
 * | `certificate` | the server will not go on without a client certificate |
 * | `tls-handshake` | any other TLS error, also one that arrives after the handshake |
 */
export type StageFailure =
  | 'outside-policy'
  | 'refused'
  | 'timeout'
  | 'slow'
  | 'unreachable'
  | 'reset'
  | 'closed'
  | 'not-smtp'
  | 'malformed-reply'
  | 'reply-too-long'
  | 'rejected-temporarily'
  | 'rejected-permanently'
  | 'not-offered'
  | 'injected-plaintext'
  | 'tls-handshake'
  | 'wrong-version'
  | 'certificate'
  | 'deadline';

/** An SMTP reply, verbatim. */
export type SmtpReply = {
  readonly code: number;
  /** Whole lines with their codes, without line ends: `250-mail.example`, `250 STARTTLS`. */
  readonly lines: readonly string[];
  /** RFC 3463, for example `5.7.1`. */
  readonly enhancedStatus?: string;
};

/** What Postal's client reads where there is no SMTP reply in the strict sense: it takes any line, and goes on while the fourth character is a hyphen. */
export type AsRead = {
  /** Its lines, each ended by LF. */
  readonly text: string;
  /** How the wait for the rest ended; absent when Postal takes the text for a whole reply. `tls-eof`: TCP ended without TLS's own end. */
  readonly ended?: StageFailure | 'tls-eof';
};

export type Stage = {
  readonly stage: StageName;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly reason?: StageFailure;
  /** What the operating system, TLS or the server said, verbatim; untrusted text. */
  readonly detail?: string;
  readonly reply?: SmtpReply;
  /** Where `reply` and `reason` do not say what Postal's client meets. */
  readonly asRead?: AsRead;
  /** What the server had said beyond its reply when the next command was sent: Postal takes it for the reply to that command. */
  readonly unread?: string;
  readonly durationMs: number;
};

/** TLS facts, taken independently of any verdict. All text is the server's, untrusted. */
export type TlsFacts = {
  readonly protocol: string;
  readonly cipher: string;
  readonly certificate?: {
    readonly subject: string;
    readonly issuer: string;
    readonly subjectAltNames: readonly string[];
    readonly notBefore: string;
    readonly notAfter: string;
    readonly fingerprint256: string;
    readonly key: string;
    readonly selfSigned: boolean;
    /** OpenSSL's verification error against the profile's store, for example `DEPTH_ZERO_SELF_SIGNED_CERT`; absent when the chain verifies. */
    readonly chainError?: string;
    /** The first error at which a client that verifies gives up, in OpenSSL's words: `self-signed certificate`. Goes with `chainError`. */
    readonly chainErrorText?: string;
    /** Whether the certificate names the hostname probed (RFC 6125). */
    readonly nameMatches: boolean;
  };
};

/** What was met over one connection. */
export type SessionFacts = {
  readonly stages: readonly Stage[];
  /** The banner's whole lines, with their codes. */
  readonly banner?: string;
  /** EHLO keywords with parameters, verbatim, of the last EHLO answered. */
  readonly capabilities: readonly string[];
  readonly tls?: TlsFacts;
};

/**
 * A further connection to the same address.
 *
 * | purpose | when |
 * | --- | --- |
 * | `plaintext-retry` | the TLS library failed, and Postal connects again without TLS |
 * | `reconnect` | the transaction broke off, and Postal connects again once |
 */
export type FurtherSession = SessionFacts & { readonly purpose: 'plaintext-retry' | 'reconnect' };

export type AddressReport = SessionFacts & {
  readonly ip: string;
  readonly port: number;
  /** In the order in which they were made. */
  readonly further?: readonly FurtherSession[];
};

/** Facts of one probe: what it saw, not what it means. */
export type ProbeReport = {
  readonly requestId: string;
  readonly hostname: string;
  readonly port: number;
  readonly sslMode: SslMode;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The prober's own address on the way to the first target; absent when nothing was connected. */
  readonly seenFrom?: string;
  readonly resolution: Resolution;
  /** What was tried beyond the greeting, where Postal settles; absent: nothing. */
  readonly transaction?: { readonly mailFrom: string; readonly recipient: string; readonly deliver: boolean };
  /** In Postal's order. */
  readonly addresses: readonly AddressReport[];
};

/** The prober's answer when it would not, or could not, probe. */
export type ProbeFailure = {
  readonly kind: 'refused' | 'busy' | 'unavailable' | 'timeout';
  /** A sentence for a person. */
  readonly message: string;
};

export type ProbeResult =
  | { readonly ok: true; readonly report: ProbeReport }
  | { readonly ok: false; readonly failure: ProbeFailure };

/** As many probes as the prober takes at a time. */
export const largestBatch = 100;

/** Port to the prober, for many endpoints at once. */
export interface BatchProber {
  /** A result a request, in their order; 100 requests at most. Never rejects. */
  probeMany(requests: readonly ProbeRequest[], signal: AbortSignal): Promise<readonly ProbeResult[]>;
}

/** Port to the prober, which stands where Postal stands. */
export interface Prober {
  probe(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult>;
}

/** The last probe of a hostname as it is registered. */
export type Probed = { readonly at: string; readonly result: ProbeResult };
