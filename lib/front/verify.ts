import { createHmac, timingSafeEqual } from 'node:crypto';
import { slackLimits } from '../core/limits/limits.ts';

/** Why a request is not Slack's, or not of now. */
export type VerificationFailure =
  | 'signature-missing'
  | 'signature-malformed'
  | 'timestamp-missing'
  | 'timestamp-malformed'
  | 'timestamp-too-old'
  | 'timestamp-in-future'
  | 'signature-mismatch';

export type Verification =
  | { readonly ok: true; readonly signature: string; readonly timestamp: string }
  | { readonly ok: false; readonly reason: VerificationFailure };

export type SignedRequest = {
  /** `X-Slack-Signature`. */
  readonly signature: string | undefined;
  /** `X-Slack-Request-Timestamp`: seconds since the epoch. */
  readonly timestamp: string | undefined;
  /** The body, byte for byte as it came. */
  readonly body: Uint8Array;
};

const signatureShape = /^v0=[0-9a-f]{64}$/;
const timestampShape = /^[1-9]\d{0,11}$/;
const toleranceMs = slackLimits.signatureToleranceSeconds * 1000;

/** Slack's signature of a body: `v0=` and the HMAC-SHA256, hex, over `v0:<timestamp>:<body>`. */
export const slackSignature = (signingSecret: string, timestamp: string, body: Uint8Array): string =>
  `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;

/** Tells whether Slack signed these bytes within 300 s of `nowMs`, before or after. Shape and time are looked at first, then the digest in constant time. */
export const verifySlackRequest = (
  { signature, timestamp, body }: SignedRequest,
  signingSecret: string,
  nowMs: number,
): Verification => {
  if (signature === undefined || signature === '') return { ok: false, reason: 'signature-missing' };
  if (timestamp === undefined || timestamp === '') return { ok: false, reason: 'timestamp-missing' };
  if (!signatureShape.test(signature)) return { ok: false, reason: 'signature-malformed' };
  if (!timestampShape.test(timestamp)) return { ok: false, reason: 'timestamp-malformed' };
  const ageMs = nowMs - Number(timestamp) * 1000;
  if (ageMs > toleranceMs) return { ok: false, reason: 'timestamp-too-old' };
  if (ageMs < -toleranceMs) return { ok: false, reason: 'timestamp-in-future' };
  const expected = Buffer.from(slackSignature(signingSecret, timestamp, body), 'ascii');
  return timingSafeEqual(expected, Buffer.from(signature, 'ascii'))
    ? { ok: true, signature, timestamp }
    : { ok: false, reason: 'signature-mismatch' };
};
