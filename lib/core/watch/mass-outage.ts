import type { WatchRules } from '../policy/watch-rules.ts';
import type { Health } from './health.ts';
import { type Span, severityOf, staleAfterMs } from './hysteresis.ts';
import type { Incident } from './incident.ts';
import type { Cause, Observation } from './observation.ts';

/** `isConfirmed`: seen to fail, or not observable for as many probes as `down` asks for. */
type Failing = {
  readonly hostname: string;
  readonly sinceMs: number;
  readonly cause: Cause | undefined;
  readonly isConfirmed: boolean;
};

/** The endpoints that began to fail, out of `of` endpoints that could. */
export type Gathering = { readonly failing: readonly Failing[]; readonly of: number };

const shownAtMost = 10;

/** Since when the latest probes are worse than the confirmed state; undefined where they are not. */
const failingSince = ({ state, recent }: Health, fromMs: number): Pick<Failing, 'sinceMs' | 'cause'> | undefined => {
  const isWorse = (look: Health['recent'][number]): boolean => severityOf(look.state) > severityOf(state);
  const last = recent.at(-1);
  if (last === undefined || !isWorse(last) || last.atMs < fromMs) return undefined;
  const first = recent[recent.findLastIndex((look) => !isWorse(look)) + 1];
  return { sinceMs: first?.atMs ?? last.atMs, cause: last.cause };
};

/**
 * | an endpoint | counts |
 * | --- | --- |
 * | not observable, because prober or resolver fail | as failing; confirmed after the probes that `down` asks for |
 * | whose last probe is worse than its state | as failing |
 * | confirmed as worse in the last intervals, or during the open mass outage | as failing |
 * | down for longer | not at all |
 * | any other | in `of` only |
 */
const gather = (
  healths: ReadonlyMap<string, Health>,
  rules: WatchRules,
  nowMs: number,
  openedAtMs: number | undefined,
): Gathering => {
  const freshMs = openedAtMs ?? nowMs - (rules.down.of + 1) * rules.intervalSeconds * 1000;
  const failing: Failing[] = [];
  let down = 0;
  for (const [hostname, health] of healths) {
    const { state, sinceMs, blind } = health;
    const seen =
      failingSince(health, nowMs - staleAfterMs(rules)) ??
      (state !== 'up' && sinceMs >= freshMs ? { sinceMs, cause: undefined } : undefined);
    const found = blind ?? seen;
    const isConfirmed = seen !== undefined || (blind?.looks ?? 1) >= rules.down.looks;
    if (found !== undefined) failing.push({ hostname, sinceMs: found.sinceMs, cause: found.cause, isConfirmed });
    else if (state === 'down') down += 1;
  }
  return { failing, of: healths.size - down };
};

/** When the outage began: the first moment after which `many.atLeast` endpoints failed within half an interval. Earlier failures were unrelated. */
const beginning = ({ failing }: Gathering, { many, intervalSeconds }: WatchRules): number => {
  const sinces = failing.map(({ sinceMs }) => sinceMs).toSorted((one, other) => one - other);
  const together = sinces.find(
    (sinceMs, index) => (sinces[index + many.atLeast - 1] ?? Infinity) - sinceMs <= intervalSeconds * 500,
  );
  return together ?? sinces[0] ?? 0;
};

const suspects: Readonly<Record<'resolver' | 'prober' | 'else', string>> = {
  resolver:
    'The resolver does not answer for these endpoints. Check the resolver and the network path to it, not the mail servers.',
  prober:
    'The prober is failing. Check the prober, not the mail servers. Whether Postal delivers right now is unknown.',
  else: 'Check what these endpoints share: the network, the resolver, the prober, or one machine behind all of them.',
};

const sentenceOf = ({ failing }: Gathering): string => {
  const most = (['resolver', 'prober'] as const).find(
    (cause) => failing.filter((each) => each.cause === cause).length * 2 > failing.length,
  );
  return suspects[most ?? 'else'];
};

const concernedBy = ({ failing, of }: Gathering): NonNullable<Incident['concerned']> => ({
  count: failing.length,
  of,
  some: failing
    .slice(0, shownAtMost)
    .map(({ hostname }) => hostname)
    .toSorted(),
});

type Kind = 'many' | 'watch';

const openOf = (kind: Kind, incidents: readonly Incident[]): Incident | undefined =>
  incidents.find((incident) => incident.kind === kind && incident.closedAtMs === undefined);

/** An incident begins after the previous one of its kind ended: the id holds the beginning and must be new. */
const opened = (kind: Kind, beganMs: number, gathering: Gathering, incidents: readonly Incident[]): Incident => {
  const earlier = incidents.flatMap((incident) =>
    incident.kind === kind && incident.closedAtMs !== undefined ? [incident.closedAtMs] : [],
  );
  const openedAtMs = Math.max(beganMs, ...earlier);
  return {
    id: `${kind}-*-${openedAtMs}`,
    kind,
    openedAtMs,
    revision: 1,
    sentence: sentenceOf(gathering),
    findings: [],
    updates: [],
    concerned: concernedBy(gathering),
  };
};

/** The number changes with every round; only a large change is worth an edit of the message. */
const continued = (open: Incident, gathering: Gathering): Incident => {
  const sentence = sentenceOf(gathering);
  const count = open.concerned?.count ?? 0;
  const moved = Math.abs(gathering.failing.length - count);
  if (moved * 10 < gathering.of && moved * 2 < count && sentence === open.sentence) return open;
  return { ...open, revision: open.revision + 1, sentence, concerned: concernedBy(gathering) };
};

const closed = (open: Incident, nowMs: number, sentence: string): Incident => ({
  ...open,
  revision: open.revision + 1,
  closedAtMs: nowMs,
  sentence,
});

/**
 * The mass outage after this round: the same object if it did not change, undefined if there is no mass outage.
 *
 * | open | failing | |
 * | --- | --- | --- |
 * | no | at least `many.share` and `many.atLeast` are confirmed | opened |
 * | yes | half that share or more | continues |
 * | yes | fewer | closed |
 */
export const massOutages = (
  healths: ReadonlyMap<string, Health>,
  incidents: readonly Incident[],
  rules: WatchRules,
  nowMs: number,
): Incident | undefined => {
  const open = openOf('many', incidents);
  const gathering = gather(healths, rules, nowMs, open?.openedAtMs);
  const count = gathering.failing.length;
  const among = Math.max(1, gathering.of);
  if (open === undefined) {
    const borneOut = gathering.failing.filter(({ isConfirmed }) => isConfirmed).length;
    const isMost = borneOut >= rules.many.atLeast && borneOut / among >= rules.many.share;
    return isMost ? opened('many', beginning(gathering, rules), gathering, incidents) : undefined;
  }
  if (count > 0 && count / among >= rules.many.share / 2) return continued(open, gathering);
  return closed(open, nowMs, 'The mass outage is over. Endpoints that still fail are reported separately.');
};

/**
 * Spans in which a failed probe does not count against a single endpoint: during a mass outage, and from a round in which most probes fail until the next
 * round shows whether the other endpoints fail too.
 */
export const spansWithout = (
  incidents: readonly Incident[],
  healths: ReadonlyMap<string, Health>,
  observations: readonly Observation[],
  rules: WatchRules,
  nowMs: number,
): readonly Span[] => {
  const spans = incidents
    .filter(({ kind }) => kind === 'many')
    .map(({ openedAtMs, closedAtMs }) => ({ fromMs: openedAtMs, toMs: closedAtMs ?? Infinity }));
  const seen = new Map<string, Health>();
  for (const { hostname } of observations) {
    const health = healths.get(hostname);
    if (health !== undefined) seen.set(hostname, health);
  }
  const { failing, of } = gather(seen, rules, nowMs, undefined);
  const isSuspect = failing.length >= rules.many.atLeast && failing.length >= rules.many.share * of;
  return isSuspect ? [...spans, { fromMs: nowMs - rules.intervalSeconds * 1000, toMs: Infinity }] : spans;
};

/** The incident that watch cannot observe some endpoints, outside a mass outage: the same object if it did not change, undefined if there is none. */
export const watchBlind = (
  healths: ReadonlyMap<string, Health>,
  incidents: readonly Incident[],
  isMassive: boolean,
  rules: WatchRules,
  nowMs: number,
): Incident | undefined => {
  const open = openOf('watch', incidents);
  const failing: Failing[] = [];
  for (const [hostname, { blind }] of healths)
    if (blind !== undefined) failing.push({ hostname, sinceMs: blind.sinceMs, cause: blind.cause, isConfirmed: true });
  const beganMs = failing.reduce((earliest, { sinceMs }) => Math.min(earliest, sinceMs), Infinity);
  const isLong = nowMs - beganMs >= rules.blindMinutes * 60_000;
  if (isMassive || !isLong)
    return (
      open &&
      closed(
        open,
        nowMs,
        isMassive
          ? 'More endpoints fail now; they are reported as one incident.'
          : 'Watch can check these endpoints again.',
      )
    );
  const gathering = { failing, of: healths.size };
  return open === undefined ? opened('watch', beganMs, gathering, incidents) : continued(open, gathering);
};
