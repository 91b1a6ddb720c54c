import { concurrently } from '../../core/base/concurrently.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { spanMs } from '../../core/base/span.ts';
import type { BulkChange, BulkProposal } from '../../core/bulk/bulk-proposal.ts';
import { undoSince } from '../../core/bulk/undo-since.ts';
import { printable } from '../../core/endpoint/printable.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { fold } from '../../core/ledger/fold.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { requestBulk } from '../bulk/request-bulk.ts';
import { entriesOfDay } from '../ledger/entries-of-day.ts';
import { personNamed, unknownPersonText } from '../ledger/person-named.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

const dayMs = 86_400_000;
/** Longer is no slip of the hand any more, and costs reading many days of the ledger. */
const longestMs = 7 * dayMs;
const streamsAtOnce = 8;

/** The hostnames with a change that was applied since then. */
const changedSince = async (
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  sinceMs: number,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const names = new Set<string>();
  for (let day = Math.floor(sinceMs / dayMs); day <= Math.floor(clock.now() / dayMs); day += 1) {
    for await (const { stream, at, body } of entriesOfDay(
      ledger,
      new Date(day * dayMs).toISOString().slice(0, 10),
      signal,
    ))
      if (body.kind === 'applied' && Date.parse(at) >= sinceMs) names.add(stream);
  }
  return [...names].sort();
};

const entriesOf = async (
  { ledger }: Pick<Ports, 'ledger'>,
  hostnames: readonly string[],
  signal: AbortSignal,
): Promise<readonly Entry[]> => {
  const found = new Map<string, readonly Entry[]>();
  await concurrently(hostnames, streamsAtOnce, async (hostname) => {
    found.set(hostname, await ledger.read(hostname, signal));
  });
  return hostnames.flatMap((hostname) => found.get(hostname) ?? []);
};

/** What is to be undone, and which names are left out because somebody else changed them after. */
const proposed = async (
  ports: Ports,
  hostnames: readonly string[],
  sinceMs: number,
  userId: string,
  signal: AbortSignal,
): Promise<Pick<BulkProposal, 'changes' | 'leftOut'> & { readonly userName: string }> => {
  const found = new Map<string, ReturnType<typeof undoSince>>();
  await concurrently(hostnames, streamsAtOnce, async (hostname) => {
    const stream = fold(await ports.ledger.read(hostname, signal));
    found.set(
      hostname,
      undoSince(stream, sinceMs, ({ actor }) => actor.userId === userId),
    );
  });
  const changes: BulkChange[] = [];
  let userName = userId;
  const leftOut: { readonly what: string; readonly reason: string }[] = [];
  for (const hostname of hostnames) {
    const each = found.get(hostname);
    if (each?.kind === 'undo') {
      const { oldest, last } = each;
      userName = oldest.actor.userName;
      changes.push({
        verb: 'undo',
        hostname,
        change: oldest.changeId,
        ...(last === oldest ? {} : { upTo: last.changeId }),
      });
    }
    if (each?.kind === 'changed-since') {
      const { actor, changeId } = each.by;
      leftOut.push({
        what: hostname,
        reason: `@${actor.userName} changed it after that, with ${shortChangeId(changeId)}.`,
      });
    }
  }
  return { changes, leftOut, userName };
};

/** Takes back what somebody changed since a while ago, as one bulk: one's own changes, or with the right `undo:others` those of the person in `--by`. */
export const undoRecent = async (
  ports: Ports,
  request: Request<'undo'>,
  since: string,
  deadline: Deadline,
): Promise<Outcome> => {
  const { actor, command } = request;
  const { signal } = deadline;
  const refuseWith = (...lines: readonly string[]): Promise<Outcome> =>
    answer(ports, request, plainRefusal([...lines, 'Nothing was changed.']), deadline);
  const span = spanMs(since);
  if (span === undefined || span > longestMs)
    return refuseWith(`since: "${printable(since)}" is not a time up to 7 days. Write 90m, 2h or 1d.`);
  const isOwn = command.by === undefined || command.by === actor.userId;
  return authorised(
    ports,
    request,
    undefined,
    deadline,
    async () => {
      const sinceMs = ports.clock.now() - span;
      const may = await permitted(ports, request, signal, isOwn ? 'undo' : 'undo:others');
      const hostnames = (await changedSince(ports, sinceMs, signal)).filter(may);
      const person = isOwn ? undefined : personNamed(command.by ?? '', await entriesOf(ports, hostnames, signal));
      if (person?.kind === 'unknown') return refuseWith(unknownPersonText(command.by ?? '', person.names, since));
      const userId = person?.userId ?? actor.userId;
      const { changes, leftOut, userName } = await proposed(ports, hostnames, sinceMs, userId, signal);
      const whose = isOwn ? 'your' : 'their';
      if (changes.length === 0)
        return refuseWith(
          `There is nothing to undo: none of ${whose} changes in the last ${since} is still in effect.`,
          ...leftOut.slice(0, namedAtMost).map(({ what, reason }) => `${what}: ${reason}`),
        );
      const title = `Undo the changes by @${userName} in the last ${since}`;
      return requestBulk(ports, request, { source: 'undo', title, changes, leftOut }, deadline);
    },
    isOwn ? 'undo' : 'undo:others',
  );
};

const namedAtMost = 10;
