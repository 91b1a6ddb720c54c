import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

const pemCertificate = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g;

/** Node passes over what it cannot read, and would then trust no one. */
const readCertificates = (ca: string): readonly string[] => {
  const certificates = ca.match(pemCertificate) ?? [];
  if (certificates.length === 0) throw new RangeError('The CA file holds no certificate; it must be PEM, with -----BEGIN CERTIFICATE-----');
  for (const certificate of certificates) new X509Certificate(certificate);
  return certificates;
};

/**
 * The TLS context for sessions: OpenSSL's own defaults, which Postal's client has too, in place of Node's narrower ones, so that a
 * handshake fails where Postal's fails. Made once: it holds the store of trusted certificates, `ca` (PEM) or else Node's own.
 *
 * Throws when `ca` is not PEM.
 */
export const createTlsContext = (ca: string | undefined): SecureContext =>
  createSecureContext({ ...(ca !== undefined && { ca: [...readCertificates(ca)] }), minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=2' });
