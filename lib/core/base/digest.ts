import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * The RFC 8785 JSON of a value. Members that are undefined are left out, as in JSON.stringify. Throws for a value that
 * RFC 8785 has no JSON for: NaN, infinities, circular references, strings with a lone surrogate.
 */
export const canonicalJson = (value: unknown): string => {
  const json = canonicalize(value);
  if (json === undefined) throw new TypeError(`A value of type ${typeof value} has no JSON`);
  return json;
};

/** SHA-256, lower-case hex, over the RFC 8785 JSON of a value. Throws as `canonicalJson` does. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
