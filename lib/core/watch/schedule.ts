import type { WatchRules } from '../policy/watch-rules.ts';

/** How often watch runs. */
export const tickMs = 60_000;

export type WatchedSince = {
  readonly hostname: string;
  /** Of the last look, the start of its probe; absent: never looked at. */
  readonly lastAtMs?: number;
  /** Looks that do not agree with the state yet (`recent` of its health is not empty): the next one is wanted a minute earlier. */
  readonly isInDoubt: boolean;
  /** When Postal last reported a delivery there; the endpoint is probed once after it. */
  readonly wantedAtMs?: number;
};

/** Which of so many turns an endpoint has: always the same, so the load is spread evenly (FNV-1a). */
export const turnOf = (hostname: string, turns: number): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < hostname.length; index += 1)
    hash = Math.imul(hash ^ hostname.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % turns;
};

/**
 * The endpoints that are to be looked at in this run.
 *
 * | the last look | due again |
 * | --- | --- |
 * | never | at once |
 * | in its turn, and nothing in doubt | after the interval |
 * | out of its turn (a late run, a new endpoint) | a minute earlier each time, until it has its turn |
 * | in doubt | a minute earlier |
 * | begun before Postal last reported a delivery there | at once |
 *
 * Jitter thus only shortens: an outage of N intervals meets N looks, even where runs are some seconds late, as long as an interval is two minutes or more.
 * Two looks at one endpoint are never closer together than half an interval, unless Postal's reports ask for one.
 */
export const dueEndpoints = (
  endpoints: readonly WatchedSince[],
  rules: WatchRules,
  nowMs: number,
): readonly string[] => {
  const intervalMs = rules.intervalSeconds * 1000;
  const turns = Math.max(1, Math.round(intervalMs / tickMs));
  // Half a minute of play, or a run that begins a second early would put the look off by a whole one.
  const afterMs = intervalMs - tickMs / 2;
  const earlierMs = Math.max(intervalMs / 2, afterMs - tickMs);
  return endpoints
    .filter(({ hostname, lastAtMs, isInDoubt, wantedAtMs }) => {
      if (lastAtMs === undefined || (wantedAtMs !== undefined && wantedAtMs >= lastAtMs)) return true;
      const ageMs = nowMs - lastAtMs;
      if (ageMs < earlierMs || ageMs >= afterMs) return ageMs >= Math.max(intervalMs / 2, afterMs);
      return isInDoubt || Math.floor(lastAtMs / tickMs) % turns !== turnOf(hostname, turns);
    })
    .map(({ hostname }) => hostname);
};
