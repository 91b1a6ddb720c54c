import type { Deadline } from '../../core/base/deadline.ts';
import { auditFixes } from '../../core/import/from-audit.ts';
import { auditMessage, noReportMessage } from '../../messages/postal/audit-message.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { askedAudit } from '../postal/asked-audit.ts';
import { readDifferences } from '../postal/read-differences.ts';

/** What Postal has, what waits and what fails, of the names that the person may ask about. */
export const auditPostal = (ports: Ports, request: Request<'audit'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { page } = request.command;
    const asked = await askedAudit(ports, request, request.command, deadline.signal);
    if (asked.kind === 'no report') return answer(ports, request, noReportMessage(), deadline);
    if (asked.kind === 'unknown server') return answer(ports, request, plainRefusal([asked.message]), deadline);
    const { view, of } = asked;
    const { audit, heads, unread } = view;
    const senders = heads.map(({ sender }) => sender);
    const differences = of.hostname === undefined ? [] : await readDifferences(ports, of.hostname, deadline.signal);
    const isFixable = auditFixes(audit, ports.policy).rows.length > 0;
    const message = auditMessage({
      audit,
      senders,
      unread,
      page,
      of,
      differences,
      isFixable,
      nowMs: ports.clock.now(),
    });
    return answer(ports, request, message, deadline);
  });
