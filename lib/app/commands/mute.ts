import type { Deadline } from '../../core/base/deadline.ts';
import { spanMs } from '../../core/base/span.ts';
import { zonedTimeMs } from '../../core/base/zoned-time.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { standingMembers } from '../../core/watch/incident/incident.ts';
import { coveringMutes, type Mute } from '../../core/watch/mute/mute.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { muteManyMessage, muteMessage, unmuteManyMessage, unmuteMessage } from '../../messages/watch/mute-message.ts';
import { appendAtEnd } from '../ledger/append.ts';
import { type Muted, ofMuted } from '../mute/of-muted.ts';
import { askToNotify } from '../notify/notify-open-incidents.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
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

/** Has the open incidents of these names say at once what happened to their mutes; should that be lost, watch makes it good. */
const tellIncidents = async (
  ports: Ports,
  muted: readonly Muted[],
  occasion: string,
  signal: AbortSignal,
): Promise<void> => {
  const names = new Set<string>(muted.flatMap(({ covered }) => covered.map(({ hostname }) => hostname)));
  const open = (await listIncidents(ports.state, signal)).filter(
    (each) => each.closedAtMs === undefined && standingMembers(each).some(({ hostname }) => names.has(hostname)),
  );
  for (const incident of open) await askToNotify(ports, incident, occasion, signal);
};

/** Enters one mute in ledger and state; one that an earlier delivery entered keeps its times. */
const enter = async (
  ports: Ports,
  { requestId, actor, text, command }: Request<'mute'>,
  { key, isOne, stream, entries }: Muted,
  window: Extract<Window, { ok: true }>,
  signal: AbortSignal,
): Promise<Mute> => {
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
    const reason = command.reason ?? null;
    await appendAtEnd(ports, stream, { kind: 'muted', requestId, actor, text, from, until, reason, ...scope }, signal);
  }
  await saveMute(ports.state, entered, signal);
  return entered;
};

/** Mutes alerts for a while, from now or from a time on; checks continue, and the ledger keeps who wanted that. */
export const mute = (ports: Ports, request: Request<'mute'>, deadline: Deadline): Promise<Outcome> =>
  ofMuted(ports, request, deadline, async (muted) => {
    const { requestId, command } = request;
    const { clock, policy } = ports;
    const window = windowOf(command.duration, command.from, policy.timeZone ?? 'UTC', clock.now());
    if (!window.ok) return answer(ports, request, plainRefusal([window.why, 'Nothing was muted.']), deadline);
    const { length } = [...(command.reason ?? '')];
    if (length > longestReason) {
      const lines = [`reason: it has ${length} characters; ${longestReason} fit. Give the gist.`, 'Nothing was muted.'];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    const [first, ...others] = muted;
    const entered = await enter(ports, request, first, window, deadline.signal);
    for (const each of others) await enter(ports, request, each, window, deadline.signal);
    await tellIncidents(ports, muted, requestId, deadline.signal);
    const message =
      others.length > 0
        ? muteManyMessage(
            entered,
            muted.map(({ key }) => key),
            clock.now(),
          )
        : muteMessage(entered, first.isOne ? undefined : first.covered.length, clock.now());
    return answer(ports, request, message, deadline);
  });

/** Ends what mutes this very hostname, pattern, target or owner; false where nothing did. */
const end = async (
  ports: Ports,
  { requestId, actor, text }: Request<'unmute'>,
  { key, isOne, stream, entries }: Muted,
  all: readonly Mute[],
  signal: AbortSignal,
): Promise<boolean> => {
  const mutes = all.filter(({ hostname }) => hostname === key);
  const wasEnded = recorded(entries, requestId) !== undefined;
  const scope = isOne ? {} : { scope: key };
  if (mutes.length > 0 && !wasEnded)
    await appendAtEnd(ports, stream, { kind: 'unmuted', requestId, actor, text, ...scope }, signal);
  for (const each of mutes) await removeMute(ports.state, each, signal);
  return mutes.length > 0 || wasEnded;
};

/** Ends mutes, and what was planned to; names what else covers a hostname. */
export const unmute = (ports: Ports, request: Request<'unmute'>, deadline: Deadline): Promise<Outcome> =>
  ofMuted(ports, request, deadline, async (muted) => {
    const { state, clock, policy } = ports;
    const { signal } = deadline;
    const all = await listMutes(state, signal);
    const ended: string[] = [];
    for (const each of muted) if (await end(ports, request, each, all, signal)) ended.push(each.key);
    await tellIncidents(ports, muted, request.requestId, signal);
    const [{ key, isOne, covered }, ...more] = muted;
    if (more.length > 0) return answer(ports, request, unmuteManyMessage(ended, muted.length), deadline);
    const others = isOne
      ? coveringMutes(
          all.filter(({ hostname }) => hostname !== key),
          muteRulesOf(policy),
          covered,
          clock.now(),
        )
      : [];
    return answer(ports, request, unmuteMessage(key, ended.length > 0, others, clock.now()), deadline);
  });
