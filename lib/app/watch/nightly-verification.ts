import {
  dueVerification,
  mayChangeIncident,
  nightOf,
  verificationIncident,
} from '../../core/watch/nightly-verification.ts';
import { listIncidents, saveIncident } from '../state/incident-store.ts';
import { readVerification } from '../state/verification-store.ts';
import type { WatchPorts } from './watch-ports.ts';

const collection = 'verification-asked';
/** What was asked for and is not done by then is asked for again: the worker has given it up. */
const againAfterSeconds = 1_800;

/**
 * Asks the worker to verify the history once a night, and opens an incident where that finds a fault or is overdue. The incident's message is sent by the
 * round of looks, which sends whatever was not sent.
 */
export const superviseVerification = async (
  { state, queue, clock, policy }: Pick<WatchPorts, 'state' | 'queue' | 'clock' | 'policy'>,
  signal: AbortSignal,
): Promise<void> => {
  const nowMs = clock.now();
  const known = await readVerification(state, signal);
  const due = dueVerification(known, nightOf(nowMs, policy.timeZone ?? 'UTC'));
  if (due !== undefined) {
    const { night, part } = due;
    const expiresAt = Math.floor(nowMs / 1000) + againAfterSeconds;
    const mark = { collection, key: `${night} ${part}`, value: {}, expiresAt };
    if ((await state.put(mark, true, signal)) === 'stored')
      await queue.send({ kind: 'verify', night, part, askedAt: new Date(nowMs).toISOString() }, signal);
  }
  if (!mayChangeIncident(known, nowMs)) return;
  const incident = verificationIncident(known, await listIncidents(state, signal), nowMs);
  if (incident !== undefined) await saveIncident(state, incident, signal);
};
