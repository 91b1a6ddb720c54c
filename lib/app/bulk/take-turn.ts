import type { Deadline } from '../../core/base/deadline.ts';
import type { Ports } from '../ports/ports.ts';
import { holderOf, takeLease } from '../state/lease.ts';

const name = 'bulk';
/** Beyond its deadline an invocation does nothing any more. */
const marginSeconds = 5;

/** The right to be the only bulk that is applied just now. */
export type Turn = { end(signal: AbortSignal): Promise<void> };

/**
 * Lets one bulk at a time use Route 53, slice by slice: their share of its limits is one for all of them. A bulk whose worker died with the turn has it
 * still, for its own messages come one after the other.
 */
export const takeTurn = async (
  ports: Pick<Ports, 'state' | 'clock'>,
  bulkId: string,
  { atMs, signal }: Deadline,
): Promise<Turn | undefined> => {
  const seconds = Math.ceil((atMs - ports.clock.now()) / 1000) + marginSeconds;
  const lease = await takeLease(ports, name, seconds, bulkId, signal);
  if (lease !== undefined) return { end: (endSignal) => lease.release(endSignal) };
  return (await holderOf(ports.state, name, signal)) === bulkId ? { end: async () => undefined } : undefined;
};
