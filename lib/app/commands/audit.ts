import type { Deadline } from '../../core/base/deadline.ts';
import { normaliseName } from '../../core/endpoint/hostname.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import type { Audit } from '../../core/postal/audit/audit.ts';
import { auditMessage, noReportMessage } from '../../messages/postal/audit-message.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { readPostal, readPostalOf } from '../postal/read-postal.ts';

/** The audit of some endpoints, with what is found of their mail servers. */
const narrowed = (
  audit: Audit,
  isWanted: (endpoint: Audit['endpoints'][number]) => boolean,
  isServer: (id: number) => boolean,
): Audit => ({
  ...audit,
  endpoints: audit.endpoints.filter(isWanted),
  routes: audit.routes.filter(({ server }) => isServer(server.id)),
  findings: audit.findings.filter(({ serverId }) => isServer(serverId)),
});

/** What Postal has, what waits and what fails, of the names that the person may ask about. Names outside of the zones are Postal's alone, and nobody's here. */
export const auditPostal = (ports: Ports, request: Request<'audit'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { signal } = deadline;
    const { server, page } = request.command;
    const hostname = request.command.hostname === undefined ? undefined : normaliseName(request.command.hostname);
    const [view, may] = await Promise.all([
      hostname === undefined ? readPostal(ports, signal) : readPostalOf(ports, hostname, signal),
      permitted(ports, request, signal),
    ]);
    if (view === undefined) return answer(ports, request, noReportMessage(), deadline);
    const { servers } = view.audit;
    const wanted = servers.filter(({ name }) => server === undefined || name === server || name.endsWith(`/${server}`));
    if (wanted.length === 0) {
      const known = servers.map(({ name }) => name).slice(0, 10);
      const lines = [`server: Postal has no mail server "${server}". Write ${known.join(', ') || 'none'}.`];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    const ids = new Set(wanted.map(({ id }) => id));
    const isSeen = (name: string): boolean => zoneOf(name, ports.policy.zones) === undefined || may(name);
    const audit = narrowed(
      view.audit,
      ({ subject }) =>
        ids.has(subject.server.id) &&
        isSeen(subject.hostname) &&
        (hostname === undefined || subject.hostname === hostname),
      (id) => ids.has(id) && hostname === undefined,
    );
    const senders = view.heads.map(({ sender }) => sender);
    const of = { ...(hostname === undefined ? {} : { hostname }), ...(server === undefined ? {} : { server }) };
    const message = auditMessage({ audit, senders, unread: view.unread, page, of, nowMs: ports.clock.now() });
    return answer(ports, request, message, deadline);
  });
