import type { X509Certificate } from 'node:crypto';

/** OpenSSL's words for what Node names. */
const texts: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT: 'unable to get issuer certificate',
  CERT_SIGNATURE_FAILURE: 'certificate signature failure',
  CERT_NOT_YET_VALID: 'certificate is not yet valid',
  CERT_HAS_EXPIRED: 'certificate has expired',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: "format error in certificate's notBefore field",
  ERROR_IN_CERT_NOT_AFTER_FIELD: "format error in certificate's notAfter field",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in certificate chain',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unable to get local issuer certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unable to get local issuer certificate',
  CERT_CHAIN_TOO_LONG: 'certificate chain too long',
  INVALID_CA: 'invalid CA certificate',
  PATH_LENGTH_EXCEEDED: 'path length constraint exceeded',
  INVALID_PURPOSE: 'unsuitable certificate purpose',
  CERT_UNTRUSTED: 'certificate not trusted',
  CERT_REJECTED: 'certificate rejected',
};

/** OpenSSL's security level 2, Debian's: 112 bits. */
const leastBits: Readonly<Record<string, number>> = { rsa: 2048, 'rsa-pss': 2048, dsa: 2048, dh: 2048 };
const weakCurves = new Set(['prime192v1', 'secp160r1', 'secp160k1', 'secp192k1']);

const isWeak = (certificate: X509Certificate): boolean => {
  try {
    const { asymmetricKeyType = '', asymmetricKeyDetails } = certificate.publicKey;
    const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {};
    return (
      (modulusLength !== undefined && modulusLength < (leastBits[asymmetricKeyType] ?? 0)) ||
      (namedCurve !== undefined && weakCurves.has(namedCurve))
    );
  } catch {
    return false;
  }
};

const isSelfIssued = (certificate: X509Certificate): boolean => certificate.checkIssued(certificate);

/** Longer chains OpenSSL refuses too. */
const longestChain = 10;

/** The certificates that the server sent, from its own upwards. */
const sentChain = (leaf: X509Certificate): readonly X509Certificate[] => {
  const chain = [leaf];
  for (
    let next = leaf.issuerCertificate;
    next !== undefined && chain.length < longestChain;
    next = next.issuerCertificate
  ) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
};

/** Names are compared before keys: a store has some 150 certificates, and asking each whether it issued takes as long as a handshake. */
const isAnchoredIn = (certificate: X509Certificate, anchors: readonly X509Certificate[]): boolean => {
  const { subject, issuer, fingerprint256 } = certificate;
  const named = anchors.filter(({ subject: name }) => name === subject || name === issuer);
  return named.some(
    (anchor) =>
      anchor.fingerprint256 === fingerprint256 || (!isSelfIssued(certificate) && certificate.checkIssued(anchor)),
  );
};

/**
 * The first error at which OpenSSL gives up, in its words. Node goes on after an error and names the last.
 *
 * | chain | trusted issuer | error |
 * | --- | --- | --- |
 * | own key under 112 bits | any | `EE certificate key too weak` |
 * | self-signed certificate alone | no | `self-signed certificate` |
 * | ends self-signed | no | `self-signed certificate in certificate chain` |
 * | ends otherwise | no | `unable to get local issuer certificate` |
 * | a key above under 112 bits | yes | `CA certificate key too weak` |
 * | any other | yes | Node's |
 */
export const firstChainError = (
  leaf: X509Certificate,
  nodeCode: string,
  trusted: () => readonly X509Certificate[],
): string => {
  if (isWeak(leaf)) return 'EE certificate key too weak';
  const chain = sentChain(leaf);
  const top = chain.at(-1) ?? leaf;
  const anchors = trusted();
  const isAnchored = chain.some((certificate) => isAnchoredIn(certificate, anchors));
  if (!isAnchored) {
    if (!isSelfIssued(top)) return 'unable to get local issuer certificate';
    return chain.length === 1 ? 'self-signed certificate' : 'self-signed certificate in certificate chain';
  }
  if (chain.slice(1).some(isWeak)) return 'CA certificate key too weak';
  return texts[nodeCode] ?? nodeCode;
};
