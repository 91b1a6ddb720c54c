import type { KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsFacts } from '../../core/probe-report/report.ts';
import { firstChainError } from './chain-error.ts';
import { excerpt } from './excerpt.ts';

/** More names than anyone reads; a report says how many were left out. */
const maximumNames = 100;

const keyOf = (certificate: X509Certificate): string => {
  let key: KeyObject;
  try {
    key = certificate.publicKey;
  } catch {
    return 'of a kind that OpenSSL does not know';
  }
  const size = key.asymmetricKeyDetails?.modulusLength ?? key.asymmetricKeyDetails?.namedCurve;
  return [key.asymmetricKeyType?.toUpperCase() ?? 'unknown', ...(size === undefined ? [] : [size])].join(' ');
};

/** `DNS:a.example, IP Address:10.0.0.1`; values with odd characters come quoted as JSON. */
const namesOf = (subjectAltName: string | undefined): readonly string[] => {
  const entries = subjectAltName?.match(/(?:[^",]|"(?:\\.|[^"\\])*")+/g) ?? [];
  const names = entries.map((entry) => excerpt(entry.trim().replace(/^(?:DNS|IP Address):/, '')));
  return names.length <= maximumNames
    ? names
    : [...names.slice(0, maximumNames), `… (${names.length - maximumNames} names more)`];
};

const oneLine = (distinguishedName: string): string => excerpt(distinguishedName.trim().split('\n').join(', '));

/** OpenSSL's text, `Nov  2 14:17:34 2026 GMT`: Node.js 20, where the shell's bundle runs too, gives no dates. */
const isoDate = (text: string): string => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
};

/** RFC 6125: the SANs count, and the common name only where no SAN is a DNS name. Natively: a legacy object takes longer than all other facts. */
const nameMatches = (hostname: string, certificate: X509Certificate): boolean => {
  const name = hostname.replace(/\.$/, '');
  return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
};

const certificateFacts = (
  certificate: X509Certificate,
  hostname: string,
  chainError: string | undefined,
  trusted: () => readonly X509Certificate[],
): NonNullable<TlsFacts['certificate']> => ({
  subject: oneLine(certificate.subject),
  issuer: oneLine(certificate.issuer),
  subjectAltNames: namesOf(certificate.subjectAltName),
  notBefore: isoDate(certificate.validFrom),
  notAfter: isoDate(certificate.validTo),
  fingerprint256: certificate.fingerprint256,
  key: keyOf(certificate),
  selfSigned: certificate.checkIssued(certificate),
  ...(chainError !== undefined && { chainError, chainErrorText: firstChainError(certificate, chainError, trusted) }),
  nameMatches: nameMatches(hostname, certificate),
});

const chainErrorOf = (socket: TLSSocket): string | undefined => {
  const error: unknown = socket.authorizationError;
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message;
  return typeof error === 'string' ? error : undefined;
};

/** Facts of a connection whose handshake is over; `trusted` are the certificates of its store. It must have been made without a name check of its own, so that `authorizationError` is the chain's. */
export const tlsFacts = (socket: TLSSocket, hostname: string, trusted: () => readonly X509Certificate[]): TlsFacts => {
  const certificate = socket.getPeerX509Certificate();
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    ...(certificate && { certificate: certificateFacts(certificate, hostname, chainErrorOf(socket), trusted) }),
  };
};
