import { mayStillLand, type StreamState } from '../../core/ledger/fold.ts';

/** Why a name cannot be removed now, nor an undo remove it, and when it can be: its last batch may still take effect, and the name would come back. */
export const pendingLateBatch = (
  stream: StreamState,
  hostname: string,
  nowMs: number,
): { readonly wrong: string; readonly right: string } | undefined => {
  const open = mayStillLand(stream, nowMs);
  if (open === undefined) return undefined;
  const minutes = Math.ceil((open.untilMs - nowMs) / 60_000);
  return {
    wrong: `An earlier change of ${hostname} was never answered by Route 53 and may still take effect.`,
    right: `Ask again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, when that is no longer possible.`,
  };
};
