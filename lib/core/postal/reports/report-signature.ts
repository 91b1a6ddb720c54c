import { createHmac, timingSafeEqual } from 'node:crypto';

/** Headers of a reported snapshot. */
export const reportHeaders = {
  /** Who sends it, and so whose key signs it. */
  sender: 'x-postal-endpoint-sender',
  /** Seconds since the epoch. */
  timestamp: 'x-postal-endpoint-timestamp',
  signature: 'x-postal-endpoint-signature',
} as const;

/** How far the sender's clock may be from ours, in both directions. */
export const reportToleranceSeconds = 300;

/** Octets of a key that a sender must have at least. */
export const smallestReportKey = 32;

/** A sender's name: what fits into a header and a key. */
export const senderShape = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/;

const signatureShape = /^v1=[0-9a-f]{64}$/;
const timestampShape = /^[1-9]\d{0,11}$/;

/** `v1=` and the HMAC-SHA256, hex, over `v1:<sender>:<timestamp>:` and the bytes as sent. */
export const reportSignature = (key: string, sender: string, timestamp: string, bytes: Uint8Array): string =>
  `v1=${createHmac('sha256', key).update(`v1:${sender}:${timestamp}:`).update(bytes).digest('hex')}`;

/** Why a report is not taken. */
export type ReportRefusal = 'headers' | 'sender' | 'timestamp' | 'signature';

export type SignedReport = {
  readonly sender: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  /** Byte for byte as it came, still packed. */
  readonly bytes: Uint8Array;
};

/** An unknown sender costs the same digest as a known one, so that names cannot be found out by time. */
const noKey = 'no sender has this key';

/** Tells whether a known sender signed these bytes, within 300 s of `nowMs`. Nothing of the bytes is unpacked before. */
export const verifyReport = (
  { sender, timestamp, signature, bytes }: SignedReport,
  keys: ReadonlyMap<string, string>,
  nowMs: number,
): { readonly ok: true; readonly sender: string } | { readonly ok: false; readonly reason: ReportRefusal } => {
  if (sender === undefined || timestamp === undefined || signature === undefined)
    return { ok: false, reason: 'headers' };
  if (!senderShape.test(sender) || !timestampShape.test(timestamp) || !signatureShape.test(signature))
    return { ok: false, reason: 'headers' };
  if (Math.abs(nowMs - Number(timestamp) * 1000) > reportToleranceSeconds * 1000)
    return { ok: false, reason: 'timestamp' };
  const key = keys.get(sender);
  const expected = reportSignature(key ?? noKey, sender, timestamp, bytes);
  const isSame = timingSafeEqual(Buffer.from(expected, 'ascii'), Buffer.from(signature, 'ascii'));
  if (key === undefined) return { ok: false, reason: 'sender' };
  return isSame ? { ok: true, sender } : { ok: false, reason: 'signature' };
};
