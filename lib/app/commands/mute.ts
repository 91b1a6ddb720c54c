import type { Deadline } from '../../core/base/deadline.ts';
import { spanMs } from '../../core/base/span.ts';
import { zonedTimeMs } from '../../core/base/zoned-time.ts';
import { parseHostname } from '../../core/endpoint/hostname.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { fold } from '../../core/ledger/fold.ts';
import { standingMembers } from '../../core/watch/incident.ts';
import type { Mute } from '../../core/watch/mute.ts';
import { plainRefusal, refusedMessage } from '../../messages/refused-message.ts';
import { muteMessage, unmuteMessage } from '../../messages/watch/mute-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { appendAtEnd } from '../ledger/append.ts';
import { askToNotify } from '../notify/notify-open-incidents.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { listIncidents } from '../state/incident-store.ts';
import { listMutes, removeMute, saveMute } from '../state/mute-store.ts';

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

/** Has the open incidents of a hostname say at once what became of its mutes; should that be lost, watch makes it good. */
const tellIncidents = async (ports: Ports, hostname: string, occasion: string, signal: AbortSignal): Promise<void> => {
  const open = (await listIncidents(ports.state, signal)).filter(
    (each) => each.closedAtMs === undefined && standingMembers(each).some((member) => member.hostname === hostname),
  );
  for (const incident of open) await askToNotify(ports, incident, occasion, signal);
};

/** What both verbs need: a hostname that is registered, and the right to it. */
const ofRegistered = async (
  ports: Ports,
  request: Request<'mute'> | Request<'unmute'>,
  deadline: Deadline,
  goOn: (hostname: string, entries: readonly Entry[]) => Promise<Outcome>,
): Promise<Outcome> => {
  const parsed = parseHostname(request.command.hostname);
  if (!('hostname' in parsed))
    return answer(ports, request, refusedMessage(request.command.verb, parsed.findings, undefined), deadline);
  const { hostname } = parsed;
  return authorised(ports, request, hostname, deadline, async () => {
    const entries = await ports.ledger.read(hostname, deadline.signal);
    if (fold(entries).definition === undefined) {
      const lines = [
        `hostname: ${hostname} is not registered, so it is not watched.`,
        'What is registered: /postal-endpoint list',
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    return goOn(hostname, entries);
  });
};

/** Keeps alerts about one endpoint back for a while, from now or from a time on; it goes on being looked at, and it is written down who wanted that. */
export const mute = (ports: Ports, request: Request<'mute'>, deadline: Deadline): Promise<Outcome> =>
  ofRegistered(ports, request, deadline, async (hostname, entries) => {
    const { requestId, actor, text, command } = request;
    const window = windowOf(command.duration, command.from, ports.policy.timeZone ?? 'UTC', ports.clock.now());
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
      hostname,
      fromMs,
      untilMs,
      by: actor.userId,
      ...(command.reason === undefined ? {} : { reason: command.reason }),
    };
    if (before === undefined) {
      const [from, until] = [new Date(fromMs).toISOString(), new Date(untilMs).toISOString()];
      await appendAtEnd(
        ports,
        hostname,
        { kind: 'muted', requestId, actor, text, from, until, reason: command.reason ?? null },
        deadline.signal,
      );
    }
    await saveMute(ports.state, entered, deadline.signal);
    await tellIncidents(ports, hostname, requestId, deadline.signal);
    return answer(ports, request, muteMessage(entered, ports.clock.now()), deadline);
  });

/** Ends what keeps alerts about one endpoint back, and what was planned to. */
export const unmute = (ports: Ports, request: Request<'unmute'>, deadline: Deadline): Promise<Outcome> =>
  ofRegistered(ports, request, deadline, async (hostname, entries) => {
    const { requestId, actor, text } = request;
    const mutes = (await listMutes(ports.state, deadline.signal)).filter((each) => each.hostname === hostname);
    const wasEnded = recorded(entries, requestId) !== undefined;
    if (mutes.length > 0 && !wasEnded)
      await appendAtEnd(ports, hostname, { kind: 'unmuted', requestId, actor, text }, deadline.signal);
    for (const each of mutes) await removeMute(ports.state, each, deadline.signal);
    await tellIncidents(ports, hostname, requestId, deadline.signal);
    return answer(ports, request, unmuteMessage(hostname, mutes.length > 0 || wasEnded), deadline);
  });
