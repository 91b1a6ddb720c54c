import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import type { StreamReading, Verification } from '../../core/ledger/verification.ts';
import { toldByBulk } from './told-by-bulk.ts';
import { type AuditCheck, type Channel, verifyAudit } from './verify-audit.ts';
import { verifyStream } from './verify-stream.ts';

/** What is compared with each other. Read the audit stream first, then the channel, then the other streams: what happens meanwhile then looks like news, not like tampering. */
export type Evidence = {
  readonly audit: StreamReading;
  readonly channel: Channel;
  /** By name; what is told of streams that are not among them is not looked for. */
  readonly streams: ReadonlyMap<string, StreamReading>;
  /** Bulks that changes in these streams are part of and that are judged elsewhere. */
  readonly bulks?: ReadonlyMap<string, StreamReading>;
  readonly nowMs: number;
};

const verdictOf = (faults: number, verified: boolean): Verification['verdict'] =>
  faults > 0 ? 'faults' : verified ? 'verified' : 'nothing-verified';

/**
 * Recomputes every chain and holds the ledger against the messages of the audit channel, both ways. It finds what an outsider did who writes only the ledger,
 * however well, or only Slack; one who writes both can forge both. The newest audit entry's own time and link have no message after them yet.
 */
export const verify = ({ audit: reading, channel, streams, bulks = new Map(), nowMs }: Evidence): Verification => {
  const { told, verdict: audit, faults: auditFaults, ...counts }: AuditCheck = verifyAudit(reading, channel, nowMs);
  const byStream = Map.groupBy(told, ({ change }) => change.hostname);
  // What is known of a bulk decides what it can tell of its names.
  const verifiedBulks = [...bulks, ...[...streams].filter(([stream]) => isBulkStream(stream))].map(
    ([stream, read]) => ({ read, ...verifyStream(stream, read, byStream.get(stream) ?? []) }),
  );
  const toldByBulks = Map.groupBy(
    verifiedBulks.flatMap(({ read, verdict }) => toldByBulk(read, verdict, nowMs)),
    ({ change }) => change.hostname,
  );
  const ofBulk = new Map(verifiedBulks.map((each) => [each.verdict.stream, each]));
  const checked = [...streams]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([stream, read]) =>
        ofBulk.get(stream) ??
        verifyStream(stream, read, [...(byStream.get(stream) ?? []), ...(toldByBulks.get(stream) ?? [])]),
    );
  const faults = [...auditFaults, ...checked.flatMap((each) => each.faults)];
  const verdicts = checked.map(({ verdict }) => verdict);
  const isVerified = verdicts.some(({ verifiedUpTo }) => verifiedUpTo !== undefined);
  return { verdict: verdictOf(faults.length, isVerified), streams: verdicts, audit, faults, ...counts };
};
