import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

const pemCertificate = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g;

/** What TLS sessions need: the context, and the certificates that it trusts, read when first asked for. */
export type TlsTrust = { readonly secureContext: SecureContext; readonly trusted: () => readonly X509Certificate[] };

/** The certificates of a PEM file. Throws a `RangeError` when there is none in it: Node passes over what it cannot read, and would then trust no one. */
export const readCertificates = (ca: string): readonly string[] => {
  const certificates = ca.match(pemCertificate) ?? [];
  if (certificates.length === 0)
    throw new RangeError('The CA file holds no certificate; it must be PEM, with -----BEGIN CERTIFICATE-----');
  for (const certificate of certificates) new X509Certificate(certificate);
  return certificates;
};

/**
 * OpenSSL 3.0's own list, as Postal's client offers it. Newer ones put a post-quantum share in front, which makes the first message longer than
 * one packet: a server or firewall that stumbles over that does not stumble over Postal.
 */
const groups = 'X25519:P-256:X448:P-521:P-384';

/**
 * The TLS context for sessions: OpenSSL's own defaults, which Postal's client has too, in place of Node's narrower ones, so that a
 * handshake fails where Postal's fails. Made once: it holds the store of trusted certificates, `ca` (each PEM, none: no one is trusted) or else Node's own.
 */
export const createTlsTrust = (ca: readonly string[] | undefined): TlsTrust => {
  let trusted: readonly X509Certificate[] | undefined;
  return {
    secureContext: createSecureContext({
      ...(ca !== undefined && { ca: [...ca] }),
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=2',
      ecdhCurve: groups,
    }),
    trusted: () => {
      trusted ??= (ca ?? rootCertificates).map((certificate) => new X509Certificate(certificate));
      return trusted;
    },
  };
};
