import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';
import type { Certificates } from './certificates.ts';
import type { TlsBehaviour } from './scenario.ts';

const versions: Readonly<Record<NonNullable<TlsBehaviour['only']>, SecureVersion>> = {
  'TLS1.0': 'TLSv1',
  'TLS1.1': 'TLSv1.1',
  'TLS1.2': 'TLSv1.2',
  'TLS1.3': 'TLSv1.3',
};

/** A list without these would rule TLS 1.3 out. */
const tls13Suites = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';

/** What a scripted server shows of itself in a handshake. */
export const tlsServerContext = (
  { cert = 'public', ciphers, only, client_cert }: TlsBehaviour,
  certificates: Certificates,
): SecureContext => {
  const version = only && versions[only];
  // OpenSSL would not even load a short key at its usual level.
  const list = cert === 'weak1024' ? 'DEFAULT:@SECLEVEL=0' : ciphers;
  return createSecureContext({
    ...certificates.of[cert],
    ...(version ? { minVersion: version, maxVersion: version } : {}),
    ...(list ? { ciphers: `${tls13Suites}:${list}` } : {}),
    ...(client_cert ? { ca: certificates.privateRoot } : {}),
  });
};
