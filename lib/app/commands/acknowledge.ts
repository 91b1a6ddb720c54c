import type { Deadline } from '../../core/base/deadline.ts';
import { normaliseName } from '../../core/endpoint/hostname.ts';
import { parseIpAddress } from '../../core/endpoint/ip-address.ts';
import { incidentStream } from '../../core/ledger/entry.ts';
import { authorise } from '../../core/policy/authorise.ts';
import { rightsGroups } from '../../core/policy/rights.ts';
import { type Incident, standingMembers } from '../../core/watch/incident/incident.ts';
import { acknowledgeMessage, noSuchIncident } from '../../messages/watch/acknowledge-message.ts';
import { incidentTitle } from '../../messages/watch/incident-title.ts';
import { authorised } from '../authorise/authorised.ts';
import { appendAtEnd } from '../ledger/append.ts';
import { askToNotify } from '../notify/notify-open-incidents.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { membersOf } from '../ports/user-groups.ts';
import { listIncidents, saveAcknowledgement } from '../state/incident-store.ts';

/** Whether an incident is meant: by its id, its target, or an endpoint that still fails. */
const isMeant = (incident: Incident, asked: string): boolean => {
  const { id, cause } = incident;
  if (id.toLowerCase() === asked.toLowerCase()) return true;
  if (cause.kind === 'target' && cause.target === (parseIpAddress(asked)?.text ?? asked)) return true;
  return standingMembers(incident).some(({ hostname }) => hostname === normaliseName(asked));
};

/** Writes down once who has taken an incident over, and since when. */
const record = async (
  ports: Ports,
  { requestId, actor, text }: Request<'acknowledge'>,
  incident: Incident,
  signal: AbortSignal,
): Promise<void> => {
  const stream = incidentStream(incident.id);
  const before = (await ports.ledger.read(stream, signal)).find(
    ({ body }) => body.kind === 'acknowledged' && body.requestId === requestId,
  );
  const title = incidentTitle(incident);
  const entry =
    before ??
    (await appendAtEnd(
      ports,
      stream,
      { kind: 'acknowledged', requestId, actor, text, incidentId: incident.id, title },
      signal,
    ));
  await saveAcknowledgement(ports.state, { id: incident.id, by: actor.userId, atMs: Date.parse(entry.at) }, signal);
  await askToNotify(ports, incident, requestId, signal);
};

/** Takes open incidents over. Whoever may do so for one of an incident's endpoints may do so for the incident. */
export const acknowledge = (ports: Ports, request: Request<'acknowledge'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { signal } = deadline;
    const { actor, command } = request;
    const incidents = await listIncidents(ports.state, signal);
    const open = incidents.filter(({ closedAtMs }) => closedAtMs === undefined);
    const groups = await membersOf(ports.userGroups, rightsGroups(ports.policy, actor), signal);
    const may = (hostname: string | undefined): boolean =>
      authorise(ports.policy, actor, 'acknowledge', hostname, groups).allowed;
    const theirs = open.filter(({ members }) => members.length === 0 || members.some(({ hostname }) => may(hostname)));
    const meant = theirs.filter((incident) => isMeant(incident, command.incident.trim()));
    if (meant.length === 0) return answer(ports, request, noSuchIncident(command.incident, theirs), deadline);
    for (const incident of meant) await record(ports, request, incident, signal);
    return answer(ports, request, acknowledgeMessage(meant, actor.userId), deadline);
  });
