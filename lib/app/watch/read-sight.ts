import type { Registered } from '../../core/endpoint/registered.ts';
import type { Heartbeat } from '../../core/watch/incident/rounds.ts';
import { type SightFault, sightFaults } from '../../core/watch/sight.ts';
import type { Ports } from '../ports/ports.ts';
import type { StateStore } from '../ports/state-store.ts';
import { listRegistered } from '../state/directory.ts';
import { listHealths } from '../state/health-store.ts';
import { readAnswer, readHeartbeat } from '../state/heartbeat-store.ts';
import { readLastRound } from '../state/last-round.ts';

/** The heartbeat as it stands: one that was answered since does not wait any more. */
const waiting = async (state: StateStore, nowMs: number, signal: AbortSignal): Promise<Heartbeat | undefined> => {
  const [heartbeat, answeredMs] = await Promise.all([readHeartbeat(state, signal), readAnswer(state, signal)]);
  return heartbeat === undefined || (answeredMs !== undefined && answeredMs >= heartbeat.waitingSinceMs)
    ? undefined
    : heartbeat.waitingSinceMs > nowMs
      ? undefined
      : heartbeat;
};

/** What keeps watch from seeing what it should, for status, doctor and Home alike; `isShown` narrows it to the names that somebody may see. */
export const readSight = async (
  { state, clock, policy }: Pick<Ports, 'state' | 'clock' | 'policy'>,
  signal: AbortSignal,
  isShown: (one: Registered) => boolean = () => true,
): Promise<readonly SightFault[]> => {
  const nowMs = clock.now();
  const [registered, healths, lastRound, heartbeat] = await Promise.all([
    listRegistered(state, signal),
    listHealths(state, signal),
    readLastRound(state, signal),
    waiting(state, nowMs, signal),
  ]);
  return sightFaults({ registered: registered.filter(isShown), healths, policy, lastRound, heartbeat, nowMs });
};
