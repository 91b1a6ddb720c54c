import type { Deadline } from '../deadline.ts';
import { parseHostname } from '../endpoint/hostname.ts';
import type { Entry } from '../ledger/entry.ts';
import { auditStream } from '../ledger/entry.ts';
import { type ChangeState, fold } from '../ledger/fold.ts';
import { authorise } from '../policy/authorise.ts';
import { type HistoryRow, historyMessage } from '../slack/messages/history-message.ts';
import { plainRefusal, refusedMessage } from '../slack/messages/refused-message.ts';
import { pageOf } from '../slack/paginate.ts';
import { authorised } from './authorised.ts';
import { announcementKey, announcementStatus } from './change/announcements.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer } from './refuse.ts';
import { verifyHistory } from './verify-history.ts';

const dayMs = 86_400_000;
const defaultSince = '7d';
const longestSinceDays = 366;

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs };

/** `90m`, `12h`, `7d`, `2w`, or a day such as `2026-01-31`: milliseconds since the epoch; undefined where it is none of these. */
export const parseSince = (text: string, nowMs: number): number | undefined => {
  const span = /^(\d{1,5})([mhdw])$/.exec(text);
  const unit = span?.[2] === undefined ? undefined : unitsMs[span[2]];
  const start =
    unit === undefined ? (/^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN) : nowMs - Number(span?.[1]) * unit;
  return Number.isNaN(start) || start > nowMs || nowMs - start > longestSinceDays * dayMs ? undefined : start;
};

const rowsOf = (entries: readonly Entry[]): HistoryRow[] => {
  const changes = [...fold(entries).changes.values()].map((change: ChangeState): HistoryRow => ({ kind: 'change', at: change.requestedAt, change }));
  const refusals = entries.flatMap(({ at, body, stream }): HistoryRow[] =>
    body.kind === 'refused' ? [{ kind: 'refused', at, refusal: body, stream }] : [],
  );
  return [...changes, ...refusals];
};

/** Every stream in which something happened since then. */
const streamsSince = async (ports: Ports, sinceMs: number, signal: AbortSignal): Promise<readonly string[]> => {
  const names = new Set<string>();
  for (let day = Math.floor(sinceMs / dayMs); day <= Math.floor(ports.clock.now() / dayMs); day += 1) {
    for (const { stream } of await ports.ledger.byDay(new Date(day * dayMs).toISOString().slice(0, 10), signal)) names.add(stream);
  }
  names.delete(auditStream);
  return [...names];
};

/** What was asked for, by whom, and what became of it: of one hostname, or since a day of all that the person may ask about. Newest first. */
export const history = async (ports: Ports, request: Request<'history'>, deadline: Deadline): Promise<Outcome> => {
  const { signal } = deadline;
  const { hostname: text, since, by, page } = request.command;
  const parsed = text === undefined ? undefined : parseHostname(text);
  if (parsed !== undefined && 'findings' in parsed) return answer(ports, request, refusedMessage('history', parsed.findings, undefined), deadline);
  const hostname = parsed?.hostname;
  return authorised(ports, request, hostname, deadline, async () => {
    const sinceMs = parseSince(since ?? (hostname === undefined && !request.command.verify ? defaultSince : '366d'), ports.clock.now());
    if (sinceMs === undefined) {
      const lines = [`since: "${since}" is no span of time within a year. Write 90m, 12h, 7d, 2w, or a day such as 2026-01-31.`];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    if (request.command.verify) return verifyHistory(ports, request, hostname, sinceMs, deadline);
    const isAllowed = (stream: string): boolean => authorise(ports.policy, request.actor, 'history', stream).allowed;
    const streams = hostname === undefined ? (await streamsSince(ports, sinceMs, signal)).filter(isAllowed) : [hostname];
    const rows: HistoryRow[] = [];
    for (const stream of streams) rows.push(...rowsOf(await ports.ledger.read(stream, signal)));
    const actorOf = (row: HistoryRow): string => (row.kind === 'change' ? row.change.actor.userId : row.refusal.actor.userId);
    const chosen = rows
      .filter((row) => Date.parse(row.at) >= sinceMs && (by === undefined || actorOf(row) === by))
      .sort((one, other) => (one.at < other.at ? 1 : -1));
    const shown = pageOf(chosen, page);
    const permalinks = new Map<string, string | null>();
    for (const row of shown.items) {
      if (row.kind !== 'change') continue;
      const status = await announcementStatus(ports.state, announcementKey(row.change), signal);
      if (status?.status === 'announced') permalinks.set(row.change.changeId, status.permalink);
    }
    return answer(ports, request, historyMessage({ page: shown, permalinks, hostname, since, by }), deadline);
  });
};
