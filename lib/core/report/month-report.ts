import { type EndpointState, endpointStates } from '../watch/health/observation.ts';
import type { DailySummary } from './daily-summary.ts';

type Minutes = Readonly<Record<EndpointState, number>>;

/** A month of one hostname. */
export type ReportRow = {
  readonly hostname: string;
  readonly minutes: Minutes;
  readonly incidents: number;
  readonly longestMinutes: number;
  readonly repaired: number;
  readonly repairedMinutes: number;
  /** Changes that were applied. */
  readonly changes: number;
};

/** A day of all hostnames of a report together. */
export type ReportDay = { readonly day: string; readonly minutes: Minutes };

export type MonthReport = {
  /** The worst first, then by name. */
  readonly rows: readonly ReportRow[];
  /** Days with summaries, ascending. */
  readonly days: readonly ReportDay[];
};

const none: Minutes = { up: 0, degraded: 0, plaintext: 0, drifted: 0, down: 0, inconclusive: 0 };

const sum = (one: Minutes, other: Minutes): Minutes => ({
  up: one.up + other.up,
  degraded: one.degraded + other.degraded,
  plaintext: one.plaintext + other.plaintext,
  drifted: one.drifted + other.drifted,
  down: one.down + other.down,
  inconclusive: one.inconclusive + other.inconclusive,
});

/** Minutes in which something was known. */
export const knownMinutes = (minutes: Minutes): number =>
  endpointStates.reduce((total, state) => total + (state === 'inconclusive' ? 0 : minutes[state]), 0);

/** The share of the known time in which Postal got in, encrypted or not; undefined where nothing is known. */
export const availabilityOf = (minutes: Minutes): number | undefined => {
  const known = knownMinutes(minutes);
  return known === 0 ? undefined : (known - minutes.down - minutes.drifted) / known;
};

/** Minutes from the beginning of an incident to its end, on average; undefined where none ended. */
export const meanMinutesToRepair = ({
  repaired,
  repairedMinutes,
}: Pick<ReportRow, 'repaired' | 'repairedMinutes'>): number | undefined =>
  repaired === 0 ? undefined : repairedMinutes / repaired;

/** All rows as one. */
export const totalOf = (rows: readonly ReportRow[]): Omit<ReportRow, 'hostname'> =>
  rows.reduce<Omit<ReportRow, 'hostname'>>(
    (total, row) => ({
      minutes: sum(total.minutes, row.minutes),
      incidents: total.incidents + row.incidents,
      longestMinutes: Math.max(total.longestMinutes, row.longestMinutes),
      repaired: total.repaired + row.repaired,
      repairedMinutes: total.repairedMinutes + row.repairedMinutes,
      changes: total.changes + row.changes,
    }),
    { minutes: none, incidents: 0, longestMinutes: 0, repaired: 0, repairedMinutes: 0, changes: 0 },
  );

const worstFirst = (one: ReportRow, other: ReportRow): number =>
  (availabilityOf(one.minutes) ?? 2) - (availabilityOf(other.minutes) ?? 2) ||
  other.incidents - one.incidents ||
  other.minutes.plaintext - one.minutes.plaintext ||
  (one.hostname < other.hostname ? -1 : 1);

/** Sums up the summaries of a month's days for these hostnames. Days without any summary are left out. */
export const monthReport = (
  summaries: ReadonlyMap<string, ReadonlyMap<string, DailySummary>>,
  hostnames: Iterable<string>,
  changes: ReadonlyMap<string, number>,
): MonthReport => {
  const days = [...summaries]
    .filter(([, ofDay]) => ofDay.size > 0)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  const chosen = [...new Set(hostnames)];
  const rows = chosen.map((hostname): ReportRow => {
    const own = days.flatMap(([, ofDay]) => ofDay.get(hostname) ?? []);
    const total = totalOf(own.map((summary) => ({ ...summary, hostname, changes: 0 })));
    return { ...total, hostname, changes: changes.get(hostname) ?? 0 };
  });
  return {
    rows: rows.toSorted(worstFirst),
    days: days.map(([day, ofDay]) => ({
      day,
      minutes: chosen.reduce((total, hostname) => sum(total, ofDay.get(hostname)?.minutes ?? none), none),
    })),
  };
};
