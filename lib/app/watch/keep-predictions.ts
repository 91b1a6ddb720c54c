import type { Registered } from '../../core/endpoint/registered.ts';
import type { Predicted } from '../../core/postal/predictions/predicted.ts';
import { longestGapMs, withProbe } from '../../core/postal/predictions/prediction-spans.ts';
import type { Observation } from '../../core/watch/health/observation.ts';
import { forgetPredictions, listPredictions, savePredictions } from '../state/postal/prediction-store.ts';
import type { WatchPorts } from './watch-ports.ts';

/** A round of looks, and what was known before it. */
type Looks = {
  readonly observations: readonly Observation[];
  readonly registered: ReadonlyMap<string, Registered>;
  /** When each endpoint was looked at before. */
  readonly times: ReadonlyMap<string, number>;
};

/** Keeps what the probes predict, to be compared with the deliveries that are read of Postal's database. Only what changes is written. */
export const keepPredictions = async (
  { state, policy }: Pick<WatchPorts, 'state' | 'policy'>,
  { observations, registered, times }: Looks,
  writeEach: <Item>(what: string, items: Iterable<Item>, write: (item: Item) => Promise<unknown>) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const kept = await listPredictions(state, signal);
  const gapMs = longestGapMs(policy.watch.intervalSeconds);
  const changed = observations.flatMap(({ hostname, atMs, predicted: seen }) => {
    const standing = registered.get(hostname);
    if (standing === undefined) return [];
    const { port, sslMode } = standing.definition;
    const predicted: Predicted = seen ?? 'unknown';
    const before = kept.get(hostname) ?? [];
    const after = withProbe(before, { predicted, port, sslMode, atMs }, { lastLookMs: times.get(hostname), gapMs });
    return after === before ? [] : [[hostname, after] as const];
  });
  await writeEach('what a probe predicts', changed, ([hostname, spans]) =>
    savePredictions(state, hostname, [...spans], signal),
  );
  const left = [...kept.keys()].filter((hostname) => !registered.has(hostname));
  await writeEach('that a prediction has no endpoint', left, (hostname) => forgetPredictions(state, hostname, signal));
};
