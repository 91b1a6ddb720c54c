import { createHash } from 'node:crypto';

const crockfordBase32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const largestTime = 2 ** 48 - 1;

const encode = (value: bigint, characters: number): string => {
  let rest = value;
  let encoded = '';
  for (let count = 0; count < characters; count += 1) {
    encoded = crockfordBase32.charAt(Number(rest & 31n)) + encoded;
    rest >>= 5n;
  }
  return encoded;
};

/**
 * The id of the change that a request asks for: a ULID, 26 characters. Its time is `receivedAt` (ISO 8601), its other 80 bits are taken from the
 * SHA-256 of the request id instead of chance, so that a request delivered twice asks for one and the same change.
 */
export const changeIdOf = (receivedAt: string, requestId: string): string => {
  const time = Date.parse(receivedAt);
  if (!(time >= 0 && time <= largestTime))
    throw new RangeError(`receivedAt is ${JSON.stringify(receivedAt)}; it must be an ISO 8601 time from 1970 on`);
  const randomness = createHash('sha256').update(requestId, 'utf8').digest('hex').slice(0, 20);
  return encode(BigInt(time), 10) + encode(BigInt(`0x${randomness}`), 16);
};

/** The moment in a change id, milliseconds since the epoch: its first ten characters, base 32. NaN for what is no ULID. */
export const timeOfChangeId = (changeId: string): number =>
  /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(changeId)
    ? [...changeId.slice(0, 10)].reduce((sum, character) => sum * 32 + crockfordBase32.indexOf(character), 0)
    : Number.NaN;

/** The form for people, for example `01JD…7Q`. */
export const shortChangeId = (changeId: string): string =>
  changeId.length > 7 ? `${changeId.slice(0, 4)}…${changeId.slice(-2)}` : changeId;
