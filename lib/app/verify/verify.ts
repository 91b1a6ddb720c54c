import type { StreamReading, Verification } from '../../core/ledger/verification.ts';
import { type AuditCheck, type Channel, verifyAudit } from './verify-audit.ts';
import { type Told, verifyStream } from './verify-stream.ts';

/** What is held against each other. Read the audit stream first, then the channel, then the other streams: what happens meanwhile then looks like news, not like tampering. */
export type Evidence = {
  readonly audit: StreamReading;
  readonly channel: Channel;
  /** By name; what is told of streams that are not among them is not looked for. */
  readonly streams: ReadonlyMap<string, StreamReading>;
  readonly nowMs: number;
};

const verdictOf = (faults: number, verified: boolean): Verification['verdict'] =>
  faults > 0 ? 'faults' : verified ? 'verified' : 'nothing-verified';

/**
 * Recomputes every chain and holds the ledger against the messages of the audit channel, both ways. It finds what an outsider did who writes only the ledger,
 * however well, or only Slack; one who writes both can forge both. The newest audit entry's own time and link have no message after them yet.
 */
export const verify = ({ audit: reading, channel, streams, nowMs }: Evidence): Verification => {
  const { told, verdict: audit, faults: auditFaults, ...counts }: AuditCheck = verifyAudit(reading, channel, nowMs);
  const byStream = Map.groupBy(told, ({ change }: Told) => change.hostname);
  const checked = [...streams]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([stream, entries]) => verifyStream(stream, entries, byStream.get(stream) ?? []));
  const faults = [...auditFaults, ...checked.flatMap((each) => each.faults)];
  const verdicts = checked.map(({ verdict }) => verdict);
  const isVerified = verdicts.some(({ verifiedUpTo }) => verifiedUpTo !== undefined);
  return { verdict: verdictOf(faults.length, isVerified), streams: verdicts, audit, faults, ...counts };
};
