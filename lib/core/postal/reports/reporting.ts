import { type Examined, good, unsure } from '../../base/examined.ts';
import { agoText } from '../audit/words.ts';
import { examineComparisons } from '../predictions/comparison-words.ts';
import type { ComparisonSummary } from '../predictions/comparisons.ts';
import { databaseSender } from './sender.ts';
import { isOldReport } from './source-words.ts';

/** What is known of who reports what Postal has. Times are milliseconds since the epoch. */
export type Reporting = {
  readonly reports: readonly { readonly sender: string; readonly atMs: number; readonly clockAheadMs: number }[];
  /** Why Postal's database could not be read, when that was tried last and failed within the hour. */
  readonly databaseFailure?: { readonly atMs: number; readonly message: string };
  /** Ids of deliveries that have not been read from the database yet, over all mail servers. */
  readonly idsLeft: number;
  /** What the newest snapshot says; absent where there is none. */
  readonly newest?: {
    /** Mail servers whose deliveries the account may not read. */
    readonly ungranted: readonly string[];
    /** How many of the registered names Postal does not have, and of how many. */
    readonly notEntered: number;
    readonly registered: number;
  };
  /** How deliveries compare with what was predicted of them; absent where none was compared. */
  readonly comparisons?: ComparisonSummary;
  /** By mail server: when its webhooks were last received, and the time in the last of them. */
  readonly webhooks: ReadonlyMap<string, { readonly receivedAtMs: number; readonly atMs: number }>;
};

/** A report is refused at five minutes: this leaves time to set the clock. */
const clockMs = 60_000;

const clockText = (aheadMs: number): string =>
  Math.abs(aheadMs) < 1000
    ? ''
    : `, its clock ${(Math.abs(aheadMs) / 1000).toFixed(0)} s ${aheadMs > 0 ? 'ahead' : 'behind'}`;

const databaseName = "Postal's database, read from the VPC";

/** The database function: when it last read, what is left to be read, and why it could not. */
const examineDatabase = (
  atMs: number | undefined,
  { databaseFailure: failure, idsLeft }: Reporting,
  nowMs: number,
): readonly Examined[] => {
  const last = atMs === undefined ? 'it was never read' : `last read ${agoText(atMs, nowMs)} ago`;
  if (failure !== undefined && failure.atMs > (atMs ?? 0))
    return [unsure(databaseName, `${last}; ${failure.message}`, 'Look at the log of the function postal-database.')];
  if (atMs === undefined) return [];
  if (isOldReport(atMs, nowMs))
    return [unsure(databaseName, last, 'Look at the log of the functions watch and postal-database.')];
  return [
    good(
      databaseName,
      idsLeft === 0 ? last : `${last}; still reading the deliveries of three days, ${idsLeft} ids to go`,
    ),
  ];
};

const serversNamed = 5;

/** What the newest snapshot says of itself, and of the registered names. */
const examineNewest = ({ newest }: Reporting): readonly Examined[] => {
  if (newest === undefined) return [];
  const { ungranted, notEntered, registered } = newest;
  const more = ungranted.length - serversNamed;
  const servers = `${ungranted.slice(0, serversNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    ...(ungranted.length === 0
      ? []
      : [
          unsure(
            "Grants in Postal's database",
            `the account may not read the deliveries of ${servers}`,
            'On the Postal host, postal-endpoint audit --grants prints the statements for root of MariaDB.',
          ),
        ]),
    ...(registered === 0
      ? []
      : [
          good(
            'registered names in Postal',
            notEntered === 0
              ? `all ${registered} are entered`
              : `${notEntered} of ${registered} ${notEntered === 1 ? 'is' : 'are'} not entered: /postal-endpoint list --in-postal no`,
          ),
        ]),
  ];
};

/** One finding for each sender of reports and each mail server whose webhooks were received, and what the newest snapshot lacks; none where Postal is not connected. */
export const examineReporting = (reporting: Reporting, nowMs: number): readonly Examined[] => {
  const { reports, webhooks } = reporting;
  const newest = new Map(
    reports.toSorted((one, other) => one.atMs - other.atMs).map((report) => [report.sender, report] as const),
  );
  const database = newest.get(databaseSender);
  newest.delete(databaseSender);
  return [
    ...examineDatabase(database?.atMs, reporting, nowMs),
    ...[...newest.values()].map(({ sender, atMs, clockAheadMs }): Examined => {
      const what = `Postal reports of ${sender}`;
      const detail = `the last is ${agoText(atMs, nowMs)} old${clockText(clockAheadMs)}`;
      if (isOldReport(atMs, nowMs))
        return unsure(what, detail, 'Look at the timer on that host: systemctl status postal-endpoint-report.timer.');
      if (Math.abs(clockAheadMs) > clockMs)
        return unsure(
          what,
          detail,
          'Correct the clock of that host: reports are refused once it is five minutes wrong.',
        );
      return good(what, detail);
    }),
    ...[...webhooks]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([server, { receivedAtMs }]) =>
        good(`Postal webhooks of ${server}`, `the last came ${agoText(receivedAtMs, nowMs)} ago`),
      ),
    ...examineNewest(reporting),
    ...examineComparisons(reporting.comparisons, nowMs),
  ];
};
