import { createSecureContext, type SecureContext } from 'node:tls';

/**
 * The TLS context for sessions: OpenSSL's own defaults, which Postal's client has too, in place of Node's narrower ones, so that a
 * handshake fails where Postal's fails. Made once: it holds the store of trusted certificates, `ca` (PEM) or else Node's own.
 *
 * Throws when `ca` is not PEM.
 */
export const createTlsContext = (ca: string | undefined): SecureContext =>
  createSecureContext({ ...(ca !== undefined && { ca }), minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=2' });
