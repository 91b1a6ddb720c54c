import type { Deadline } from '../../core/base/deadline.ts';
import type { Ports } from '../ports/ports.ts';

const longestWaitMs = 60_000;
/** From then on, the answer says why it takes so long. */
const slowAfterMs = 5_000;
const pollEveryMs = [500, 1000, 2000, 3000];
/** What a probe needs afterwards at the least. */
export const keptForProbeMs = 15_000;

/** Whether Route 53 has told all its servers; `unknown` where it could not be asked, or the batch's id was never seen. */
export type SyncState = 'INSYNC' | 'PENDING' | 'unknown';

/** Polls GetChange until INSYNC, for 60 s at most, leaving time for a probe. `onSlow` is called once, when it takes longer than people wait. */
export const waitInSync = async (
  ports: Pick<Ports, 'zones' | 'clock'>,
  changeInfoId: string | null | undefined,
  deadline: Deadline,
  onSlow: () => Promise<void>,
): Promise<SyncState> => {
  if (changeInfoId === null || changeInfoId === undefined) return 'unknown';
  const began = ports.clock.now();
  let isTold = false;
  const until = Math.min(ports.clock.now() + longestWaitMs, deadline.atMs - keptForProbeMs);
  let last: SyncState = 'unknown';
  for (let round = 0; ; round += 1) {
    const status = await ports.zones.changeStatus(changeInfoId, deadline.signal);
    if (status.ok) last = status.value;
    if (last === 'INSYNC') return last;
    const pause = pollEveryMs[Math.min(round, pollEveryMs.length - 1)] ?? 3000;
    if (ports.clock.now() + pause > until) return last;
    await ports.clock.sleep(pause, deadline.signal);
    if (!isTold && ports.clock.now() - began >= slowAfterMs) {
      isTold = true;
      await onSlow();
    }
  }
};
