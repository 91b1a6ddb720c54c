import { requestBulk } from '../../lib/app/bulk/request-bulk.ts';
import type { Outcome, Request } from '../../lib/app/ports/ports.ts';
import type { BulkChange, BulkProposal } from '../../lib/core/bulk/bulk-proposal.ts';
import { bulkStream } from '../../lib/core/bulk/bulk-stream.ts';
import { foldBulk } from '../../lib/core/bulk/fold-bulk.ts';
import { changeIdOf } from '../../lib/core/ledger/change-id.ts';
import { workerUnderTest } from './worker-under-test.ts';

const { signal } = new AbortController();

/** An address for a hostname. */
export const adding = (hostname: string, target = '10.0.4.12'): BulkChange => ({
  verb: 'add',
  definition: { hostname, targets: [target] },
});

/** So many names, one address each. */
export const addingMany = (count: number): readonly BulkChange[] =>
  Array.from({ length: count }, (_, index) => adding(`n${index}.corp.internal`, `10.0.${index >> 8}.${index & 255}`));

export const importing = (changes: readonly BulkChange[], leftOut: BulkProposal['leftOut'] = []): BulkProposal => ({
  source: 'import',
  title: 'Import names.csv',
  changes,
  leftOut,
});

/** A worker in memory, and bulks that people ask it for. */
export const bulkUnderTest = (...options: Parameters<typeof workerUnderTest>) => {
  const worker = workerUnderTest(...options);
  const request: Request = { ...worker.message('whoami', { requestId: 'bulk-1' }), deliveries: 1 };
  const bulkId = changeIdOf(request.receivedAt, request.requestId);
  const drain = async (): Promise<void> => {
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) {
      const outcome = await worker.work(next);
      if (outcome.kind === 'retry') throw new Error(`${next.kind} is left for later: ${outcome.why}`);
    }
  };
  return {
    ...worker,
    bulkId,
    drain,
    ask: (proposal: BulkProposal, more: Partial<Request> = {}): Promise<Outcome> =>
      requestBulk(worker.ports, { ...request, ...more } as Request, proposal, {
        atMs: worker.clock.now() + 88_000,
        signal,
      }),
    /** Presses the newest button of this label, and lets the worker do all that follows. */
    press: async (label: string, who: Parameters<typeof worker.message>[1] = {}): Promise<void> => {
      await worker.work({ ...worker.message(worker.button(label), who), replaceOriginal: true });
      await drain();
    },
    entries: () => worker.ledger.read(bulkStream(bulkId), signal),
    bulk: async (id = bulkId) => foldBulk(await worker.ledger.read(bulkStream(id), signal)).bulk,
  };
};
