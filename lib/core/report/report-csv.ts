import { csvText } from '../import/normal-csv.ts';
import { availabilityOf, knownMinutes, meanMinutesToRepair, type ReportRow } from './month-report.ts';

const header = [
  'hostname',
  'availability_percent',
  'plaintext_minutes',
  'degraded_minutes',
  'down_minutes',
  'drifted_minutes',
  'known_minutes',
  'inconclusive_minutes',
  'incidents',
  'longest_incident_minutes',
  'mean_minutes_to_repair',
  'changes',
];

const rounded = (value: number | undefined, places: number): string =>
  value === undefined ? '' : String(Number(value.toFixed(places)));

/** A month as CSV (RFC 4180), a line a hostname. Minutes are whole; what nobody knows is empty. */
export const reportCsv = (rows: readonly ReportRow[]): string => {
  const cellsOf = (row: ReportRow): readonly (string | number)[] => {
    const { hostname, minutes, incidents, longestMinutes, changes } = row;
    const availability = availabilityOf(minutes);
    return [
      hostname,
      rounded(availability === undefined ? undefined : availability * 100, 3),
      minutes.plaintext,
      minutes.degraded,
      minutes.down,
      minutes.drifted,
      knownMinutes(minutes),
      minutes.inconclusive,
      incidents,
      longestMinutes,
      rounded(meanMinutesToRepair(row), 1),
      changes,
    ];
  };
  return csvText([header, ...rows.map(cellsOf)]);
};
