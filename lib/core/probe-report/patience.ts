/** How long a probe that waits as long as Postal waits for one reply at most: Postal's usual 30 s and what comes before them fit into one probe round. */
export const longestPatienceMs = 35_000;

/** How long a session waits for the TCP connection and for each reply, and how long Postal itself would. */
type SessionBudgets = {
  readonly connectBudgetMs: number;
  readonly replyBudgetMs: number;
  readonly postalOpenTimeoutMs: number;
  readonly postalReadTimeoutMs: number;
};

/** The same settings with Postal's own timeouts, up to `longestMs`. */
export const asPatientAsPostal = <Settings extends SessionBudgets>(
  settings: Settings,
  longestMs: number,
): Settings => ({
  ...settings,
  connectBudgetMs: Math.min(settings.postalOpenTimeoutMs, longestMs),
  replyBudgetMs: Math.min(settings.postalReadTimeoutMs, longestMs),
});
