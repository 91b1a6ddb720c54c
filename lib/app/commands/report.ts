import { concurrently } from '../../core/base/concurrently.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import { readFilter, registeredOnly } from '../../core/filter/endpoint-filter.ts';
import type { DailySummary } from '../../core/report/daily-summary.ts';
import { daysOfMonth, readMonth } from '../../core/report/month.ts';
import { monthChartSvg } from '../../core/report/month-chart.ts';
import { type MonthReport, monthReport } from '../../core/report/month-report.ts';
import { reportCsv } from '../../core/report/report-csv.ts';
import { pictureMessage } from '../../messages/block-kit/chart-blocks.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import {
  noReportMessage,
  nothingToReportMessage,
  type ReportAsked,
  reportFileWords,
  reportMessage,
} from '../../messages/report-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { answerPictured, type PicturedAnswer, uploadedChart } from '../chart/endpoint-chart.ts';
import { chooseEndpoints } from '../filter/choose-endpoints.ts';
import { entriesOfDay } from '../ledger/entries-of-day.ts';
import { handOver } from '../notify/hand-over.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';
import { readSummaries } from '../state/summary-store.ts';

const daysAtOnce = 16;
/** What the words wait for their picture. */
const pictureWithinMs = 2_000;

/** How many changes of each hostname were applied in these days. */
const countChanges = async (
  { ledger }: Pick<Ports, 'ledger'>,
  days: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  await concurrently(days, daysAtOnce, async (day) => {
    for await (const { stream, body } of entriesOfDay(ledger, day, signal))
      if (body.kind === 'applied') counts.set(stream, (counts.get(stream) ?? 0) + 1);
  });
  return counts;
};

/** A hostname that was removed since then has no targets and no owner. */
const removed = { targets: { kind: 'addresses', addresses: [] } } as const;

const readReport = async (
  ports: Ports,
  month: string,
  isChosen: (definition: Pick<Definition, 'targets' | 'standby' | 'owner'> & { readonly hostname: string }) => boolean,
  may: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<MonthReport> => {
  const days = daysOfMonth(month);
  const summaries = new Map<string, ReadonlyMap<string, DailySummary>>();
  const [directory, changes] = await Promise.all([
    listRegistered(ports.state, signal),
    countChanges(ports, days, signal),
    concurrently(
      days,
      daysAtOnce,
      async (day) => void summaries.set(day, await readSummaries(ports.state, day, signal)),
    ),
  ]);
  const registered = new Map<string, Definition>(directory.map(({ definition }) => [definition.hostname, definition]));
  const hostnames = new Set([...registered.keys(), ...[...summaries.values()].flatMap((ofDay) => [...ofDay.keys()])]);
  const isMeant = (hostname: string): boolean => {
    const named = registered.get(hostname) ?? { ...removed, hostname };
    return may(hostname) && isChosen(named);
  };
  return monthReport(summaries, [...hostnames].filter(isMeant), changes);
};

/** How a month was, from the summaries of its days and the ledger's changes. */
export const report = (ports: Ports, request: Request<'report'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { signal } = deadline;
    const { month: monthText, csv = false, page, share } = request.command;
    const patience = AbortSignal.timeout(pictureWithinMs);
    const month = readMonth(monthText, ports.clock.now());
    if (month === undefined) {
      const lines = [`month: "${monthText}" is not a month. Write one such as 2026-11.`];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    const read = readFilter(request.command);
    if (!read.ok) return answer(ports, request, plainRefusal(read.lines), deadline);
    if (read.filter.unregistered)
      return answer(ports, request, plainRefusal([registeredOnly('there is nothing to sum up')]), deadline);
    const choice = await chooseEndpoints(ports, read.filter, signal);
    if (!choice.ok) return answer(ports, request, plainRefusal(choice.lines), deadline);
    const asked: ReportAsked = { month, filter: read.filter, snapshotAtMs: choice.snapshotAtMs };
    const found = await readReport(ports, month, choice.isChosen, await permitted(ports, request, signal), signal);
    if (found.rows.length === 0) return answer(ports, request, nothingToReportMessage(asked), deadline);
    if (found.days.length === 0) return answer(ports, request, noReportMessage(asked), deadline);
    if (csv) {
      const name = `report-${month}.csv`;
      const { introduction, done: sent, failed } = reportFileWords(asked, name, share);
      const file = { name, title: `Report ${month}`, bytes: Buffer.from(reportCsv(found.rows)), comment: introduction };
      return handOver(ports, request, file, { done: sent, failed }, deadline);
    }
    const words = { ...asked, report: found, page, looks: ports.policy.watch.down.looks };
    if (page > 1) return answer(ports, request, reportMessage(words), deadline);
    const { rows } = found;
    const of = rows.length === 1 ? (rows[0]?.hostname ?? '') : `${rows.length} hostnames`;
    const svg = monthChartSvg(month, daysOfMonth(month), found.days, of);
    const key = ['report', month, JSON.stringify(read.filter)].join(' ');
    const drawing = uploadedChart(
      ports,
      { key, title: `Report ${month}`, svg, altText: `Report ${month} of ${of}` },
      signal,
    );
    const pictured: PicturedAnswer = {
      messageOf: (picture) => reportMessage({ ...words, picture }),
      afterwards: (picture) => pictureMessage(`Report ${month}`, [`${of}, day by day.`], picture),
    };
    return answerPictured(ports, request, pictured, drawing, patience, deadline);
  });
