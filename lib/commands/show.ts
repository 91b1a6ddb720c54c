import type { Deadline } from '../deadline.ts';
import { markerName } from '../dns/marker.ts';
import { sameRecordSets } from '../dns/record-set.ts';
import { checkHostname } from '../endpoint/check-hostname.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import { fold } from '../ledger/fold.ts';
import { refusedMessage } from '../slack/messages/refused-message.ts';
import { showMessage } from '../slack/messages/show-message.ts';
import { authorised } from './authorised.ts';
import { permalinkOf } from './change/announcements.ts';
import { lastProbe } from './directory.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer } from './refuse.ts';

/** One hostname as it is registered, as Route 53 has it, and as it was last seen. */
export const show = async (ports: Ports, request: Request<'show'>, deadline: Deadline): Promise<Outcome> => {
  const { signal } = deadline;
  const { hostname, findings, suggestion } = checkHostname(request.command.hostname, { zones: ports.policy.zones });
  const corrected = suggestion === undefined ? undefined : `/postal-endpoint show ${suggestion}`;
  if (hostname === undefined) return answer(ports, request, refusedMessage('show', findings, corrected), deadline);
  return authorised(ports, request, hostname, deadline, async () => {
    const zone = zoneOf(hostname, ports.policy.zones);
    const [entries, probed, standing] = await Promise.all([
      ports.ledger.read(hostname, signal),
      lastProbe(ports.state, hostname, signal),
      zone === undefined ? undefined : ports.zones.readNames(zone.id, [hostname, markerName(hostname)], signal),
    ]);
    const stream = fold(entries);
    const change = stream.registeredBy;
    const view = {
      hostname,
      stream,
      probed,
      standing,
      standsSo: change !== undefined && standing?.ok === true && sameRecordSets(standing.value, change.plan.after),
      permalink: change === undefined ? null : await permalinkOf(ports.state, change, signal),
      profile: ports.profile,
      nowMs: ports.clock.now(),
    };
    return answer(ports, request, showMessage(view), deadline);
  });
};
