import { bad, type Examined, good, unsure } from '../../core/base/examined.ts';
import type { Ports } from '../ports/ports.ts';
import { readLastRound } from '../state/last-round.ts';
import { readSight } from '../watch/read-sight.ts';

/** Whether watch still runs, and sees everything that it should. */
export const examineWatch = async (
  ports: Pick<Ports, 'state' | 'clock' | 'policy'>,
  signal: AbortSignal,
): Promise<readonly Examined[]> => {
  const [last, faults] = await Promise.all([readLastRound(ports.state, signal), readSight(ports, signal)]);
  const found = faults.map(({ text, remedy }) => bad('watch', text, remedy));
  if (last === undefined)
    return [
      unsure(
        'watch',
        'has not finished a round yet',
        'Wait two minutes. If this persists, check the schedule and watch’s log.',
      ),
      ...found,
    ];
  if (found.length > 0) return found;
  const minutes = Math.round((ports.clock.now() - last.atMs) / 60_000);
  const checked = `checked ${last.endpoints} ${last.endpoints === 1 ? 'endpoint' : 'endpoints'} in ${(last.durationMs / 1000).toFixed(1)} s`;
  return [good('watch', `${checked}, ${minutes === 0 ? 'less than a minute' : `${minutes} min`} ago`)];
};
