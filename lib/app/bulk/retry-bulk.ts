import type { Deadline } from '../../core/base/deadline.ts';
import type { BulkChange } from '../../core/bulk/bulk-proposal.ts';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import { definitionInput } from '../../core/endpoint/definition-input.ts';
import type { BulkPart } from '../../core/ledger/bulk-entry.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { requestBulk } from './request-bulk.ts';

/** The same change, asked for anew: what it meets now is judged now. */
const askedAnew = ({ plan }: BulkPart): BulkChange | undefined => {
  const { verb, hostname, definitionAfter, undoes } = plan;
  switch (verb) {
    case 'add':
      return definitionAfter && { verb, definition: definitionInput(definitionAfter) };
    case 'update':
    case 'adopt': {
      if (definitionAfter === undefined) return undefined;
      const { hostname: _hostname, targets, ...rest } = definitionInput(definitionAfter);
      return verb === 'adopt' ? { verb, hostname, changes: rest } : { verb, hostname, changes: { targets, ...rest } };
    }
    case 'remove':
    case 'failover':
      return { verb, hostname };
    case 'undo':
      return undoes === undefined ? undefined : { verb, hostname, change: undoes };
  }
};

/** Proposes again what a bulk did not apply, as a bulk of its own. */
export const retryBulk = (ports: Ports, request: Request, bulk: BulkState, deadline: Deadline): Promise<Outcome> =>
  requestBulk(
    ports,
    request,
    {
      source: 'retry',
      title: `Retry of bulk ${shortChangeId(bulk.bulkId)}`,
      changes: bulk.parts
        .filter(({ changeId }) => bulk.outcomes.has(changeId) && bulk.outcomes.get(changeId)?.state !== 'applied')
        .flatMap((part) => askedAnew(part) ?? []),
      leftOut: [],
      of: bulk.bulkId,
    },
    deadline,
  );
