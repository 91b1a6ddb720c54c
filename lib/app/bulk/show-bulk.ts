import type { Deadline } from '../../core/base/deadline.ts';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import { bulkPlanMessage } from '../../messages/bulk/plan-message.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Shows the state of a bulk. */
export const showBulk = (
  ports: Ports,
  request: Request,
  bulk: BulkState,
  page: number,
  deadline: Deadline,
): Promise<Outcome> => answer(ports, request, bulkPlanMessage(bulk, page), deadline);
