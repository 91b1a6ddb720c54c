import { enteredHostnames } from '../../core/filter/in-postal.ts';
import { listAwaited } from '../state/postal/entry-awaited.ts';
import { newestSnapshot } from '../state/postal/postal-report-store.ts';
import { queueOnce } from '../state/queue-once.ts';
import type { WatchPorts } from './watch-ports.ts';

/** Has the worker say of new names that Postal has them now. Reads nothing but a list where no name is awaited. */
export const noticeEntered = async (
  ports: Pick<WatchPorts, 'state' | 'queue' | 'clock'>,
  signal: AbortSignal,
): Promise<void> => {
  const awaited = await listAwaited(ports.state, signal);
  if (awaited.size === 0) return;
  const newest = await newestSnapshot(ports.state, signal);
  if (newest === undefined) return;
  const entered = enteredHostnames(newest.snapshot, undefined);
  for (const [changeId, hostname] of awaited)
    if (entered.has(hostname)) await queueOnce(ports, { kind: 'entered', hostname, changeId }, signal);
};
