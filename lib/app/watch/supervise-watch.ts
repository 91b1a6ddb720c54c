import { nextHeartbeat, watchIncidents } from '../../core/watch/incident/rounds.ts';
import { tickMs } from '../../core/watch/schedule.ts';
import { readAnswer, readHeartbeat, saveHeartbeat } from '../state/heartbeat-store.ts';
import { listIncidents, saveIncident } from '../state/incident-store.ts';
import { readLastRound } from '../state/last-round.ts';
import type { WatchPorts } from './watch-ports.ts';

/** In one of so many runs a heartbeat is sent, and the incidents of watch itself are seen to. */
export const ticksPerHeartbeat = 5;

/**
 * Sends a heartbeat through the queue, and opens an incident where two were not answered, or two rounds in a row did less than they should. The incident's
 * messages are sent by the round of looks, which sends whatever was not sent.
 */
export const superviseWatch = async (
  { state, queue, clock }: Pick<WatchPorts, 'state' | 'queue' | 'clock'>,
  signal: AbortSignal,
): Promise<void> => {
  const nowMs = clock.now();
  const [before, answeredMs, lastRound, incidents] = await Promise.all([
    readHeartbeat(state, signal),
    readAnswer(state, signal),
    readLastRound(state, signal),
    listIncidents(state, signal),
  ]);
  const heartbeat = nextHeartbeat(before, answeredMs, nowMs);
  if (heartbeat !== before) await saveHeartbeat(state, heartbeat, signal);
  await queue.send({ kind: 'heartbeat', sentAtMs: nowMs }, signal);
  const heartbeatMs = ticksPerHeartbeat * tickMs;
  for (const incident of watchIncidents(incidents, { lastRound, heartbeat, heartbeatMs, nowMs }))
    await saveIncident(state, incident, signal);
};
