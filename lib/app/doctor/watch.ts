import { bad, type Examined, good, unsure } from '../../core/base/examined.ts';
import type { Ports } from '../ports/ports.ts';
import { readLastRound } from '../state/last-round.ts';

/** Watch runs every minute; after this long without a round it has stopped, not just been delayed. */
const silentAfterMs = 10 * 60_000;

/** Whether watch still runs. */
export const examineWatch = async (
  { state, clock }: Pick<Ports, 'state' | 'clock'>,
  signal: AbortSignal,
): Promise<Examined> => {
  const last = await readLastRound(state, signal);
  if (last === undefined)
    return unsure(
      'watch',
      'has not finished a round yet',
      'Wait two minutes. If this persists, check the schedule and watch’s log.',
    );
  const minutes = Math.round((clock.now() - last.atMs) / 60_000);
  const checked = `checked ${last.endpoints} ${last.endpoints === 1 ? 'endpoint' : 'endpoints'} in ${(last.durationMs / 1000).toFixed(1)} s`;
  return clock.now() - last.atMs <= silentAfterMs
    ? good('watch', `${checked}, ${minutes === 0 ? 'less than a minute' : `${minutes} min`} ago`)
    : bad(
        'watch',
        `has not finished a round for ${minutes} min`,
        'Check the schedule and watch’s log: until it runs again, nobody is notified of an outage.',
      );
};
