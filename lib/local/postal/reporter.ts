import type { SentSnapshot } from '../../adapters/postal-reports/send-snapshot.ts';
import type { PostalData } from './data.ts';
import type { PostalStore } from './store.ts';
import { createWake } from './wake.ts';

/** As often as a timer on the Postal host would report. */
const intervalMs = 60_000;
/** What changes within so long is one report. */
const settleMs = 500;
const retryMs = 5000;

/** Whether a report would say something else: webhooks are in none. */
const isOther = (one: PostalData, other: PostalData): boolean =>
  one.endpoints !== other.endpoints ||
  one.routes !== other.routes ||
  one.queue !== other.queue ||
  one.deliveries !== other.deliveries;

/** Reports what Postal has, at once, after every change and at intervals, until the signal is aborted. */
export const runReporter = async (
  store: PostalStore,
  send: (data: PostalData, signal: AbortSignal) => Promise<SentSnapshot>,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const wake = createWake();
  let reported = store.data();
  const unsubscribe = store.subscribe(() => {
    if (isOther(store.data(), reported)) wake.ring();
  });
  while (!signal.aborted) {
    reported = store.data();
    const sent = await send(reported, signal);
    if (!sent.ok && !signal.aborted) log(`a report was not taken: ${sent.problem}`);
    if (!sent.ok) await wake.sleep(retryMs, signal);
    else if (!isOther(store.data(), reported)) await wake.sleep(intervalMs, signal);
    await createWake().sleep(settleMs, signal);
  }
  unsubscribe();
};
