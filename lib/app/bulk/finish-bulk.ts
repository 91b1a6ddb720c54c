import type { Deadline } from '../../core/base/deadline.ts';
import { bulkStream } from '../../core/bulk/bulk-stream.ts';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import { awaitAnnouncement } from '../state/announcements.ts';
import { forgetWaitingPlan } from '../state/waiting-plans.ts';
import { closeBulkApproval } from './ask-bulk-approval.ts';
import { showBulkOutcome } from './show-progress.ts';

/** What follows the end of a bulk, applied or not: its announcement, and what people see of it. Every step may be repeated without harm. */
export const finishBulk = async (ports: Ports, bulk: BulkState, deadline: Deadline): Promise<Outcome> => {
  const { bulkId } = bulk;
  const hostname = bulkStream(bulkId);
  const { signal } = deadline;
  await awaitAnnouncement(ports.state, bulkId, hostname, true, signal);
  await ports.queue.send({ kind: 'announce', hostname, changeId: bulkId }, signal);
  await closeBulkApproval(ports, bulk, signal);
  await forgetWaitingPlan(ports.state, bulkId, signal);
  await showBulkOutcome(ports, bulk, deadline);
  return done;
};
