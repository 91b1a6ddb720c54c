/** What an examination of one part found. `unsure` is what could not be found out: no reason for an alarm, and none for trust. */
export type Examined = {
  readonly health: 'good' | 'bad' | 'unsure';
  readonly what: string;
  readonly detail: string;
  /** The channel that it is about. */
  readonly channelId?: string;
  /** What to do; there is one with everything that is not good. */
  readonly remedy?: string;
};

export const good = (what: string, detail: string): Examined => ({ health: 'good', what, detail });
export const bad = (what: string, detail: string, remedy: string): Examined => ({
  health: 'bad',
  what,
  detail,
  remedy,
});
export const unsure = (what: string, detail: string, remedy: string): Examined => ({
  health: 'unsure',
  what,
  detail,
  remedy,
});
