import type { Snapshot } from '../audit/snapshot.ts';
import type { SnapshotReport } from './snapshot-report.ts';

/** The parts of one reading put together: what concerns all servers is the same in each. */
export const joinParts = ([first, ...others]: readonly SnapshotReport[]): Snapshot | undefined => {
  if (first === undefined) return undefined;
  const all = [first, ...others].map(({ snapshot }) => snapshot);
  return {
    ...first.snapshot,
    servers: all.flatMap(({ servers }) => servers),
    endpoints: all.flatMap(({ endpoints }) => endpoints),
    routes: all.flatMap(({ routes }) => routes),
    queue: all.flatMap(({ queue }) => queue),
    deliveries: new Map(all.flatMap(({ deliveries }) => [...deliveries])),
  };
};

/** A stored report, without its contents. */
export type StoredReport = {
  readonly sender: string;
  readonly part: string | null;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
};

/** Which stored reports make up the newest snapshot: one of everything, or all parts of one reading. */
export const newestReading = <Report extends StoredReport>(reports: readonly Report[]): readonly Report[] => {
  const newest = reports.toSorted((one, other) => other.atMs - one.atMs)[0];
  if (newest === undefined || newest.part === null) return newest === undefined ? [] : [newest];
  return reports.filter(({ sender, part, atMs }) => sender === newest.sender && part !== null && atMs === newest.atMs);
};
