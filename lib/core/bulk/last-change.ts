import type { ChangeState } from '../ledger/fold.ts';
import type { BulkState } from './fold-bulk.ts';

/** A change, or a bulk of many, and the link to the message that announced it, where there is one. */
export type LastChange = ({ readonly change: ChangeState } | { readonly bulk: BulkState }) & {
  readonly permalink: string | null;
};
