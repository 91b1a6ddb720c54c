import type { Deadline } from '../../core/base/deadline.ts';
import { tickMs } from '../../core/watch/schedule.ts';
import { readLastRound, saveLastRound } from '../state/last-round.ts';
import { takeLease } from '../state/lease.ts';
import { driftSweep } from './drift-sweep.ts';
import { superviseVerification } from './nightly-verification.ts';
import { noticeEntered } from './notice-entered.ts';
import { look, type ProbeRoundSummary } from './probe-round.ts';
import { readPostalDatabase } from './read-postal-database.ts';
import { summariseDays } from './summarise-days.ts';
import { superviseWatch, ticksPerHeartbeat } from './supervise-watch.ts';
import { handOverUnfinished } from './unfinished-business.ts';
import type { WatchPorts } from './watch-ports.ts';

/** Beyond the run's own time: nothing of it can still be on its way. */
const leaseMarginSeconds = 5;
const releaseMs = 1_500;
/** What does not concern single endpoints is seen to in one of so many runs. */
const ticksPerSupervision = ticksPerHeartbeat;
/** What the comparison of zones leaves of the run's time, to note what was done. */
const keptForNotingMs = 5_000;

const sooner = ({ atMs, signal }: Deadline, byMs: number, nowMs: number): Deadline => {
  const leftMs = atMs - byMs - nowMs;
  return {
    atMs: atMs - byMs,
    signal: leftMs > 0 ? AbortSignal.any([signal, AbortSignal.timeout(leftMs)]) : AbortSignal.abort(),
  };
};

/** What a run did; `elsewhere`: another one is at work. */
export type Watched =
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'watched'; readonly handedOver: number; readonly look: ProbeRoundSummary | undefined };

/**
 * One run of watch: looks at the endpoints whose turn it is, hands interrupted changes to the worker, and compares a part of the zones with what is
 * registered. One run at a time; what one leaves undone the next one does. A part that fails keeps no other from its work, and the first failure is
 * thrown in the end.
 */
export const watch = async (ports: WatchPorts, deadline: Deadline): Promise<Watched> => {
  const { clock, state, log, newToken } = ports;
  const startedMs = clock.now();
  const seconds = Math.max(1, Math.ceil((deadline.atMs - startedMs) / 1000)) + leaseMarginSeconds;
  const lease = await takeLease(ports, 'watch', seconds, newToken(), deadline.signal);
  if (lease === undefined) {
    log.info('another run of watch is at work');
    return { kind: 'elsewhere' };
  }
  const failures: unknown[] = [];
  const attempt = async <Value>(what: string, work: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await work();
    } catch (error) {
      log.error(`watch could not ${what}`, { error });
      failures.push(error);
      return undefined;
    }
  };
  if (Math.floor(startedMs / tickMs) % ticksPerSupervision === 0) {
    await attempt('supervise the verification of the history', () => superviseVerification(ports, deadline.signal));
    await attempt('supervise its own rounds and the queue', () => superviseWatch(ports, deadline.signal));
  }
  // Beside the probes: a database that is silent takes no time from them.
  const databaseRead = readPostalDatabase(ports, deadline.signal);
  const looked = await attempt('look at the endpoints', () => look(ports, deadline));
  const handedOver = await attempt('hand over unfinished business', () => handOverUnfinished(ports, deadline.signal));
  await attempt('sum up the days', () => summariseDays({ state, clock, rules: ports.policy.watch }, deadline.signal));
  await attempt('compare the zones', () => driftSweep(ports, sooner(deadline, keptForNotingMs, clock.now())));
  await databaseRead;
  await attempt('see what was entered in Postal', () => noticeEntered(ports, deadline.signal));
  if (failures.length === 0) {
    const durationMs = clock.now() - startedMs;
    const { looked: probed = 0, busy = 0, due = 0 } = looked ?? {};
    const endpoints = probed - busy;
    await attempt('note its round', async () => {
      const shortBefore = (await readLastRound(state, deadline.signal))?.shortRounds ?? 0;
      const short = endpoints < due ? { due, shortRounds: shortBefore + 1 } : {};
      await saveLastRound(state, { atMs: clock.now(), durationMs, endpoints, ...short }, deadline.signal);
    });
  }
  await attempt('give its lease back', () => lease.release(AbortSignal.timeout(releaseMs)));
  if (failures.length > 0) throw failures[0];
  if (looked !== undefined && looked.looked > 0) log.info('watch looked', { ...looked });
  return { kind: 'watched', handedOver: handedOver ?? 0, look: looked };
};
