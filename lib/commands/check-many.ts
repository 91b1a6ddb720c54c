import { concurrently } from '../concurrently.ts';
import type { Deadline } from '../deadline.ts';
import { normaliseName } from '../endpoint/hostname.ts';
import { matchesHostname, patternMistake } from '../policy/hostname-pattern.ts';
import type { BatchProber } from '../probe/report.ts';
import { checkingManyMessage, checkManyMessage, noneToCheckMessage, resultGoneMessage } from '../slack/messages/check-many-message.ts';
import { plainRefusal } from '../slack/messages/refused-message.ts';
import { byState } from '../slack/messages/state-words.ts';
import { briefOf } from '../watch/brief.ts';
import { listDrifts } from '../watch/drift-store.ts';
import { listHealths } from '../watch/health-store.ts';
import { observeRegistered } from '../watch/observe-registered.ts';
import { type Looked, probeEndpoints } from '../watch/probe-endpoints.ts';
import { authorised } from './authorised.ts';
import { showProgress } from './check-progress.ts';
import { type CheckedRow, type CheckResult, checkId, readCheckResult, saveCheckResult } from './check-result.ts';
import { listRegistered, type Registered, saveProbe } from './directory.ts';
import { permitted } from './permitted.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer } from './refuse.ts';
import { allAskedToWait, heedBusyServer } from './trial.ts';

/** Kept back for writing down what was seen, and for telling it. */
const keptForAnswerMs = 12_000;
const writesAtOnce = 20;
/** In one wave of invocations all are begun at once; smaller ones end sooner, and show how far the check is. */
const invocationsAtOnce = 8;
const shards = { smallest: 5, largest: 100 };
const troublesKept = 3;

/** Whether a check is of many: of all that is registered, or of what fits a pattern. */
export const isOfMany = (text: string): boolean => text.toLowerCase() === 'all' || text.includes('*');

const patternOf = (text: string): string => (text.toLowerCase() === 'all' ? '*' : normaliseName(text));

/** Options that only one endpoint has. */
const ofOneAlone = ({ port, sslMode, rcpt, deliver }: Request<'check'>['command']): readonly string[] => [
  ...(port === undefined ? [] : ['--port']),
  ...(sslMode === undefined ? [] : ['--ssl-mode']),
  ...(rcpt === undefined ? [] : ['--rcpt']),
  ...(deliver ? ['--deliver'] : []),
];

/** What is wrong with the command line, as sentences; empty: nothing. */
const mistakes = (command: Request<'check'>['command']): readonly string[] => {
  const pattern = patternMistake(patternOf(command.hostname));
  const options = ofOneAlone(command);
  return [
    ...(pattern === undefined ? [] : [`hostname: ${pattern}. Write all, or a pattern such as *.mail.corp.internal.`]),
    ...(options.length === 0
      ? []
      : [
          `${options.join(', ')}: each endpoint is checked as it is registered, and no recipient is tried at many. Leave that out, or name one hostname.`,
        ]),
  ];
};

/** A prober that says how far it is, and asks in the name of the command. */
const counting = (prober: BatchProber, requestId: string, progressed: (endpoints: number) => void): BatchProber => ({
  probeMany: async (requests, signal) => {
    const results = await prober.probeMany(
      requests.map((request) => ({ ...request, requestId })),
      signal,
    );
    progressed(requests.length);
    return results;
  },
});

/** Where the state is the same, the slower ones stand above. */
const worstFirst = (one: CheckedRow, other: CheckedRow): number => {
  // What was not reached stands with what nothing can be said of.
  const states = byState(one.state ?? 'inconclusive', other.state ?? 'inconclusive');
  return states !== 0 ? states : (other.latencyMs ?? 0) - (one.latencyMs ?? 0) || (one.hostname < other.hostname ? -1 : 1);
};

/** Holds what was met against what is registered, a row each, the worst first. */
const rowsOf = async (ports: Ports, chosen: readonly Registered[], looked: readonly Looked[], busy: ReadonlySet<string>, signal: AbortSignal) => {
  const [healths, drifts] = await Promise.all([listHealths(ports.state, signal), listDrifts(ports.state, signal)]);
  const met = new Map<string, Looked>(looked.map((one) => [one.definition.hostname, one]));
  const rows = chosen.map((registered): CheckedRow => {
    const { hostname } = registered.definition;
    const one = met.get(hostname);
    if (one === undefined)
      return busy.has(hostname)
        ? { hostname, state: 'inconclusive', brief: 'left alone: it answered 421 just now' }
        : { hostname, brief: 'not reached in time' };
    const observation = observeRegistered(registered, one, { health: healths.get(hostname), drift: drifts.get(hostname) }, ports);
    const { state, latencyMs } = observation;
    return { hostname, state, brief: briefOf(observation, one.result, ports.profile), ...(latencyMs === undefined ? {} : { latencyMs }) };
  });
  return rows.sort(worstFirst);
};

/** What is known now counts as the last probe of each, for whoever looks at it; a prober that failed has seen nothing. */
const remember = (ports: Ports, looked: readonly Looked[], signal: AbortSignal): Promise<void> =>
  concurrently(looked, writesAtOnce, async ({ definition: { hostname }, atMs, result }) => {
    if (!result.ok) return;
    await saveProbe(ports.state, hostname, { at: new Date(atMs).toISOString(), result }, signal);
    await heedBusyServer(ports, hostname, result.report, signal);
  });

/** A page of a finished check, to whom it is granted: nobody looks again. */
const showPage = async (ports: Ports, request: Request<'check'>, id: string, may: (hostname: string) => boolean, deadline: Deadline) => {
  const { hostname: asked, page = 1 } = request.command;
  const result = await readCheckResult(ports.state, id, deadline.signal);
  if (result === undefined) return answer(ports, request, resultGoneMessage(asked), deadline);
  const rows = result.rows.filter(({ hostname }) => may(hostname));
  return answer(ports, request, checkManyMessage({ ...result, rows, id, page }), deadline);
};

const look = async (ports: Ports, request: Request<'check'>, chosen: readonly Registered[], deadline: Deadline): Promise<Outcome> => {
  const { clock, state } = ports;
  const { requestId, actor } = request;
  const { hostname: asked, page = 1 } = request.command;
  const startedAtMs = clock.now();
  const untilMs = deadline.atMs - keptForAnswerMs;
  const busy = await allAskedToWait(ports, deadline.signal);
  const definitions = chosen.map(({ definition }) => definition).filter(({ hostname }) => !busy.has(hostname));
  const progress = showProgress(ports, request, deadline);
  let reached = 0;
  const tell = (): void => progress.told(checkingManyMessage({ asked, done: reached, of: definitions.length, untilMs }));
  tell();
  const prober = counting(ports.batchProber, requestId, (endpoints) => {
    reached += endpoints;
    if (reached < definitions.length) tell();
  });
  const shardSize = Math.min(shards.largest, Math.max(shards.smallest, Math.ceil(definitions.length / invocationsAtOnce)));
  // An invocation that hangs must not take the time in which people are told.
  const atLast = AbortSignal.timeout(Math.max(0, untilMs - startedAtMs));
  const probing = { atMs: untilMs, signal: AbortSignal.any([deadline.signal, atLast]) };
  const looked = await probeEndpoints({ prober, clock, shardSize }, definitions, probing);
  const failures = looked.flatMap(({ result }) => (result.ok ? [] : [result.failure.message]));
  const result: CheckResult = {
    asked,
    userId: actor.userId,
    atMs: startedAtMs,
    durationMs: clock.now() - startedAtMs,
    troubles: [...new Set(failures)].slice(0, troublesKept),
    rows: await rowsOf(ports, chosen, looked, busy, deadline.signal),
  };
  const id = checkId(requestId);
  await remember(ports, looked, deadline.signal);
  await saveCheckResult(state, id, result, clock.now(), deadline.signal);
  return progress.finish(checkManyMessage({ ...result, id, page }));
};

/** Probes every registered endpoint that is named by `all` or a pattern and granted to the person, and shows how they are, the worst first. */
export const checkMany = (ports: Ports, request: Request<'check'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { hostname: asked, result: id } = request.command;
    const wrong = mistakes(request.command);
    if (wrong.length > 0) return answer(ports, request, plainRefusal([...wrong, 'Nothing was probed.']), deadline);
    const may = await permitted(ports, request, deadline.signal);
    if (id !== undefined) return showPage(ports, request, id, may, deadline);
    const pattern = patternOf(asked);
    const chosen = (await listRegistered(ports.state, deadline.signal)).filter(
      ({ definition: { hostname } }) => matchesHostname(pattern, hostname) && may(hostname),
    );
    if (chosen.length === 0) return answer(ports, request, noneToCheckMessage(asked), deadline);
    return look(ports, request, chosen, deadline);
  });
