import type { Deadline } from '../../core/base/deadline.ts';
import { spanMs } from '../../core/base/span.ts';
import { parseHostname } from '../../core/endpoint/hostname.ts';
import { readTarget } from '../../core/endpoint/target-text.ts';
import type { HistoryFilter } from '../../core/ledger/history-filter.ts';
import { pageOf } from '../../messages/block-kit/paginate.ts';
import { historyMessage, historyRowCharacters } from '../../messages/history/history-message.ts';
import { plainRefusal, refusedMessage, refusedTarget } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { readStreams } from '../history/asked-streams.ts';
import { exportHistory } from '../history/export-history.ts';
import { mayReadBulk, rowsOf } from '../history/history-rows.ts';
import { currentRows, permalinksOf } from '../history/shown-rows.ts';
import { verifyHistory } from '../history/verify-history.ts';
import { personNamed, unknownPersonText } from '../ledger/person-named.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

const dayMs = 86_400_000;
const defaultSince = '7d';
const longestSinceDays = 366;

/** `90m`, `12h`, `7d`, `2w`, or a day such as `2026-01-31`: milliseconds since the epoch; undefined if it is anything else. */
export const parseSince = (text: string, nowMs: number): number | undefined => {
  const span = spanMs(text);
  const start =
    span === undefined
      ? /^\d{4}-\d{2}-\d{2}$/.test(text)
        ? Date.parse(`${text}T00:00:00Z`)
        : Number.NaN
      : nowMs - span;
  return Number.isNaN(start) || start > nowMs || nowMs - start > longestSinceDays * dayMs ? undefined : start;
};

/** How far back where nobody says: a name or a target is looked up, anything else is news. */
const sinceOf = ({ hostname, target, since, verify }: Request<'history'>['command']): string =>
  since ?? (hostname === undefined && target === undefined && !verify ? defaultSince : `${longestSinceDays}d`);

/**
 * What was asked for, by whom, and what happened to it: of one hostname, or since a day of all that the person may ask about; newest first, as a table or
 * as a file.
 */
export const history = async (ports: Ports, request: Request<'history'>, deadline: Deadline): Promise<Outcome> => {
  const { signal } = deadline;
  const { command } = request;
  const { since, by, page } = command;
  const parsed = command.hostname === undefined ? undefined : parseHostname(command.hostname);
  if (parsed !== undefined && 'findings' in parsed)
    return answer(ports, request, refusedMessage('show the history of', parsed.findings, undefined), deadline);
  const hostname = parsed?.hostname;
  return authorised(ports, request, hostname, deadline, async () => {
    const read = command.target === undefined ? undefined : readTarget(command.target);
    if (read?.kind === 'invalid') return answer(ports, request, refusedTarget('history', read), deadline);
    const target = read?.kind === 'address' ? read.address.text : read?.name;
    const sinceMs = parseSince(sinceOf(command), ports.clock.now());
    if (sinceMs === undefined) {
      const lines = [
        `since: "${since}" is not a time span within the last year. Write 90m, 12h, 7d, 2w, or a day such as 2026-01-31.`,
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    if (command.verify && (command.export || by !== undefined || target !== undefined)) {
      const lines = [
        'verify: it compares whole chains with the audit channel, so it cannot be combined with --by, --target or --export.',
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    if (command.verify) return verifyHistory(ports, request, hostname, sinceMs, deadline);
    const may = hostname === undefined ? await permitted(ports, request, signal) : () => true;
    const { streams, cutAt } = await readStreams(ports, hostname, sinceMs, may, signal);
    const person = by === undefined ? undefined : personNamed(by, [...streams.values()].flat());
    if (person?.kind === 'unknown') {
      return answer(
        ports,
        request,
        plainRefusal([unknownPersonText(by ?? '', person.names, sinceOf(command))]),
        deadline,
      );
    }
    const filter: HistoryFilter = { sinceMs, by: person?.userId, target };
    if (command.export) {
      const asked = { streams: [...streams.keys()], isCut: cutAt !== undefined, filter, hostname, since, may };
      return exportHistory(ports, request, asked, deadline);
    }
    const rows = [...streams]
      .flatMap(([stream, entries]) => rowsOf(stream, entries, filter, hostname !== undefined))
      .filter((row) => row.kind !== 'bulk' || mayReadBulk(row.bulk, may, false))
      .sort((one, other) => (one.at < other.at ? 1 : -1));
    const found = pageOf(rows, page, historyRowCharacters(hostname));
    const items = hostname === undefined ? await currentRows(ports, found.items, signal) : found.items;
    const permalinks = await permalinksOf(ports, items, signal);
    const message = historyMessage({
      page: { ...found, items },
      permalinks,
      hostname,
      since,
      by: filter.by,
      target,
      ...(cutAt === undefined ? {} : { cutAt }),
    });
    return answer(ports, request, message, deadline);
  });
};
