import type { Snapshot } from '../audit/snapshot.ts';
import { packedReportOctets, partsOf, type SnapshotReport, snapshotReportJson } from './snapshot-report.ts';

/** A report, packed. */
export type PackedReport = { readonly part: string | null; readonly packed: Buffer };

/**
 * The whole snapshot in one report, or a report for each mail server where that would be too large. A string says which of those is too large. `gzip` packs
 * the JSON of a report.
 */
export const packedReports = (snapshot: Snapshot, gzip: (json: string) => Buffer): readonly PackedReport[] | string => {
  const pack = (report: SnapshotReport): PackedReport => ({
    part: report.part,
    packed: gzip(snapshotReportJson(report)),
  });
  const whole = pack({ part: null, snapshot });
  if (whole.packed.length <= packedReportOctets) return [whole];
  const parts = partsOf(snapshot).map(pack);
  const tooLarge = parts.find(({ packed }) => packed.length > packedReportOctets);
  return tooLarge === undefined
    ? parts
    : `the report of ${tooLarge.part} takes ${tooLarge.packed.length} bytes packed; ${packedReportOctets} is the most`;
};
