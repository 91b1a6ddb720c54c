import type { MessengerFailure } from '../../messages/message.ts';

/** Slack's codes for trouble of its own: the call may have taken effect. */
const outageCodes = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);

/** What a code in `error` of one of Slack's answers means. */
export const codeFailure = (code: string): MessengerFailure => {
  if (code === 'ratelimited' || code === 'rate_limited') return { kind: 'rate-limited', retryAfterSeconds: 1 };
  return outageCodes.has(code) ? { kind: 'unreachable', message: `Slack answered ${code}` } : { kind: 'refused', code };
};

/** The wait of a 429, at least a second. */
export const retryAfterFailure = (retryAfter: string | null): MessengerFailure => ({
  kind: 'rate-limited',
  retryAfterSeconds: Math.max(1, Number.parseInt(retryAfter ?? '', 10) || 1),
});
