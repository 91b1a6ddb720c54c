import type { DatabaseAnswer, DeliveryCursors } from '../../core/postal/database/database-answer.ts';

/** What reads Postal's database, where it can be reached from the VPC. It never rejects: what went wrong is in the answer. */
export interface PostalDatabase {
  read(cursors: DeliveryCursors, signal: AbortSignal): Promise<DatabaseAnswer>;
}
