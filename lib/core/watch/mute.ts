import * as z from 'zod';

/** While it lasts, nobody is alerted about an endpoint; its looks go on and its state is kept. Recorded in the ledger by whoever asked for it. */
export const muteSchema = z.strictObject({
  hostname: z.string(),
  /** Milliseconds since the epoch; later than now for a maintenance window that is planned. */
  fromMs: z.int(),
  untilMs: z.int(),
  by: z.string(),
  reason: z.string().exactOptional(),
});
export type Mute = z.infer<typeof muteSchema>;

/** The mute that holds at this moment, of several the one that lasts longest. */
export const muteOf = (mutes: readonly Mute[], hostname: string, nowMs: number): Mute | undefined =>
  mutes
    .filter((mute) => mute.hostname === hostname && mute.fromMs <= nowMs && nowMs < mute.untilMs)
    .reduce<Mute | undefined>(
      (longest, mute) => (longest === undefined || mute.untilMs > longest.untilMs ? mute : longest),
      undefined,
    );

/** Whether a mute holds at this moment. */
export const isMuted = (mutes: readonly Mute[], hostname: string, nowMs: number): boolean =>
  muteOf(mutes, hostname, nowMs) !== undefined;
