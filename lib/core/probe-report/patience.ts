import type { SessionSettings } from '../../adapters/smtp/smtp-session.ts';

/** How long a probe with Postal's patience waits for one thing at most: Postal's usual 30 s, and what comes before them, fit into a look. */
export const longestPatienceMs = 35_000;

/** The same, as patient as Postal, as far as that fits. */
export const patiently = (settings: SessionSettings, longestMs: number): SessionSettings => ({
  ...settings,
  connectBudgetMs: Math.min(settings.postalOpenTimeoutMs, longestMs),
  replyBudgetMs: Math.min(settings.postalReadTimeoutMs, longestMs),
});
