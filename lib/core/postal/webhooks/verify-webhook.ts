import { type KeyObject, verify } from 'node:crypto';

/** A webhook's signatures, as its headers carry them: base64. */
export type WebhookSignatures = {
  /** `X-Postal-Signature-256`, since Postal 3.2.0. */
  readonly sha256: string | undefined;
  /** `X-Postal-Signature`: SHA-1, in every release. */
  readonly sha1: string | undefined;
};

// 16,384 bits at most, with the line breaks that Postal 2.x takes out.
const base64Shape = /^[A-Za-z0-9+/]{100,2732}={0,2}$/;

/**
 * Whether Postal signed these bytes. SHA-1 counts only where the installation is a 2.x: from 3.2.0 on Postal signs with SHA-256, and nobody should be able
 * to choose the weaker one.
 */
export const isSignedByPostal = (
  body: Uint8Array,
  { sha256, sha1 }: WebhookSignatures,
  keys: readonly KeyObject[],
  allowSha1: boolean,
): boolean => {
  const [algorithm, signature] = sha256 === undefined && allowSha1 ? ['sha1', sha1] : ['sha256', sha256];
  if (signature === undefined || !base64Shape.test(signature)) return false;
  const bytes = Buffer.from(signature, 'base64');
  return keys.some((key) => verify(algorithm, body, key, bytes));
};
