/** Kept on top of what the server asked for. */
const marginSeconds = 10;

/**
 * When Postal tries again, in seconds, where the server's text says so; `null`: by Postal's own schedule.
 *
 * | text holds | seconds |
 * | --- | --- |
 * | `N seconds`, anywhere | N + 10 |
 * | else `N minutes` | N × 60 + 10 |
 * | `N second`, `N hours`, `00:05:00`, `300s` | none |
 */
export const retryHintSeconds = (text: string): number | null => {
  const seconds = /(\d+) seconds/.exec(text)?.[1];
  if (seconds !== undefined) return Number(seconds) + marginSeconds;
  const minutes = /(\d+) minutes/.exec(text)?.[1];
  return minutes === undefined ? null : Number(minutes) * 60 + marginSeconds;
};
