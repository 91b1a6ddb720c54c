import type { Deadline } from '../deadline.ts';
import { driftOf } from '../dns/registered.ts';
import { normaliseName } from '../endpoint/hostname.ts';
import { fold } from '../ledger/fold.ts';
import { type DriftRow, driftMessage } from '../slack/messages/drift-message.ts';
import { authorised } from './authorised.ts';
import { readName } from './change/proposal.ts';
import { listRegistered } from './directory.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer } from './refuse.ts';

const look = async (ports: Ports, hostname: string, signal: AbortSignal): Promise<DriftRow> => {
  const stream = fold(await ports.ledger.read(hostname, signal));
  const expected = stream.lastApplied?.plan.after ?? [];
  const read = await readName(ports, hostname, signal);
  if (!read.ok) return { hostname, drift: 'unreadable', detail: read.failure.message, expected, standing: [] };
  const { standing } = read.value;
  return { hostname, drift: driftOf(hostname, expected, standing).kind, detail: '', expected, standing };
};

/** Where Route 53 holds something else than what is registered: of one name, or of all. Mends nothing by itself. */
export const drift = (ports: Ports, request: Request<'drift'>, deadline: Deadline): Promise<Outcome> => {
  const hostname = request.command.hostname === undefined ? undefined : normaliseName(request.command.hostname);
  return authorised(ports, request, hostname, deadline, async () => {
    const { signal } = deadline;
    const names = hostname === undefined ? (await listRegistered(ports.state, signal)).map(({ definition }) => definition.hostname) : [hostname];
    const rows: DriftRow[] = [];
    for (const name of names) rows.push(await look(ports, name, signal));
    return answer(ports, request, driftMessage({ rows, single: hostname !== undefined, page: request.command.page }), deadline);
  });
};
