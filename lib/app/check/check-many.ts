import { concurrently } from '../../core/base/concurrently.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import { type ReadFilter, readFilter } from '../../core/filter/endpoint-filter.ts';
import { givenFilters } from '../../core/grammar/filter-parts.ts';
import { commandLine } from '../../core/grammar/line.ts';
import { table } from '../../core/grammar/table.ts';
import type { BatchProber } from '../../core/probe-report/report.ts';
import type { CheckResult } from '../../core/watch/health/check-result.ts';
import {
  checkingManyMessage,
  checkManyMessage,
  noneToCheckMessage,
  resultGoneMessage,
} from '../../messages/check/check-many-message.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { type ProbedEndpoint, probeEndpoints } from '../probe/probe-endpoints.ts';
import { checkId, readCheckResult, saveCheckResult } from '../state/check-result.ts';
import { keep, keepProbe } from '../state/keep-probe.ts';
import { type Progress, showProgress } from './check-progress.ts';
import { checkedRows } from './check-rows.ts';
import { type ChosenEndpoints, chooseRegistered, chooseUnregisteredNames } from './choose-endpoints-to-check.ts';
import { allAskedToWait, recordBusyServer } from './recipient-check.ts';

/** Kept back for writing down what was seen, and for telling it. */
const keptForAnswerMs = 12_000;
const writesAtOnce = 20;
/** In one wave of invocations all are begun at once; smaller ones end sooner, and show how far the check is. Half as many as watch has, for several people may check at once. */
const invocationsAtOnce = 4;
const shards = { smallest: 5, largest: 100 };
const troublesKept = 3;

/** Options that only one endpoint has; a port and a mode are for the unregistered, too, which have none. */
const ofOneAlone = ({ port, sslMode, rcpt, deliver, unregistered }: Request<'check'>['command']): readonly string[] => [
  ...(port === undefined || unregistered ? [] : ['--port']),
  ...(sslMode === undefined || unregistered ? [] : ['--ssl-mode']),
  ...(rcpt === undefined ? [] : ['--rcpt']),
  ...(deliver ? ['--deliver'] : []),
];

/** `all`, or a pattern, and what narrows it, as they stand after `check`. */
const askedText = (command: Request<'check'>['command']): string => {
  const { hostname, port, sslMode } = command;
  const given = new Map<string, readonly string[]>([['hostname', [hostname]], ...givenFilters(command)]);
  if (port !== undefined) given.set('port', [port]);
  if (sslMode !== undefined) given.set('ssl-mode', [sslMode]);
  const line = commandLine(table.check, given);
  return line.slice('check '.length);
};

/** What is wrong with the command line, as sentences; empty: nothing. */
const mistakes = (command: Request<'check'>['command'], read: ReadFilter): readonly string[] => {
  const options = ofOneAlone(command);
  return [
    ...(read.ok ? [] : read.lines),
    ...(options.length === 0
      ? []
      : [
          `${options.join(', ')}: this works for one hostname only. A check of many uses what is registered, and tries no recipient.`,
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

/** What is known now counts as the last probe of each, for whoever looks at it; a prober that failed has seen nothing. */
const remember = (
  ports: Ports,
  looked: readonly ProbedEndpoint[],
  areRegistered: boolean,
  signal: AbortSignal,
): Promise<void> =>
  concurrently(looked, writesAtOnce, async ({ definition: { hostname }, atMs, result }) => {
    if (!result.ok) return;
    const { report } = result;
    if (areRegistered) await keepProbe(ports, hostname, { at: new Date(atMs).toISOString(), result }, signal);
    await keep(ports, 'that a server is busy', { hostname }, () => recordBusyServer(ports, hostname, report, signal));
  });

/** A page of a finished check, to whom it is granted: nobody looks again. */
const showPage = async (
  ports: Ports,
  request: Request<'check'>,
  id: string,
  may: (hostname: string) => boolean,
  deadline: Deadline,
) => {
  const { page = 1 } = request.command;
  const asked = askedText(request.command);
  const result = await readCheckResult(ports.state, id, deadline.signal);
  if (result === undefined) return answer(ports, request, resultGoneMessage(asked), deadline);
  const rows = result.rows.filter(({ hostname }) => may(hostname));
  return answer(ports, request, checkManyMessage({ ...result, rows, id, page }), deadline);
};

/** Probes them, as far as the time goes, and says how far it is. */
const probeAll = async (
  ports: Ports,
  request: Request<'check'>,
  definitions: readonly Definition[],
  progress: Progress,
  deadline: Deadline,
) => {
  const { clock, batchProber } = ports;
  const untilMs = deadline.atMs - keptForAnswerMs;
  let reached = 0;
  const tell = (): void =>
    progress.told(
      checkingManyMessage({ asked: askedText(request.command), done: reached, of: definitions.length, untilMs }),
    );
  tell();
  const prober = counting(batchProber, request.requestId, (endpoints) => {
    reached += endpoints;
    if (reached < definitions.length) tell();
  });
  const shardSize = Math.min(
    shards.largest,
    Math.max(shards.smallest, Math.ceil(definitions.length / invocationsAtOnce)),
  );
  // An invocation that hangs must not use up the time that is kept for the answer.
  const atLast = AbortSignal.timeout(Math.max(0, untilMs - clock.now()));
  return probeEndpoints(
    { prober, clock, shardSize, lanesAtOnce: invocationsAtOnce },
    definitions.map((definition) => ({ definition })),
    { atMs: untilMs, signal: AbortSignal.any([deadline.signal, atLast]) },
  );
};

const look = async (
  ports: Ports,
  request: Request<'check'>,
  { endpoints, areRegistered, troubles }: ChosenEndpoints,
  progress: Progress,
  deadline: Deadline,
) => {
  const { clock, state } = ports;
  const { signal } = deadline;
  const { page = 1 } = request.command;
  const asked = askedText(request.command);
  const startedAtMs = clock.now();
  const busy = await allAskedToWait(ports, signal);
  const definitions = endpoints.map(({ definition }) => definition).filter(({ hostname }) => !busy.has(hostname));
  const looked = await probeAll(ports, request, definitions, progress, deadline);
  const failures = looked.flatMap(({ result }) => (result.ok ? [] : [result.failure.message]));
  const result: CheckResult = {
    asked,
    userId: request.actor.userId,
    atMs: startedAtMs,
    durationMs: clock.now() - startedAtMs,
    troubles: [...troubles, ...new Set(failures)].slice(0, troublesKept),
    rows: await checkedRows(ports, endpoints, looked, busy, signal),
  };
  const id = checkId(request.requestId);
  await remember(ports, looked, areRegistered, signal);
  await keep(ports, 'the result of a check', { id }, () => saveCheckResult(state, id, result, clock.now(), signal));
  return progress.finish(checkManyMessage({ ...result, id, page }));
};

/** Probes every endpoint that is named by `all` or a pattern and granted to the person, and shows how they are, the worst first. */
export const checkMany = (ports: Ports, request: Request<'check'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { command } = request;
    const { signal } = deadline;
    const { result: id, among } = command;
    const read = readFilter(command);
    const wrong = mistakes(command, read);
    const refused = (lines: readonly string[]): Promise<Outcome> =>
      answer(ports, request, plainRefusal([...lines, 'Nothing was probed.']), deadline);
    if (wrong.length > 0 || !read.ok) return refused(wrong);
    const may = await permitted(ports, request, signal);
    if (id !== undefined) return showPage(ports, request, id, may, deadline);
    const mayCheck = (hostname: string): boolean => (among?.includes(hostname) ?? true) && may(hostname);
    const chosen = read.filter.unregistered
      ? await chooseUnregisteredNames(ports, command, read.filter, mayCheck, signal)
      : await chooseRegistered(ports, read.filter, mayCheck, signal);
    if ('lines' in chosen) return refused(chosen.lines);
    if (chosen.endpoints.length === 0) return answer(ports, request, noneToCheckMessage(askedText(command)), deadline);
    const progress = showProgress(ports, request, deadline);
    return look(ports, request, chosen, progress, deadline).finally(progress.stop);
  });
