import type { Deadline } from '../../core/base/deadline.ts';
import { changeRefusal, plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { carryOnRecordedBulk } from '../bulk/request-bulk.ts';
import { retryBulk } from '../bulk/retry-bulk.ts';
import { showBulk } from '../bulk/show-bulk.ts';
import { findChangeOrBulk } from '../ledger/find-change.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Shows a bulk, or asks anew for what it did not apply. */
export const bulk = (ports: Ports, request: Request<'bulk'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { bulk: id, page, retry } = request.command;
    const refused = (...lines: readonly string[]): Promise<Outcome> =>
      answer(ports, { ...request, replaceOriginal: false }, plainRefusal(lines), deadline);
    const recorded = retry ? await carryOnRecordedBulk(ports, request, deadline) : undefined;
    if (recorded !== undefined) return recorded;
    const found = await findChangeOrBulk(ports, id, deadline.signal);
    if (!found.ok)
      return answer(
        ports,
        { ...request, replaceOriginal: false },
        changeRefusal([found.message.replace(/^change: /, 'bulk: ')], false),
        deadline,
      );
    if (!('bulk' in found)) return refused(`bulk: ${id} is not a bulk. History shows single changes.`);
    const known = found.bulk;
    if (!retry) return showBulk(ports, request, known, page, deadline);
    return known.state === 'closed'
      ? retryBulk(ports, request, known, deadline)
      : refused('bulk: It is not finished, so there is nothing to retry. Nothing was changed.');
  });
