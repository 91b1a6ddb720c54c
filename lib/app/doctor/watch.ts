import { bad, type Examined, good, unsure } from '../../core/base/examined.ts';
import type { Ports } from '../ports/ports.ts';
import { readLastRound } from '../state/last-round.ts';

/** The schedule wakes watch every minute; after so many minutes of silence it is not late any more. */
const silentAfterMs = 10 * 60_000;

/** Whether watch is alive. */
export const examineWatch = async (
  { state, clock }: Pick<Ports, 'state' | 'clock'>,
  signal: AbortSignal,
): Promise<Examined> => {
  const last = await readLastRound(state, signal);
  if (last === undefined)
    return unsure(
      'watch',
      'has not finished a round yet',
      'Wait two minutes; if it stays, look at the schedule and at the log of watch.',
    );
  const minutes = Math.round((clock.now() - last.atMs) / 60_000);
  const looked = `looked at ${last.endpoints} ${last.endpoints === 1 ? 'endpoint' : 'endpoints'} in ${(last.durationMs / 1000).toFixed(1)} s`;
  return clock.now() - last.atMs <= silentAfterMs
    ? good('watch', `${looked}, ${minutes === 0 ? 'less than a minute' : `${minutes} min`} ago`)
    : bad(
        'watch',
        `has been silent for ${minutes} min`,
        'Look at the schedule and at the log of watch: nobody is told of an outage meanwhile.',
      );
};
