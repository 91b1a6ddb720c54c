import { bulkDigest } from '../../core/bulk/bulk-list.ts';
import { bulkStream } from '../../core/bulk/bulk-stream.ts';
import { inChunks } from '../../core/bulk/chunks.ts';
import { type BulkState, foldBulk } from '../../core/bulk/fold-bulk.ts';
import type { BulkEntryBody, BulkPart } from '../../core/ledger/bulk-entry.ts';
import { bulkLimits } from '../../core/limits/limits.ts';
import { appendAfter } from '../ledger/append.ts';
import type { Ports } from '../ports/ports.ts';

type RequestedBody = Extract<BulkEntryBody, { kind: 'bulk-requested' }>;
/** What a request for a bulk says besides its list. */
export type BulkRequest = Omit<RequestedBody, 'kind' | 'draft' | 'names' | 'digest'>;

/** The entry that makes the plans of a draft a bulk. */
export const requestedBody = (request: BulkRequest, parts: readonly BulkPart[], draft: number): RequestedBody => ({
  kind: 'bulk-requested',
  ...request,
  draft,
  names: parts.length,
  digest: bulkDigest(parts.map(({ plan }) => plan)),
});

/** The bulk of an id, as its stream has it; absent if there is none, or its request was interrupted. */
export const readBulk = async (
  { ledger }: Pick<Ports, 'ledger'>,
  bulkId: string,
  signal: AbortSignal,
): Promise<BulkState | undefined> => foldBulk(await ledger.read(bulkStream(bulkId), signal)).bulk;

/**
 * Writes a bulk into its stream: its plans in chunks, then the request that makes them count. After an interruption everything is written once more, as
 * another draft. The bulk is what the stream says afterwards: where somebody else was quicker, it is theirs.
 */
export const recordBulk = async (
  ports: Pick<Ports, 'ledger' | 'clock'>,
  request: BulkRequest,
  parts: readonly BulkPart[],
  signal: AbortSignal,
): Promise<BulkState> => {
  const { bulkId } = request;
  const stream = bulkStream(bulkId);
  for (;;) {
    const entries = await ports.ledger.read(stream, signal);
    const { bulk, drafts } = foldBulk(entries);
    if (bulk !== undefined) return bulk;
    const draft = drafts + 1;
    const bodies: readonly BulkEntryBody[] = [
      ...inChunks(parts, bulkLimits.chunkOctets).map(
        (chunk): BulkEntryBody => ({ kind: 'bulk-plans', bulkId, draft, parts: chunk }),
      ),
      requestedBody(request, parts, draft),
    ];
    let head = entries.at(-1);
    for (const body of bodies) {
      const appended = await appendAfter(ports, stream, head, body, signal);
      if (appended === 'taken') break;
      head = appended;
    }
  }
};
