import { type Destination, sendSnapshot } from '../../adapters/postal-reports/send-snapshot.ts';
import type { Snapshot } from '../../core/postal/audit/snapshot.ts';
import type { ShellResult } from '../shell-result.ts';

/** Sends a snapshot and says what was sent. Exit status 0: every report was accepted. */
export const sendReport = async (
  snapshot: Snapshot,
  destination: Destination,
  now: () => number,
  signal: AbortSignal,
): Promise<ShellResult> => {
  const sent = await sendSnapshot(snapshot, destination, now, signal);
  if (!sent.ok) return { text: `postal-endpoint: send: ${sent.problem}`, exitCode: 3 };
  const count = sent.reports === 1 ? '1 report' : `${sent.reports} reports`;
  return {
    text: `Sent ${count} (${sent.octets} bytes) as ${destination.sender}: ${snapshot.servers.length} mail servers, ${snapshot.endpoints.length} endpoints, ${snapshot.routes.length} routes.`,
    exitCode: 0,
  };
};
