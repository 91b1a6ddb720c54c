import type { AddressReport, ProbeReport, SessionFacts } from '../probe-report/report.ts';
import type { ClientError } from './client-error.ts';
import { notReached } from './client-read.ts';
import { connectPortOf } from './connect-port.ts';
import { delaySecondsOf } from './delay.ts';
import { type Encryption, encryptionOf } from './encryption.ts';
import { formAccepts } from './form-accepts.ts';
import type { InconclusiveReason, Prediction } from './prediction.ts';
import type { PostalProfile } from './profile.ts';
import { putsOff } from './replies/puts-off.ts';
import type { ReplyPhase } from './replies/reply-code.ts';
import { retryHintSeconds } from './retry-hint.ts';
import { entryAt, entryOver } from './session-entry.ts';
import { acceptedBy, errorAt, internalError, noServers, permanentErrorAt, temporaryErrorAt } from './strings.ts';
import { reconnectsAfter, type Transacted, transactionOver } from './transaction.ts';

/** An endpoint as it stands, or would stand, in Postal, and the Postal that it is in. */
export type PostalEndpoint = {
  readonly hostname: string;
  /** As typed; `null`: blank. */
  readonly port: number | string | null;
  readonly sslMode: string;
  readonly profile: PostalProfile;
  /** Whether the probe came from another address than Postal's mail does: a server that puts a stranger off says nothing of what it does to Postal. */
  readonly seenFromElsewhere?: boolean;
};

/** Postal's way from the first address to where it settles or gives up. */
type Way = {
  readonly attempted: readonly string[];
  /** What it would show, each once. */
  readonly errors: readonly string[];
  readonly end:
    | {
        readonly kind: 'entered';
        readonly ip: string;
        readonly address: AddressReport;
        readonly security: 'tls' | 'plaintext';
        /** Over which it got in. */
        readonly session: SessionFacts;
      }
    | { readonly kind: 'exhausted' }
    | { readonly kind: 'open'; readonly reason: InconclusiveReason; readonly message: string };
};

/** The report of the n-th time that Postal tries an address; a probe that surveys makes one connection for all. */
const reportOf = (report: ProbeReport, ip: string, time: number): AddressReport | undefined => {
  const reports = report.addresses.filter((address) => address.ip === ip);
  return reports[time] ?? reports.at(-1);
};

const putOff = (error: ClientError, phase: ReplyPhase, { seenFromElsewhere = false }: PostalEndpoint): boolean =>
  seenFromElsewhere && error.kind === 'reply' && putsOff(error.message, phase);

/** What Postal's socket says of a port that is not valid. */
const noPort = (port: number | string | null): string | undefined => {
  if (connectPortOf(port) !== undefined) return undefined;
  return typeof port === 'number' && !Number.isInteger(port)
    ? 'no implicit conversion of Float into String'
    : 'getaddrinfo(3): Servname not supported for ai_socktype';
};

const walk = (report: ProbeReport, endpoint: PostalEndpoint, encryption: Encryption): Way => {
  const attempted: string[] = [];
  const errors: string[] = [];
  const portShown = String(endpoint.port ?? report.port);
  const addresses = report.resolution.postalAddresses ?? report.resolution.addresses;
  const portProblem = noPort(endpoint.port);
  for (const [index, ip] of addresses.entries()) {
    attempted.push(ip);
    if (portProblem !== undefined) {
      if (!errors.includes(portProblem)) errors.push(portProblem);
      continue;
    }
    const address = reportOf(report, ip, addresses.slice(0, index).filter((earlier) => earlier === ip).length);
    if (address === undefined) return { attempted, errors, end: notReached('connect') };
    const { entry, session } = entryAt(address, { ip, port: report.port, portShown, encryption });
    if (session !== address) attempted.push(ip);
    if (entry.kind === 'open') return { attempted, errors, end: entry };
    if (entry.kind === 'entered')
      return { attempted, errors, end: { kind: 'entered', ip, address, security: entry.security, session } };
    if (putOff(entry.error, 'connecting', endpoint)) {
      const message = `The server put this prober off: ${entry.error.message.trim()}. It may treat Postal otherwise.`;
      return { attempted, errors, end: { kind: 'open', reason: 'put-off', message } };
    }
    if (!errors.includes(entry.error.message)) errors.push(entry.error.message);
  }
  return { attempted, errors, end: { kind: 'exhausted' } };
};

/** The transaction, and the one after it where Postal connects once more: what goes wrong on the way in again counts as going wrong in it. */
const transactAt = (
  { ip, address, session }: Way['end'] & { readonly kind: 'entered' },
  report: ProbeReport,
  encryption: Encryption,
  portShown: string,
): { readonly transacted: Transacted; readonly security?: 'tls' | 'plaintext'; readonly reconnects: boolean } => {
  const transacted = transactionOver(session);
  if (!reconnectsAfter(transacted)) return { transacted, reconnects: false };
  const again = address.further?.find(({ purpose }) => purpose === 'reconnect');
  if (again === undefined) return { transacted: notReached('connect'), reconnects: true };
  const entry = entryOver(again, { ip, port: report.port, portShown, encryption });
  if (entry.kind !== 'entered') return { transacted: entry, reconnects: true };
  return { transacted: transactionOver(again), security: entry.security, reconnects: true };
};

type Outcome = Pick<
  Prediction,
  | 'class'
  | 'result'
  | 'acceptedByIp'
  | 'wireSecurity'
  | 'bouncesToSender'
  | 'willRetry'
  | 'retryAfterSeconds'
  | 'details'
  | 'output'
> &
  Pick<Prediction, 'inconclusive'>;

const softFail = {
  result: 'SoftFail',
  acceptedByIp: null,
  wireSecurity: null,
  bouncesToSender: false,
  willRetry: true,
  retryAfterSeconds: null,
} as const;

const inconclusive = (reason: InconclusiveReason, message: string): Outcome => ({
  ...softFail,
  class: 'inconclusive',
  result: null,
  willRetry: false,
  details: '',
  output: '',
  inconclusive: { reason, message },
});

/**
 * What happens to a message whose transaction fails.
 *
 * | raised | class | result |
 * | --- | --- | --- |
 * | reply `4…`, `50…`, `53…`, or none of SMTP; any refusal of DATA | softfail_smtp | SoftFail, with the server's hint |
 * | silence | softfail_smtp | SoftFail |
 * | any other `5…` | hardfail | HardFail, a bounce unless the message is one itself |
 * | all else | softfail_error | SoftFail |
 */
const failure = (error: ClientError, where: string, isBounce: boolean): Outcome => {
  if (error.kind === 'reply' && error.error === 'fatal') {
    return {
      ...softFail,
      class: 'hardfail',
      result: 'HardFail',
      willRetry: false,
      bouncesToSender: !isBounce,
      details: permanentErrorAt(where),
      output: error.message,
    };
  }
  if (error.kind === 'reply' || error.kind === 'read-timeout') {
    const retryAfterSeconds = retryHintSeconds(error.message);
    return {
      ...softFail,
      class: 'softfail_smtp',
      retryAfterSeconds,
      details: temporaryErrorAt(where),
      output: error.message,
    };
  }
  return { ...softFail, class: 'softfail_error', details: errorAt(where), output: error.message };
};

const untried = { recipient: 'recipient-not-tried', message: 'message-not-delivered' } as const;
const untriedText = {
  recipient: 'No recipient was tried.',
  message: 'The recipient is accepted; no message was delivered.',
} as const;

const outcomeOf = (
  transacted: Transacted,
  security: 'tls' | 'plaintext',
  ip: string,
  where: string,
  report: ProbeReport,
  endpoint: PostalEndpoint,
): Outcome => {
  const { recipient = '', mailFrom } = report.transaction ?? {};
  switch (transacted.kind) {
    case 'sent':
      return {
        ...softFail,
        class: security === 'tls' ? 'sent_tls' : 'sent_plaintext',
        result: 'Sent',
        acceptedByIp: ip,
        wireSecurity: security,
        willRetry: false,
        details: acceptedBy(recipient, where),
        output: transacted.said,
      };
    case 'failed':
      return putOff(transacted.error, 'transaction', endpoint)
        ? inconclusive(
            'put-off',
            `The server put this prober off: ${transacted.error.message.trim()}. It may treat Postal otherwise.`,
          )
        : failure(transacted.error, where, mailFrom === '');
    case 'untried':
      return inconclusive(untried[transacted.next], untriedText[transacted.next]);
    case 'open':
      return inconclusive(transacted.reason, transacted.message);
  }
};

/** Postal breaks down before it has looked anything up, or over what the nameserver does; the text is its own. */
const breakdownOf = (report: ProbeReport, { dnsTimeoutSeconds, nameservers }: PostalProfile): string | undefined => {
  if (nameservers.length === 0)
    return 'DNSResolver::LocalResolversUnavailableError: Could not find nameservers in /etc/resolv.conf';
  if (Math.trunc(Math.trunc(dnsTimeoutSeconds) / 2) === 0) return 'ArgumentError: timeout=0 must be positive';
  return report.resolution.answers.some(({ reason }) => reason === 'closed')
    ? "NoMethodError: undefined method 'unpack' for nil"
    : undefined;
};

const domainOf = (recipient: string | undefined): string =>
  recipient?.slice(recipient.lastIndexOf('@') + 1) ?? '<domain of the recipient>';

/**
 * What Postal will do with a message for this endpoint, by what a probe saw; pure.
 *
 * | what it comes to | class | result |
 * | --- | --- | --- |
 * | Postal's resolver breaks down | internal_error | Error, retried |
 * | no address | no_hosts | SoftFail |
 * | no way in at any address | connect_fail | SoftFail |
 * | in, and the transaction fails | softfail_smtp, softfail_error, hardfail | see `failure` |
 * | in, and the message is accepted | sent_tls, sent_plaintext | Sent |
 * | anything that decides was not observed | inconclusive | none |
 */
export const predict = (report: ProbeReport, endpoint: PostalEndpoint): Prediction => {
  const { hostname, port, sslMode, profile } = endpoint;
  const encryption = encryptionOf(sslMode, profile);
  const hostnameCanBeSaved = formAccepts(hostname, port, sslMode);
  const breakdown = breakdownOf(report, profile);
  if (breakdown !== undefined) {
    const outcome = {
      ...softFail,
      class: 'internal_error',
      result: 'Error',
      details: internalError,
      output: breakdown,
    } as const;
    return { ...outcome, resolvedIpsInOrder: [], attemptedIpsInOrder: [], hostnameCanBeSaved, stallSeconds: 0 };
  }
  const resolvedIpsInOrder = report.resolution.postalAddresses ?? report.resolution.addresses;
  const base = { resolvedIpsInOrder, hostnameCanBeSaved };
  const domain = domainOf(report.transaction?.recipient);
  if (report.resolution.isCutShort === true) {
    const outcome = inconclusive(
      'probe-failed',
      'The time for the whole probe was over before the name was looked up.',
    );
    return { ...outcome, ...base, attemptedIpsInOrder: [], stallSeconds: delaySecondsOf(report, [], profile) };
  }
  if (resolvedIpsInOrder.length === 0) {
    const outcome: Outcome = { ...softFail, class: 'no_hosts', details: noServers(domain, undefined), output: '' };
    return { ...outcome, ...base, attemptedIpsInOrder: [], stallSeconds: delaySecondsOf(report, [], profile) };
  }
  const { attempted, errors, end } = walk(report, endpoint, encryption);
  if (end.kind !== 'entered') {
    const outcome: Outcome =
      end.kind === 'open'
        ? inconclusive(end.reason, end.message)
        : { ...softFail, class: 'connect_fail', details: noServers(domain, hostname), output: errors.join(', ') };
    return {
      ...outcome,
      ...base,
      attemptedIpsInOrder: attempted,
      stallSeconds: delaySecondsOf(report, attempted, profile),
    };
  }
  const portShown = String(port ?? report.port);
  const where = `${end.ip}:${portShown} (${hostname})`;
  const { transacted, security = end.security, reconnects } = transactAt(end, report, encryption, portShown);
  return {
    ...outcomeOf(transacted, security, end.ip, where, report, endpoint),
    ...base,
    attemptedIpsInOrder: reconnects ? [...attempted, end.ip] : attempted,
    entry: { ip: end.ip, security: end.security },
    stallSeconds: delaySecondsOf(report, attempted.slice(0, attempted.indexOf(end.ip)), profile),
  };
};
