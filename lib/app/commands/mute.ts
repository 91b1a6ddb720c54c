import type { Deadline } from '../../core/base/deadline.ts';
import { spanMs } from '../../core/base/span.ts';
import { zonedTimeMs } from '../../core/base/zoned-time.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import { type Entry, mutesStream } from '../../core/ledger/entry.ts';
import { standingMembers } from '../../core/watch/incident.ts';
import { coveringMutes, type Mute } from '../../core/watch/mute.ts';
import { isCovered, readMuteScope, scopeText } from '../../core/watch/mute-scope.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { muteMessage, unmuteMessage } from '../../messages/watch/mute-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { appendAtEnd } from '../ledger/append.ts';
import { askToNotify } from '../notify/notify-open-incidents.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';
import { listIncidents } from '../state/incident-store.ts';
import { listMutes, removeMute, saveMute } from '../state/mute-store.ts';
import { muteRulesOf } from '../state/mutes-by-name.ts';

const shortestMs = 5 * 60_000;
const longestMs = 14 * 86_400_000;
const furthestMs = 90 * 86_400_000;
/** The alert shows it, and a message of Slack holds so much. */
const longestReason = 500;

type Window =
  | { readonly ok: true; readonly fromMs: number; readonly untilMs: number }
  | { readonly ok: false; readonly why: string };

const windowOf = (duration: string, from: string | undefined, timeZone: string, nowMs: number): Window => {
  const lengthMs = spanMs(duration);
  if (lengthMs === undefined || lengthMs < shortestMs || lengthMs > longestMs)
    return { ok: false, why: `duration: "${duration}" is not a duration from 5m to 14d. Write 30m, 2h or 1d.` };
  const spanToStartMs = from === undefined ? 0 : spanMs(from);
  const fromMs = spanToStartMs === undefined ? zonedTimeMs(from ?? '', timeZone, nowMs) : nowMs + spanToStartMs;
  if (fromMs === undefined)
    return {
      ok: false,
      why: `from: "${from}" is not a valid time. Write 2h for "in two hours", 03:00 or 2026-01-31T22:00 (${timeZone}), or add an offset such as +01:00.`,
    };
  if (fromMs + lengthMs <= nowMs)
    return { ok: false, why: `from: a window from ${from} for ${duration} is already over. Give a later time.` };
  if (fromMs > nowMs + furthestMs) return { ok: false, why: `from: ${from} is more than 90 days away. Plan it later.` };
  return { ok: true, fromMs, untilMs: fromMs + lengthMs };
};

/** The entry that an earlier delivery of this request made. */
const recorded = (entries: readonly Entry[], requestId: string): Entry | undefined =>
  entries.find(({ body }) => (body.kind === 'muted' || body.kind === 'unmuted') && body.requestId === requestId);

/** What is to be muted, where in the ledger that is written down, and the registered names that it covers now. */
type Muted = {
  readonly key: string;
  readonly isOne: boolean;
  readonly stream: string;
  readonly covered: readonly Definition[];
  readonly entries: readonly Entry[];
};

/** Has the open incidents of these names say at once what became of their mutes; should that be lost, watch makes it good. */
const tellIncidents = async (
  ports: Ports,
  { covered }: Muted,
  occasion: string,
  signal: AbortSignal,
): Promise<void> => {
  const names = new Set<string>(covered.map(({ hostname }) => hostname));
  const open = (await listIncidents(ports.state, signal)).filter(
    (each) => each.closedAtMs === undefined && standingMembers(each).some(({ hostname }) => names.has(hostname)),
  );
  for (const incident of open) await askToNotify(ports, incident, occasion, signal);
};

const refusedFor = (ports: Ports, request: Request, lines: readonly string[], deadline: Deadline): Promise<Outcome> =>
  answer(ports, request, plainRefusal([...lines, 'Nothing was changed.']), deadline);

/** What both verbs need: something that covers registered names, and the right to all of these. */
const ofScope = async (
  ports: Ports,
  request: Request<'mute'> | Request<'unmute'>,
  deadline: Deadline,
  goOn: (muted: Muted) => Promise<Outcome>,
): Promise<Outcome> => {
  const { signal } = deadline;
  const read = readMuteScope(request.command.hostname);
  if (!read.ok) return refusedFor(ports, request, [`hostname: ${read.wrong} ${read.right}`], deadline);
  const { scope } = read;
  const key = scopeText(scope);
  const isOne = scope.kind === 'hostname';
  return authorised(ports, request, isOne ? scope.hostname : undefined, deadline, async () => {
    const covered = (await listRegistered(ports.state, signal))
      .map(({ definition }) => definition)
      .filter((definition) => isCovered(scope, definition));
    if (covered.length === 0 && request.command.verb === 'mute')
      return refusedFor(
        ports,
        request,
        [
          isOne
            ? `hostname: ${scope.hostname} is not registered, so it is not watched.`
            : `hostname: ${key} covers no registered name.`,
          'What is registered: /postal-endpoint list',
        ],
        deadline,
      );
    const may = await permitted(ports, request, signal);
    const denied = covered.filter(({ hostname }) => !may(hostname));
    if (denied.length > 0) {
      const { verb } = request.command;
      return refusedFor(
        ports,
        request,
        [
          `hostname: ${key} covers ${denied.length} of ${covered.length} names for which no grant lets you ${verb} alerts. Name those that are yours.`,
        ],
        deadline,
      );
    }
    const stream = isOne ? scope.hostname : mutesStream;
    return goOn({ key, isOne, stream, covered, entries: await ports.ledger.read(stream, signal) });
  });
};

/** Mutes alerts for a while, from now or from a time on; checks continue, and the ledger keeps who wanted that. */
export const mute = (ports: Ports, request: Request<'mute'>, deadline: Deadline): Promise<Outcome> =>
  ofScope(ports, request, deadline, async (muted) => {
    const { key, isOne, stream, covered, entries } = muted;
    const { requestId, actor, text, command } = request;
    const { clock, policy } = ports;
    const window = windowOf(command.duration, command.from, policy.timeZone ?? 'UTC', clock.now());
    if (!window.ok) return answer(ports, request, plainRefusal([window.why, 'Nothing was muted.']), deadline);
    const { length } = [...(command.reason ?? '')];
    if (length > longestReason) {
      const lines = [`reason: it has ${length} characters; ${longestReason} fit. Give the gist.`, 'Nothing was muted.'];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    const before = recorded(entries, requestId)?.body;
    const [fromMs, untilMs] =
      before?.kind === 'muted' ? [Date.parse(before.from), Date.parse(before.until)] : [window.fromMs, window.untilMs];
    const entered: Mute = {
      hostname: key,
      fromMs,
      untilMs,
      by: actor.userId,
      ...(command.reason === undefined ? {} : { reason: command.reason }),
    };
    if (before === undefined) {
      const [from, until] = [new Date(fromMs).toISOString(), new Date(untilMs).toISOString()];
      const scope = isOne ? {} : { scope: key };
      await appendAtEnd(
        ports,
        stream,
        { kind: 'muted', requestId, actor, text, from, until, reason: command.reason ?? null, ...scope },
        deadline.signal,
      );
    }
    await saveMute(ports.state, entered, deadline.signal);
    await tellIncidents(ports, muted, requestId, deadline.signal);
    return answer(ports, request, muteMessage(entered, isOne ? undefined : covered.length, clock.now()), deadline);
  });

/** Ends what mutes this very hostname, pattern, target or owner, and what was planned to; names what else covers a hostname. */
export const unmute = (ports: Ports, request: Request<'unmute'>, deadline: Deadline): Promise<Outcome> =>
  ofScope(ports, request, deadline, async (muted) => {
    const { key, isOne, stream, covered, entries } = muted;
    const { requestId, actor, text } = request;
    const { state, clock, policy } = ports;
    const all = await listMutes(state, deadline.signal);
    const mutes = all.filter(({ hostname }) => hostname === key);
    const wasEnded = recorded(entries, requestId) !== undefined;
    if (mutes.length > 0 && !wasEnded)
      await appendAtEnd(
        ports,
        stream,
        { kind: 'unmuted', requestId, actor, text, ...(isOne ? {} : { scope: key }) },
        deadline.signal,
      );
    for (const each of mutes) await removeMute(state, each, deadline.signal);
    await tellIncidents(ports, muted, requestId, deadline.signal);
    const others = isOne
      ? coveringMutes(
          all.filter(({ hostname }) => hostname !== key),
          muteRulesOf(policy),
          covered,
          clock.now(),
        )
      : [];
    return answer(ports, request, unmuteMessage(key, mutes.length > 0 || wasEnded, others, clock.now()), deadline);
  });
