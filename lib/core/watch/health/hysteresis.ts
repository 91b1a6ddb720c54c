import type { WatchRules } from '../../policy/watch-rules.ts';
import { type Fault, sameFaults } from './fault.ts';
import { type ConfirmedState, confirmedStates, type Health, type Look, type Said } from './health.ts';
import type { Observation } from './observation.ts';

/** Time in which bad looks count for nothing, because most endpoints failed together; milliseconds since the epoch, the end excluded. */
export type Span = { readonly fromMs: number; readonly toMs: number };

/** How bad a state is: 0 for `up`. */
export const severityOf = (state: ConfirmedState): number => confirmedStates.indexOf(state);

/** So old a look says nothing of now: watch itself was out. */
export const staleAfterMs = ({ intervalSeconds, down }: WatchRules): number => 2 * down.of * intervalSeconds * 1000;

const fromFirstOther = (looks: readonly Look[], state: ConfirmedState): Look[] => {
  const from = looks.findIndex((look) => look.state !== state);
  return from === -1 ? [] : looks.slice(from);
};

const codesOf = ({ findings }: Said): string => findings.map(({ code }) => code).join();

const saidBy = ({ sentence, findings }: Observation): Said => ({
  sentence,
  findings: findings.map((finding) => ({ ...finding })),
});

/** As they are stored: an empty list says that no target is to blame, no list that nothing is known. */
const faultsIn = ({ faults }: { readonly faults?: readonly Fault[] | undefined }): { faults?: Fault[] } =>
  faults === undefined ? {} : { faults: faults.map((fault) => ({ ...fault })) };

const lookBy = (observation: Observation, state: ConfirmedState): Look => ({
  state,
  atMs: observation.atMs,
  ...(state === 'up' ? {} : { said: saidBy(observation) }),
  ...(observation.cause === undefined ? {} : { cause: observation.cause }),
  ...(state === 'up' ? {} : faultsIn({ faults: observation.faults ?? [] })),
});

/** Looks that see nothing are counted like others: those closer together than half an interval once. */
const blindAfter = (
  before: Health['blind'],
  { state, cause, atMs }: Observation,
  { intervalSeconds, down }: WatchRules,
): Health['blind'] => {
  if (state !== 'inconclusive' || (cause !== 'prober' && cause !== 'resolver' && cause !== 'policy')) return undefined;
  // Prober and resolver are hard to tell apart while both fail; the policy is known.
  if (before === undefined || (before.cause !== cause && (before.cause === 'policy' || cause === 'policy')))
    return { sinceMs: atMs, cause };
  const { sinceMs, looks = 1 } = before;
  return looks >= down.looks || atMs < sinceMs + (looks - 0.5) * intervalSeconds * 1000
    ? before
    : { ...before, looks: looks + 1 };
};

/** Facts that need no confirmation: whether watch sees, and what it sees of encryption and certificate. */
const withFacts = (health: Health, observation: Observation, rules: WatchRules): Health => {
  const { encrypted, latencyMs, certificateExpiresAtMs } = observation;
  const { blind: blindBefore, ...sighted } = health;
  const blind = blindAfter(blindBefore, observation, rules);
  const known: Health = blind === undefined ? sighted : { ...sighted, blind };
  if (encrypted) known.encrypted = true;
  // Where Postal gets in without encryption, nobody meets a certificate.
  if (!encrypted && latencyMs !== undefined) delete known.certificateExpiresAtMs;
  if (certificateExpiresAtMs !== undefined) known.certificateExpiresAtMs = certificateExpiresAtMs;
  const isSame =
    known.blind === blindBefore &&
    known.encrypted === health.encrypted &&
    known.certificateExpiresAtMs === health.certificateExpiresAtMs;
  return isSame ? health : known;
};

/**
 * The targets that fail now. One that failed before keeps its way, and an endpoint whose targets were not to blame keeps its own cause, so that an endpoint
 * stays in its incident however a single look sees it fail.
 */
const renewedFaults = (before: readonly Fault[] | undefined, now: readonly Fault[] = []): readonly Fault[] => {
  if (before === undefined) return now;
  const renewed = now.map((fault) => before.find(({ target }) => target === fault.target) ?? fault);
  return before.length === 0 || renewed.length === 0 ? before : renewed;
};

/** What is said of a state is renewed when something else is found, not at every other number in a sentence. */
const withSaid = (health: Health, observation: Observation): Health => {
  if (observation.state !== health.state || health.state === 'up') return health;
  const said = saidBy(observation);
  const { trouble } = health;
  const faults = renewedFaults(trouble?.faults, observation.faults);
  const isSame =
    health.said !== undefined &&
    codesOf(health.said) === codesOf(said) &&
    (trouble === undefined || sameFaults(trouble.faults, faults));
  if (isSame) return health;
  if (trouble === undefined) return { ...health, said };
  const { faults: _before, ...kept } = trouble;
  return { ...health, said, trouble: { ...kept, ...faultsIn({ faults }) } };
};

const flappingMs = ({ flapping }: WatchRules): number => flapping.minutes * 60_000;

/** So long after its recovery a relapse may open an incident again: begun soon, and borne out some looks later. */
export const reopensForMs = (rules: WatchRules): number =>
  Math.max(flappingMs(rules), staleAfterMs(rules)) + 2 * rules.intervalSeconds * 1000;

/**
 * A bad look at one that has recovered: soon after the last one it belongs to the same trouble, and keeps it going, but no longer than its incident is kept;
 * else that is over.
 */
const relapsing = (health: Health, atMs: number, rules: WatchRules): Health => {
  const { trouble, ...rest } = health;
  if (trouble === undefined || health.state !== 'up') return health;
  const isSoon =
    atMs - Math.max(trouble.badMs ?? 0, health.sinceMs) < flappingMs(rules) &&
    atMs - health.sinceMs <= reopensForMs(rules);
  return isSoon ? { ...health, trouble: { ...trouble, badMs: atMs } } : rest;
};

/**
 * Takes note of one look; concludes nothing (`settled` does). The same object comes back when there is nothing to note. Looks closer together than half an
 * interval count once, so that two runs at once and repeats do no harm; an inconclusive look counts neither for nor against.
 */
export const withObservation = (before: Health | undefined, observation: Observation, rules: WatchRules): Health => {
  const { state, atMs } = observation;
  const health = withFacts(before ?? { state: 'up', sinceMs: atMs, recent: [] }, observation, rules);
  if (state === 'inconclusive') return health;
  const { recent } = health;
  const last = recent.at(-1);
  if (last === undefined && state === health.state) return withSaid(health, observation);
  if (last !== undefined && atMs < last.atMs + rules.intervalSeconds * 500) return health;
  const fresh = [...recent, lookBy(observation, state)].filter((look) => look.atMs > atMs - staleAfterMs(rules));
  const kept = fresh.slice(-Math.max(rules.down.of, rules.recoverAfter));
  const noted = { ...withSaid(health, observation), recent: fromFirstOther(kept, health.state) };
  return state === 'up' ? noted : relapsing(noted, atMs, rules);
};

type Change = { readonly state: ConfirmedState; readonly sinceMs: number };

/** N of the last M looks at least that bad, the newest among them. */
const worsening = (looks: readonly Look[], state: ConfirmedState, { down }: WatchRules): Change | undefined => {
  const last = looks.slice(-down.of);
  if (severityOf(last.at(-1)?.state ?? 'up') <= severityOf(state)) return undefined;
  for (const worse of confirmedStates.slice(severityOf(state) + 1).toReversed()) {
    const agreeing = last.filter((look) => severityOf(look.state) >= severityOf(worse));
    const [first] = agreeing;
    if (first !== undefined && agreeing.length >= down.looks) return { state: worse, sinceMs: first.atMs };
  }
  return undefined;
};

/** So many looks in a row that are better; the worst of them is believed. */
const improving = (looks: readonly Look[], state: ConfirmedState, { recoverAfter }: WatchRules): Change | undefined => {
  const last = looks.slice(-recoverAfter);
  const [first] = last;
  if (
    first === undefined ||
    last.length < recoverAfter ||
    last.some((look) => severityOf(look.state) >= severityOf(state))
  )
    return undefined;
  const worst = Math.max(...last.map((look) => severityOf(look.state)));
  return { state: confirmedStates[worst] ?? 'up', sinceMs: first.atMs };
};

/** Whether an endpoint is flapping: it relapsed soon after a recovery, and has not kept one state for as long since. */
export const isFlapping = ({ trouble, sinceMs }: Health, rules: WatchRules, nowMs: number): boolean =>
  trouble?.comesAndGoes === true && nowMs - sinceMs < flappingMs(rules);

/** The trouble of a new state; `faults` are those of the look that bears it out, and kept after a recovery. */
const troubleAfter = (health: Health, to: Change, look: Look | undefined, rules: WatchRules): Health['trouble'] => {
  const trouble = troubleOf(health, to, rules);
  if (trouble === undefined || to.state === 'up') return trouble;
  const { faults: _before, ...kept } = trouble;
  return { ...kept, ...faultsIn(look ?? {}) };
};

const troubleOf = ({ state, sinceMs, trouble }: Health, to: Change, rules: WatchRules): Health['trouble'] => {
  const isSoon = to.sinceMs - sinceMs < flappingMs(rules);
  if (to.state === 'up')
    return trouble === undefined || isSoon ? trouble : { sinceMs: trouble.sinceMs, ...faultsIn(trouble) };
  if (state !== 'up') return trouble ?? { sinceMs };
  return trouble === undefined ? { sinceMs: to.sinceMs } : { sinceMs: trouble.sinceMs, comesAndGoes: true };
};

/**
 * Concludes from the looks noted so far; the same object comes back when nothing follows from them.
 *
 * | looks | state |
 * | --- | --- |
 * | N of the last M are worse, the newest too | the worst state that N of them bear out |
 * | the last R are better | the worst of those |
 * | else | stays |
 *
 * Looks inside one of the spans are no evidence of anything worse.
 */
export const settled = (health: Health, rules: WatchRules, spans: readonly Span[]): Health => {
  const { state, recent } = health;
  if (recent.length === 0) return health;
  const inSpan = (atMs: number): boolean => spans.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
  const looks = recent.filter((look) => severityOf(look.state) <= severityOf(state) || !inSpan(look.atMs));
  const change = worsening(looks, state, rules) ?? improving(looks, state, rules);
  if (change === undefined) return health;
  const evidence =
    looks.findLast((look) => look.state === change.state) ?? looks.findLast((look) => look.said !== undefined);
  const said = evidence?.said ?? looks.findLast((look) => look.said !== undefined)?.said;
  const trouble = troubleAfter(health, change, evidence, rules);
  const { said: _before, trouble: _trouble, ...kept } = health;
  return {
    ...kept,
    ...change,
    recent: fromFirstOther(recent, change.state),
    ...(trouble === undefined ? {} : { trouble }),
    ...(change.state === 'up' || said === undefined ? {} : { said }),
  };
};
