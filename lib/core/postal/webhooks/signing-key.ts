import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

const publicKeyPem = /^-----BEGIN (?:RSA )?PUBLIC KEY-----[\s\S]+-----END (?:RSA )?PUBLIC KEY-----$/;
const dkimKey = /(?:^|;)\s*p\s*=\s*([A-Za-z0-9+/=\s]+?)\s*(?:;|$)/;

const rsa = (make: () => KeyObject): KeyObject | undefined => {
  try {
    const key = make();
    return key.type === 'public' && key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
};

const fromDer = (base64: string): KeyObject | undefined =>
  rsa(() => createPublicKey({ key: Buffer.from(base64.replaceAll(/\s/g, ''), 'base64'), format: 'der', type: 'spki' }));

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Only the two numbers of a public key are taken: a private key in the file would not be used. */
const fromJwk = (value: unknown): KeyObject | undefined => {
  if (!isRecord(value) || value['kty'] !== 'RSA') return undefined;
  const { n, e } = value;
  if (typeof n !== 'string' || typeof e !== 'string') return undefined;
  const jwk: JsonWebKey = { kty: 'RSA', n, e };
  return rsa(() => createPublicKey({ key: jwk, format: 'jwk' }));
};

const fromJwks = (text: string): readonly KeyObject[] => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return [];
  }
  const keys = isRecord(document) && Array.isArray(document['keys']) ? document['keys'] : [document];
  return keys.flatMap((key) => fromJwk(key) ?? []);
};

/**
 * The RSA keys in a text: a public key in PEM, a JWK set as Postal serves it at `/.well-known/jwks.json`, or the record that `postal default-dkim-record`
 * prints, or its `p=` alone. None: the text is anything else.
 */
export const signingKeys = (text: string): readonly KeyObject[] => {
  const trimmed = text.trim();
  if (publicKeyPem.test(trimmed)) return [rsa(() => createPublicKey(trimmed)) ?? []].flat();
  if (trimmed.startsWith('{')) return fromJwks(trimmed);
  const base64 = dkimKey.exec(trimmed)?.[1];
  return base64 === undefined ? [] : [fromDer(base64) ?? []].flat();
};
