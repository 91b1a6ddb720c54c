import type { IncomingHttpHeaders } from 'node:http';
import type { RefusingFault } from './faults.ts';
import type { RoutedRequest } from './operations.ts';
import type { ServiceError } from './service-error.ts';

/** How far a signature's time may be from the service's. */
const signatureAgeMaximumMs = 5 * 60 * 1_000;

const credentialScope =
  /^AWS4-HMAC-SHA256 Credential=[^/,\s]+\/(\d{8})\/[a-z0-9-]+\/route53\/aws4_request, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]{64}$/;

const forbidden = (code: string, message: string): ServiceError => ({ statusCode: 403, code, messages: [message] });

const signedAtMs = (amzDate: string): number => {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  return match === null
    ? Number.NaN
    : Date.parse(amzDate.replace(match[0], `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`));
};

/**
 * Why a request has no authority, if so: no signature for Route 53, or one of another time. The signature's value is not checked: here
 * are no secrets. That one is demanded keeps web pages, which cannot set the header without asking, out of the loopback port.
 */
export const withoutAuthority = (headers: IncomingHttpHeaders, nowMs: number): ServiceError | undefined => {
  const { authorization } = headers;
  if (authorization === undefined) return forbidden('MissingAuthenticationToken', 'Missing Authentication Token');
  if (!credentialScope.test(authorization))
    return forbidden('IncompleteSignature', 'Authorization must be an AWS4-HMAC-SHA256 signature for route53');
  const amzDate = String(headers['x-amz-date'] ?? '');
  const atMs = signedAtMs(amzDate);
  if (Number.isNaN(atMs))
    return forbidden('IncompleteSignature', `X-Amz-Date must be like 20260302T140200Z. Date=${amzDate}`);
  const service = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  if (nowMs - atMs > signatureAgeMaximumMs)
    return forbidden('SignatureDoesNotMatch', `Signature expired: ${amzDate} is now earlier than ${service} - 5 min.`);
  if (atMs - nowMs > signatureAgeMaximumMs)
    return forbidden(
      'SignatureDoesNotMatch',
      `Signature not yet current: ${amzDate} is still later than ${service} + 5 min.`,
    );
  return undefined;
};

/** The error that an injected refusal answers with. */
export const faultyAnswer = (fault: RefusingFault, { operation, id }: RoutedRequest): ServiceError => {
  switch (fault.kind) {
    case 'throttle':
      return { statusCode: 400, code: 'Throttling', messages: ['Rate exceeded'] };
    case 'prior-request-not-complete':
      return {
        statusCode: 400,
        code: 'PriorRequestNotComplete',
        messages: ['The request was rejected because Route 53 was still processing a prior request.'],
      };
    case 'access-denied':
      return forbidden(
        'AccessDenied',
        `User: arn:aws:sts::000000000000:assumed-role/postal-endpoint/local is not authorized to perform: route53:${operation} on resource: arn:aws:route53:::hostedzone/${id} because no identity-based policy allows the route53:${operation} action`,
      );
    case 'server-error':
      return fault.statusCode === 500
        ? {
            statusCode: 500,
            code: 'InternalFailure',
            messages: ['We encountered an internal error. Please try again.'],
          }
        : { statusCode: 503, code: 'ServiceUnavailable', messages: ['Service is unavailable'] };
  }
};
