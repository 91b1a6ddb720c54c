import type { Deadline } from '../../core/base/deadline.ts';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { requestBulk } from '../bulk/request-bulk.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Takes back what a bulk applied, as one bulk of the inverse plans. A name that was changed since is left out by its own plan, which says by whom. */
export const undoBulk = (
  ports: Ports,
  request: Request<'undo'>,
  { bulkId, title, state, outcomes }: BulkState,
  deadline: Deadline,
): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const applied = [...outcomes.values()].filter((outcome) => outcome.state === 'applied');
    if (state !== 'closed' || applied.length === 0) {
      const why =
        state === 'released'
          ? `${title} is still being applied. Undo it when it is finished.`
          : `${title} changed nothing, so there is nothing to undo.`;
      return answer(ports, request, plainRefusal([why, 'Nothing was changed.']), deadline);
    }
    return requestBulk(
      ports,
      request,
      {
        source: 'undo',
        title: `Undo: ${title}`,
        changes: applied.map(({ hostname, changeId }) => ({ verb: 'undo', hostname, change: changeId })),
        leftOut: [],
        of: bulkId,
      },
      deadline,
    );
  });
