import { comparisonLimits } from '../../core/limits/limits.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Snapshot } from '../../core/postal/audit/snapshot.ts';
import { hostnameOf, portOf } from '../../core/postal/audit/subject.ts';
import { endpointByRoute } from '../../core/postal/audit/waiting.ts';
import { deliveryOf } from '../../core/postal/database/delivery-block.ts';
import type { DeliveryFact } from '../../core/postal/database/delivery-page.ts';
import { type Comparing, compareDeliveries } from '../../core/postal/predictions/compare-deliveries.ts';
import type { EnteredEndpoint } from '../../core/postal/predictions/compare-delivery.ts';
import { longestGapMs } from '../../core/postal/predictions/prediction-spans.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { StateStore } from '../ports/state-store.ts';
import { listRegistered } from '../state/directory.ts';
import { listLookTimes } from '../state/look-times.ts';
import { readComparisons, saveComparisons } from '../state/postal/comparison-store.ts';
import { listPredictions } from '../state/postal/prediction-store.ts';

export type ComparingPorts = {
  readonly state: StateStore;
  readonly clock: { readonly now: () => number };
  readonly policy: Pick<Policy, 'watch'>;
  readonly profile: Pick<PostalProfile, 'version'>;
};

/** What is known of registered endpoints. The times of the looks are read first: no prediction of these looks is missing then. */
const readKnown = async ({ state, clock, policy, profile }: ComparingPorts, signal: AbortSignal) => {
  const times = await listLookTimes(state, signal);
  const [spans, registered] = await Promise.all([listPredictions(state, signal), listRegistered(state, signal)]);
  const gapMs = longestGapMs(policy.watch.intervalSeconds);
  return {
    registered: new Set<string>(registered.map(({ definition }) => definition.hostname)),
    spansOf: (hostname: string) => spans.get(hostname) ?? [],
    lookedOf: (hostname: string) => ({ lastLookMs: times.get(hostname), gapMs }),
    release: profile.version,
    nowMs: clock.now(),
  };
};

/** The registered endpoint of a delivery, as Postal has it now. */
const endpointFinder = (
  { endpoints, routes }: Snapshot,
  registered: ReadonlySet<string>,
): ((serverId: number, fact: DeliveryFact) => EnteredEndpoint | undefined) => {
  const byRoute = endpointByRoute(routes);
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  return (serverId, fact) => {
    const delivery = deliveryOf(serverId, fact, byRoute);
    const endpoint = delivery && byId.get(delivery.endpointId);
    if (endpoint === undefined || !registered.has(hostnameOf(endpoint))) return undefined;
    return { hostname: hostnameOf(endpoint), port: portOf(endpoint), sslMode: endpoint.sslMode };
  };
};

/**
 * Compares the deliveries of one mail server after the other with what was predicted. A server's record is written once, with the counts and with how far they
 * go: a run that is killed before it compares the same deliveries again, and one that is killed after it does not.
 */
export const comparingWith = (
  ports: ComparingPorts,
  snapshot: Snapshot,
): ((
  serverId: number,
  readingSinceMs: number,
  facts: readonly DeliveryFact[],
  signal: AbortSignal,
) => Promise<void>) => {
  let left: number = comparisonLimits.perRound;
  let known: Promise<Awaited<ReturnType<typeof readKnown>>> | undefined;
  let find: ReturnType<typeof endpointFinder> | undefined;
  return async (serverId, readingSinceMs, facts, signal) => {
    const record = await readComparisons(ports.state, serverId, signal);
    const newest = facts.at(-1);
    if (left === 0 || newest === undefined || (record?.readingSinceMs === readingSinceMs && newest.id <= record.upTo))
      return;
    known ??= readKnown(ports, signal);
    const { registered, ...rest } = await known;
    find ??= endpointFinder(snapshot, registered);
    const endpointOf = find;
    const comparing: Comparing = { ...rest, endpointOf: (fact) => endpointOf(serverId, fact), atMost: left };
    const { record: after, count } = compareDeliveries(record, readingSinceMs, facts, comparing);
    left -= count;
    if (after !== record) await saveComparisons(ports.state, serverId, after, rest.nowMs, signal);
  };
};
