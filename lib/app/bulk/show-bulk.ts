import type { Deadline } from '../../core/base/deadline.ts';
import { bulkStream } from '../../core/bulk/bulk-stream.ts';
import { type BulkState, missingNeeds } from '../../core/bulk/fold-bulk.ts';
import { bulkAskedMessage, bulkOutcomeMessage } from '../../messages/bulk/outcome-message.ts';
import { bulkPlanMessage } from '../../messages/bulk/plan-message.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { saveWaitingPlan } from '../state/waiting-plans.ts';

/** Shows whoever asks where a bulk stands: its list as long as nobody has confirmed it, then whom it waits for, then what happened to it so far. */
export const showBulk = async (
  ports: Ports,
  request: Request,
  bulk: BulkState,
  page: number,
  deadline: Deadline,
): Promise<Outcome> => {
  switch (bulk.state) {
    case 'requested': {
      const { bulkId, expiresAt } = bulk;
      await saveWaitingPlan(ports.state, bulkId, { hostname: bulkStream(bulkId), expiresAt }, deadline.signal);
      return answer(ports, request, bulkPlanMessage(bulk, page), deadline);
    }
    case 'confirmed':
      return answer(ports, request, bulkAskedMessage(bulk, missingNeeds(bulk), []), deadline);
    default:
      return answer(ports, request, bulkOutcomeMessage(bulk, page), deadline);
  }
};
