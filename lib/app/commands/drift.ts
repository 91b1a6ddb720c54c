import type { Deadline } from '../../core/base/deadline.ts';
import { adoptable } from '../../core/dns/adoptable.ts';
import { listedZone, matchesDefinition } from '../../core/dns/listed-zone.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { driftOf } from '../../core/dns/registered.ts';
import type { Registered } from '../../core/endpoint/registered.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { fold } from '../../core/ledger/fold.ts';
import type { PolicyDocument } from '../../core/policy/policy.ts';
import { checkHostname } from '../../core/validation/check-hostname.ts';
import { brokenLink } from '../../core/validation/cname-rules.ts';
import { type DriftRow, driftMessage } from '../../messages/drift-message.ts';
import { refusedMessage } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { sharedReads } from '../bulk/shared-reads.ts';
import { readName } from '../change/proposal.ts';
import { lookUpName } from '../look-up/look-up-name.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';

/** Compares the record sets at a name with those of the ledger. */
const compared = async (
  { ledger }: Pick<Ports, 'ledger'>,
  hostname: string,
  standing: readonly RecordSet[],
  signal: AbortSignal,
): Promise<DriftRow> => {
  const { lastApplied, definition } = fold(await ledger.read(hostname, signal));
  const expected = lastApplied?.plan.after ?? [];
  const { kind } = driftOf(hostname, expected, standing);
  const drift = kind === 'in-sync' && definition === undefined ? 'unregistered' : kind;
  return { hostname, drift, detail: '', expected, standing };
};

const unreadable = (hostname: string, detail: string): DriftRow => ({
  hostname,
  drift: 'unreadable',
  detail,
  expected: [],
  standing: [],
});

/** A CNAME as registered is broken where its chain ends without an address. */
const withChain = async (ports: Ports, row: DriftRow, signal: AbortSignal): Promise<DriftRow> => {
  const { hostname, drift, standing } = row;
  const isAlias = drift === 'in-sync' && standing.some(({ type, name }) => type === 'CNAME' && name === hostname);
  const missing = isAlias ? brokenLink(await lookUpName(ports, hostname, signal)) : undefined;
  return missing === undefined ? row : { ...row, drift: 'broken', detail: `${missing}.` };
};

/** A record that nobody registered: whether it can be taken over, or what is in the way. */
const unowned = (row: DriftRow): DriftRow => {
  if (row.drift !== 'foreign' || row.expected.length > 0) return row;
  const judged = adoptable(row.hostname, row.standing);
  if (judged.kind === 'yes') return { ...row, drift: 'adoptable' };
  return judged.kind === 'no' ? { ...row, drift: 'in-the-way', detail: `${judged.wrong} ${judged.right}` } : row;
};

const ofName = async (ports: Ports, hostname: string, signal: AbortSignal): Promise<DriftRow> => {
  const read = await readName(ports, hostname, signal);
  if (!read.ok) return unreadable(hostname, read.failure.message);
  return withChain(ports, unowned(await compared(ports, hostname, read.value.standing, signal)), signal);
};

/** A zone as a whole: a request for every 300 record sets, and the ledger only where the two differ. */
const ofZone = async (
  ports: Ports,
  { id }: PolicyDocument['zones'][number],
  registered: ReadonlyMap<string, Registered>,
  isShown: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<readonly DriftRow[]> => {
  const listed = await ports.zoneListing.list(id, signal);
  if (!listed.ok)
    return [...registered.keys()].filter(isShown).map((hostname) => unreadable(hostname, listed.failure.message));
  const { standingAt, marked } = listedZone(listed.value);
  const rows: DriftRow[] = [];
  for (const hostname of new Set([...registered.keys(), ...marked])) {
    if (!isShown(hostname)) continue;
    const standing = standingAt(hostname);
    const one = registered.get(hostname);
    const isInSync = one !== undefined && matchesDefinition(one.definition, one.changeId, standing);
    const row: DriftRow = isInSync
      ? { hostname, drift: 'in-sync', detail: '', expected: standing, standing }
      : await compared(ports, hostname, standing, signal);
    rows.push(await withChain(ports, row, signal));
  }
  return rows;
};

const ofAll = async (ports: Ports, request: Request<'drift'>, signal: AbortSignal): Promise<readonly DriftRow[]> => {
  const { zones } = ports.policy;
  const shared = sharedReads(ports);
  const [registered, isShown] = await Promise.all([
    listRegistered(ports.state, signal),
    permitted(ports, request, signal),
  ]);
  const rows: DriftRow[] = [];
  for (const zone of zones) {
    const inZone = registered.filter(({ definition }) => zoneOf(definition.hostname, zones)?.id === zone.id);
    rows.push(
      ...(await ofZone(shared, zone, new Map(inZone.map((one) => [one.definition.hostname, one])), isShown, signal)),
    );
  }
  return rows;
};

/** Where Route 53 differs from what is registered: for one name, or for all that the person may see. Corrects nothing. */
export const drift = async (ports: Ports, request: Request<'drift'>, deadline: Deadline): Promise<Outcome> => {
  const { hostname: asked } = request.command;
  const checked = asked === undefined ? undefined : checkHostname(asked, { zones: ports.policy.zones });
  const hostname = checked?.hostname;
  if (checked !== undefined && hostname === undefined) {
    const { findings, suggestion } = checked;
    const corrected = suggestion && `/postal-endpoint drift ${suggestion}`;
    return answer(ports, request, refusedMessage('look at the drift of', findings, corrected), deadline);
  }
  return authorised(ports, request, hostname, deadline, async () => {
    const { signal } = deadline;
    const rows = hostname === undefined ? await ofAll(ports, request, signal) : [await ofName(ports, hostname, signal)];
    return answer(
      ports,
      request,
      driftMessage({ rows, single: hostname !== undefined, page: request.command.page }),
      deadline,
    );
  });
};
