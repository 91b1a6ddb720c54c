import { fold } from '../../core/ledger/fold.ts';
import type { Ports } from '../ports/ports.ts';
import { registerChange } from '../state/directory.ts';

/**
 * Brings the directory in line with the ledger for one hostname. Whoever settles a change may come late: what the ledger says by now is entered, and
 * looked up again afterwards, so that of many at once the last to write has the last word of the ledger.
 */
export const syncDirectory = async (
  { ledger, state }: Pick<Ports, 'ledger' | 'state'>,
  hostname: string,
  signal: AbortSignal,
): Promise<void> => {
  for (let entered: string | undefined; ; ) {
    const { lastApplied } = fold(await ledger.read(hostname, signal));
    if (lastApplied === undefined || lastApplied.changeId === entered) return;
    await registerChange(state, lastApplied, signal);
    entered = lastApplied.changeId;
  }
};
