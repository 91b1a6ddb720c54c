import { bulkStream } from '../../core/bulk/bulk-stream.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import type { WorkMessage } from './message.ts';

type Resume = Extract<WorkMessage, { kind: 'resume' | 'announce' }> & { readonly kind: 'resume' };

/** The message that carries a bulk on. */
export const resumeBulk = (bulkId: string): Resume => ({
  kind: 'resume',
  hostname: bulkStream(bulkId),
  changeId: bulkId,
});

/** The message that carries on a change that is under way: of a bulk's change, the bulk is carried on. */
export const resumeOf = ({ changeId, plan, partOf }: ChangeState): Resume =>
  partOf === undefined ? { kind: 'resume', hostname: plan.hostname, changeId } : resumeBulk(partOf);
