import { Route53ServiceException } from '@aws-sdk/client-route-53';
import type { SubmitResult } from '../../app/ports/zone-store.ts';
import type { ZoneFailure } from '../../core/dns/zone-reading.ts';

const busyCodes: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'BandwidthLimitExceeded',
  'RequestThrottled',
  'SlowDown',
  'PriorRequestNotComplete',
  'ConcurrentModification',
]);

const clockSkewCodes: ReadonlySet<string> = new Set(['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture']);

/** Route 53 refuses a skewed clock before it looks at the request, and the SDK corrects the clock from that answer: sending again helps. */
const isClockSkew = (error: Route53ServiceException): boolean =>
  clockSkewCodes.has(error.name) || /^Signature (?:expired|not yet current)/.test(error.message);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const texts = (value: unknown): readonly string[] => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === 'string' && item !== '');
};

/** Several messages in one text come as `[first, second]`; each begins with one of a few phrases. */
const splitBracketed = (message: string): readonly string[] => {
  const inner = /^\[([\s\S]*)\]$/.exec(message)?.[1] ?? message;
  return inner.split(
    /, (?=(?:Tried to |RRSet |Invalid Resource Record: |Duplicate Resource Record: |The request contains |A HostedZone must ))/,
  );
};

/**
 * Every message of an InvalidChangeBatch, in any of the three forms in which it arrives; undefined for any other error.
 *
 * | body | what the SDK makes of it |
 * | --- | --- |
 * | `<ErrorResponse><Error><Code>InvalidChangeBatch</Code><Message>[a, b]` | `messages: []`, and `[a, b]` as the error's message |
 * | the same with `<messages><Message>a` | `messages: ['a']` |
 * | `<InvalidChangeBatch><Messages><Message>a` | an error named `Unknown` with `Messages` as read |
 */
const invalidChangeBatchMessages = (error: Route53ServiceException): readonly string[] | undefined => {
  const listed = 'messages' in error ? texts(error.messages) : [];
  if (listed.length > 0) return listed;
  const raw = 'Messages' in error && isRecord(error.Messages) ? texts(error.Messages['Message']) : [];
  if (raw.length > 0) return raw;
  return error.name === 'InvalidChangeBatch' ? splitBracketed(error.message) : undefined;
};

const said = (error: Error): string => `${error.name}: ${error.message}`;

/** The innermost cause says more than the outermost, for example `connect ECONNREFUSED 127.0.0.1:443`. */
const rootCause = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return rootCause(error.errors[0]);
  if (error instanceof Error) return error.cause instanceof Error ? rootCause(error.cause) : error.message;
  return String(error);
};

/** Why a call to Route 53 failed, from what the SDK threw. */
export const toZoneFailure = (error: unknown): ZoneFailure => {
  if (!(error instanceof Route53ServiceException)) {
    const isMissingCredentials = error instanceof Error && error.name === 'CredentialsProviderError';
    return isMissingCredentials
      ? { kind: 'denied', message: said(error) }
      : { kind: 'unreachable', message: rootCause(error) };
  }
  const statusCode = error.$metadata.httpStatusCode ?? 0;
  if (error.name === 'NoSuchHostedZone') return { kind: 'no-such-zone', message: error.message };
  if (busyCodes.has(error.name) || statusCode === 429 || isClockSkew(error))
    return { kind: 'busy', code: error.name, message: error.message };
  if (statusCode >= 400 && statusCode < 500 && error.name !== 'Unknown')
    return { kind: 'denied', message: said(error) };
  return { kind: 'unreachable', message: `HTTP ${statusCode}, ${said(error)}` };
};

/** Names and values are left out, for a host may be called `protected`. */
const speaksOfProtection = (message: string): boolean =>
  /(?<![\w.-])protect(?:ed|ions?)(?![\w-]|\.\w)/i.test(message.replace(/'[^']*'/g, ''));

/** What happened to a batch whose sending threw. A protection's refusal is `denied`, since the same batch meets it again. */
export const toSubmitResult = (error: unknown): SubmitResult => {
  const messages = error instanceof Route53ServiceException ? invalidChangeBatchMessages(error) : undefined;
  if (messages !== undefined) {
    return messages.some(speaksOfProtection)
      ? { kind: 'failed', failure: { kind: 'denied', message: messages.join('; ') } }
      : { kind: 'invalid', messages };
  }
  if (error instanceof Route53ServiceException && error.name === 'InvalidInput')
    return { kind: 'invalid', messages: [error.message] };
  return { kind: 'failed', failure: toZoneFailure(error) };
};
