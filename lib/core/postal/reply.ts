/** What Postal's SMTP client raises over a reply that it did not want. */
export type ReplyError = 'busy' | 'syntax' | 'authentication' | 'fatal' | 'unknown';

/** Postal's client takes the first character for the verdict, whatever follows: `2 hello` and `2xx` are successes. */
export const isSuccess = (said: string): boolean => said.startsWith('2');

export const isContinue = (said: string): boolean => said.startsWith('3');

/**
 * | first three characters | error | what Postal does with it after MAIL |
 * | --- | --- | --- |
 * | `4…` | busy | SoftFail |
 * | `50…` | syntax | SoftFail |
 * | `53…` | authentication | SoftFail |
 * | `5…` | fatal | HardFail |
 * | anything else (`354`, `HTT`, an empty line) | unknown | SoftFail |
 */
export const replyErrorOf = (said: string): ReplyError => {
  const status = said.slice(0, 3);
  if (status.startsWith('4')) return 'busy';
  if (status.startsWith('50')) return 'syntax';
  if (status.startsWith('53')) return 'authentication';
  return status.startsWith('5') ? 'fatal' : 'unknown';
};

/**
 * The keywords of a greeting as Postal's client knows them: as they are written, of all lines but the first, and of none when the first line
 * does not announce a second. Undefined where a line is too short to hold a code: Postal's client trips over it.
 */
export const capabilitiesOf = (said: string): ReadonlySet<string> | undefined => {
  if (said[3] !== '-') return new Set();
  const lines = said.replace(/\n$/, '').split('\n').slice(1);
  // With its line end a line of three characters still has a fourth.
  if (lines.some((line) => line.length < 3)) return undefined;
  return new Set(lines.map((line) => line.slice(4).trim().split(/\s+/)[0] ?? ''));
};
