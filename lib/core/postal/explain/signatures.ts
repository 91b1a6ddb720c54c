import { foreignGreetings } from '../replies/foreign-protocol.ts';
import { ownSentences } from './own-sentences.ts';
import type { FaultCode, NoteCode, OutcomeCode } from './signature-code.ts';

/** One way in which a text says something. */
export type Signature = {
  readonly kind: 'outcome' | 'note' | 'fault';
  readonly code: OutcomeCode | NoteCode | FaultCode | 'reply-wrong-protocol';
  /** Written with spaces for people; matched without any, against text without any. Every repetition is bounded, so that matching is linear. */
  readonly pattern: RegExp;
  /** What stands where the pattern ends. */
  readonly then?: 'port' | 'names';
};

const squeezedPattern = (source: string): RegExp => new RegExp(source.replaceAll(' ', ''), 'gi');

// `10.0.4.12:25 (gitlab.mail.corp.internal)`; a port may be a service's name.
const endpoint = String.raw`(?<ip>[0-9a-f:.]{2,45}):(?:(?<port>\d{1,6})|[a-z]{1,12}) \( (?<host>[^()]{0,255}) \)`;
// 2.x: `gitlab.mail.corp.internal (10.0.4.12)`.
const oldEndpoint = String.raw`(?<host>[a-z0-9._-]{1,255}) \( (?<ip>[0-9a-f:.]{2,45}) \)`;
/** A phrase, or as much of it as a text that was cut off there still has, from `least` characters on. */
const cut = (phrase: string, least: number): string => {
  const letters = phrase.replaceAll(' ', '');
  const rest = [...letters.slice(least)].reduceRight((tail, letter) => `(?:${letter}${tail}|$)`, '');
  return letters.slice(0, least) + rest;
};
const to = `(?: ${endpoint})?`;
const oldTo = ` ${oldEndpoint}`;
const dialled = String.raw`(?: - connect\(2\) (?: for "?(?<ip>[^"]{2,45}?)"? port)?)?`;
const tls = String.raw`(?:OpenSSL::SSL::SSLError:?)? (?:SSL_connect returned=\d errno=\d{1,4} (?:peeraddr=\[?(?<ip>[0-9a-f:.]{2,45}?)\]?:(?<port>\d{1,5}))? state=[\w/]{1,80}?:)?`;
const tlsNeeded = tls.slice(0, -1);
const verify = String.raw`${tls} (?:certificate verify failed \()?`;
const noServers = '(?:No )?(?:SMTP )?servers were available for';
const domain = (until: string, never: string): string =>
  String.raw`(?<domain>(?:(?!\.${never})[^"'<>]){1,255}?)\.${until}`;

const outcome = (code: OutcomeCode, source: string, then?: 'names'): Signature => ({
  kind: 'outcome',
  code,
  pattern: squeezedPattern(source),
  ...(then === undefined ? {} : { then }),
});
const note = (code: NoteCode, source: string): Signature => ({ kind: 'note', code, pattern: squeezedPattern(source) });
const fault = (code: FaultCode | 'reply-wrong-protocol', source: string, then?: 'port'): Signature => ({
  kind: 'fault',
  code,
  pattern: squeezedPattern(source),
  ...(then === undefined ? {} : { then }),
});

/** Everything that can be recognised but replies, the most specific first: what one has taken, no later one takes again. */
export const signatures: readonly Signature[] = [
  outcome('no-hosts', `${noServers} ${domain('No hosts (?:to try)?', 'Tried')}`),
  outcome('no-hosts', 'No hosts to try'),
  outcome('none-connected', `${noServers} ${domain('Tried', 'Nohosts')}`, 'names'),
  // Right behind a reply's codes, a server says it of a name of its own choice.
  outcome(
    'no-hosts',
    String.raw`(?<!(?<![\d.])[45]\d\d-?(?:[45]\.\d{1,3}\.\d{1,3})?)Could not resolve (?<host>[a-z0-9._-]{1,255})`,
  ),
  outcome('no-server', 'No SMTP servers? available for|没有可用的 SMTP 服务器'),
  outcome('no-server', `SMTP servers were available|${cut('No SMTP servers were available', 12)}`),
  outcome('cannot-connect', String.raw`Cannot connect to ${endpoint} (?: \( (?:Net::SMTP[a-z]{1,30}:)?)?`),
  outcome('plaintext-retry', String.raw`SSL error \( (?=.{1,400}? retrying without)`),
  note('without-tls', 'retrying without SSL'),
  outcome('accepted', `Message for (?:<?[^@()"]{1,64}@ (?<domain>[^"<>()]{1,255}?)>?) accepted by ${oldTo}`),
  outcome('accepted', `Message for (?:<?[^@()"]{1,64}@ (?<domain>[^"<>()]{1,255}?)>?) accepted by ${to}`),
  outcome('accepted', `accepted by ${endpoint}`),
  outcome('accepted-cut', `Message for <?[^@()"]{1,64}@[^"<>()]{1,255}$`),
  outcome('connected', `Connected to ${endpoint}`),
  outcome('temporary', `Temporary SMTP delivery error when sending to ${oldTo}`),
  outcome('permanent', `Permanent SMTP delivery error when sending to ${oldTo}`),
  outcome('send-error', `error occurred while sending the message to ${oldTo}`),
  outcome('temporary', `${cut('Temporary SMTP delivery error when sending to', 13)} ${to}`),
  outcome('permanent', `${cut('Permanent SMTP delivery error when sending to', 13)} ${to}`),
  outcome('delivery-error', `SMTP delivery error when sending to ${to}`),
  outcome(
    'internal-error',
    `${cut('internal error occurred while sending this message', 18)} (?:\\. This message will be retried automatically)?`,
  ),
  outcome('internal-error', '(?<![.\\d]|temporary )internal error: (?=[A-Z][a-z])'),
  outcome('send-error', `${cut('error occurred while sending the message', 18)} (?:to ${to})?`),
  outcome('temporary', 'Net::SMTP(?:ServerBusy|AuthenticationError|SyntaxError|UnknownError):?'),
  outcome('permanent', 'Net::SMTPFatalError:?'),
  ...ownSentences.map(({ code, says }) => outcome(code, says.join('|'))),
  note(
    'bounce-sent',
    'Sent bounce message to sender|Bounce sent to sender|sending a bounce because message hard failed|bounce sent with id',
  ),
  note(
    'suppression-changed',
    '(?:Recipient )?(?:added|removed) (?:[^ ]{1,255}?)? (?:to|from) (?:the )?suppression list (?: because)?',
  ),
  note('retry-later', 'message requeued for trying later|message will be retried automatically'),

  fault(
    'no-nameservers',
    '(?:DNSResolver::LocalResolv[a-z]{0,20}:?)?(?:Could not find nameservers in|No resolver config found at)',
  ),
  fault('no-nameservers', 'DNSResolver::LocalResolv[a-z]{0,20}'),
  fault('dns-timeout-setting', '(?:ArgumentError:)?timeout=-?\\d{1,5} must be positive|ArgumentError: timeout='),
  fault(
    'dns-error',
    '(?:Resolv::Resolv(?:Error|Timeout):?)?DNS result has no information for|Resolv::Resolv(?:Error|Timeout)',
  ),
  fault(
    'name-lookup',
    '(?:SocketError:?)?(?:getaddrinfo(?:\\(3\\))?:?)?(?:Name or service not known|Temporary failure in name resolution)|SocketError|getaddrinfo:',
  ),
  fault('data-refused', String.raw`could not get 3xx (?: \( (?:\d{3}:)? )?`),
  fault('starttls-unsupported', '(?:Net::SMTPUnsupportedCommand:?)?STARTTLS is not supported (?:on this server)?'),
  fault('refused', `(?:Errno::ECONNREFUSED:?)?Connection refused ${dialled}`, 'port'),
  fault('refused', 'ECONNREFUSED'),
  fault('connect-timeout', '(?:Net::OpenTimeout:?)?execution expired'),
  fault('connect-timeout', `(?:Errno::ETIMEDOUT:?)?(?:Connection|Operation) timed out ${dialled}`, 'port'),
  fault('connect-timeout', 'ETIMEDOUT'),
  fault(
    'unreachable',
    `(?:Errno::E(?:HOST|NET)UNREACH:?|Errno::EADDRNOTAVAIL:?)?(?:No route to host|(?:Host|Network) is unreachable|Cannot assign requested address) ${dialled}`,
    'port',
  ),
  fault('unreachable', 'EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL'),
  fault('connect-failed', '- connect\\(2\\) for "?(?<ip>[^"]{2,45}?)"? port', 'port'),
  fault('reply-wrong-protocol', foreignGreetings),
  fault('reset-in-tls', '(?:Errno::ECONNRESET:?)?Connection reset by peer - SSL_connect'),
  fault('reset', '(?:Errno::ECONNRESET:?)?Connection reset by peer|ECONNRESET'),
  fault('broken-pipe', '(?:Errno::EPIPE:?)?Broken pipe|Errno::EPIPE'),
  fault('closed', '(?:EOFError:?)?end of file reached|EOFError'),
  fault(
    'read-timeout-in-tls',
    '(?:Net::ReadTimeout:?)?Net::ReadTimeout with #?<?OpenSSL (?:::SSL::SSLSocket (?::?\\(closed\\))?>?)?',
  ),
  fault(
    'read-timeout',
    '(?:Net::ReadTimeout:?)?Net::(?:Read|Write)Timeout (?:with #?<?TCPSocket (?::?\\(closed\\))?>?)?',
  ),
  fault('tls-timeout', '(?:Net::OpenTimeout:)?Net::OpenTimeout'),

  fault('tls-client-certificate', `(?:SSL_read:)?${tls} [a-z0-9/]{0,12}alert (?:certificate required|bad certificate)`),
  fault(
    'tls-broken-off',
    '(?:OpenSSL::SSL::SSLError:?)?SSL_(?:read|write)(?:_nonblock)?(?:: unexpected eof while reading)?',
  ),
  fault('certificate-expired', `${verify} certificate has expired`),
  fault('certificate-not-yet-valid', `${verify} certificate is not yet valid`),
  fault('certificate-private-ca', `${verify} self[- ]?signed certificate in certificate chain`),
  fault('certificate-self-signed', `${verify} self[- ]?signed certificate`),
  fault(
    'certificate-no-issuer',
    `${verify} unable to (?:get (?:local )?issuer certificate|verify the first certificate)`,
  ),
  fault('certificate-weak', `${verify} (?:EE|CA) (?:certificate )?(?:key|md) too weak`),
  fault('certificate-name', `${verify} (?:hostname mismatch|hostname "[^"]{1,255}" does not match)`),
  fault('certificate-unverified', `${tls} certificate verify failed`),
  fault('not-tls', `${tls} (?:wrong version number|packet length too long|unknown protocol)`),
  fault('not-tls', `${tlsNeeded} (?:http request|record layer failure)`),
  fault(
    'tls-version',
    `${tls} (?:legacy sigalg disallowed or unsupported|unsupported protocol|(?:tlsv1)?alert protocol version|no protocols available|version too low|dh key too small|no shared cipher)`,
  ),
  fault('tls-closed', `${tlsNeeded} unexpected eof while reading`),
  fault('tls-closed', '(?:OpenSSL::SSL::SSLError:?)?SSL_connect SYSCALL returned=\\d'),
  fault('tls-handshake', `${tlsNeeded}|SSL_connect|OpenSSL::SSL::SSLError`),
];
