import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Fate } from '../core/postal/explain/explanation.ts';
import { LogCounter, type LogGroup, type LogSummary } from '../core/postal/explain/log-summary.ts';
import { plain } from './plain.ts';
import type { ShellResult } from './shell-result.ts';

/** Where the log comes from, and where what was counted so far is shown meanwhile. */
export type LogSource = {
  readonly input: Readable;
  /** Shows an interim result; absent where nobody watches. */
  readonly show?: (text: string) => void;
  readonly everyMs: number;
  /** Ends the reading before the log ends: Ctrl-C. */
  readonly signal: AbortSignal;
};

const everyMs = 30_000;

/** Standard input until its end or Ctrl-C; on a terminal with a result every 30 s. */
export const standardLog = (): LogSource => {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const show = process.stdout.isTTY ? (text: string): void => void process.stdout.write(`${text}\n\n`) : undefined;
  return { input: process.stdin, everyMs, signal: stop.signal, ...(show === undefined ? {} : { show }) };
};

const becomes: Readonly<Record<Fate, string>> = {
  lost: 'LOST, no bounce',
  bounced: 'bounced',
  retried: 'retried',
  held: 'held',
  open: 'see text',
  processed: 'sent nowhere',
  sent: 'delivered',
};

const utc = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');

const groupText = ({ count, fate, endpoint, code, sinceMs, lastMs, meaning, remedy, example }: LogGroup): string => {
  const when =
    sinceMs === undefined ? '' : `since ${utc(sinceMs)}${lastMs === sinceMs ? '' : `, last ${utc(lastMs ?? sinceMs)}`}`;
  const head = [
    String(count).padStart(6),
    becomes[fate].padEnd(15),
    endpoint === '' ? '(not named)' : endpoint,
    code,
    when,
  ];
  const about = fate === 'sent' ? [] : [meaning, ...(remedy === '' ? [] : [remedy]), `“${example}”`];
  return [head.filter((part) => part !== '').join('  '), ...about.map((line) => `        ${line}`)]
    .map(plain)
    .join('\n');
};

const isFailure = ({ fate }: LogGroup): boolean => fate !== 'sent' && fate !== 'processed';

const inWords = ({ lines, fromMs, toMs, groups, leftOut }: LogSummary): string => {
  const failures = groups.filter(isFailure).reduce((sum, { count }) => sum + count, 0);
  const delivered = groups.filter(({ fate }) => fate === 'sent').reduce((sum, { count }) => sum + count, 0);
  const span = fromMs === undefined || toMs === undefined ? '' : `, ${utc(fromMs)} to ${utc(toMs)} UTC`;
  return [
    `${failures} failures, ${delivered} delivered (${lines} lines${span})`,
    ...groups.map(groupText),
    ...(leftOut === 0
      ? []
      : [`${leftOut} more were not counted: more than ${groups.length} different things were found.`]),
  ].join('\n');
};

const isoTime = (atMs: number | undefined): string | undefined =>
  atMs === undefined ? undefined : new Date(atMs).toISOString();

const asJson = ({ lines, fromMs, toMs, groups, leftOut }: LogSummary): string =>
  JSON.stringify({
    lines,
    from: isoTime(fromMs),
    to: isoTime(toMs),
    groups: groups.map(({ sinceMs, lastMs, ...group }) => ({
      ...group,
      since: isoTime(sinceMs),
      last: isoTime(lastMs),
    })),
    leftOut,
  });

/** `postal-endpoint explain --summary`: what a whole log of Postal's worker says, counted by endpoint and reply, worst first. */
export const explainLog = async (json: boolean, { input, show, everyMs, signal }: LogSource): Promise<ShellResult> => {
  const counter = new LogCounter();
  const lines = createInterface({ input, signal });
  const timer = show && !json ? setInterval(() => show(inWords(counter.summary())), everyMs) : undefined;
  const stop = (): void => lines.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const line of lines) counter.push(line);
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
    input.destroy();
  }
  const summary = counter.summary(true);
  const found = summary.groups.length > 0;
  const nothing = `Nothing of Postal’s is recognised in ${summary.lines} lines. Give the worker’s log: postal logs worker | postal-endpoint explain --summary`;
  return {
    text: json ? asJson(summary) : found ? inWords(summary) : nothing,
    exitCode: found ? 0 : 3,
    ...(found || json ? { isAnswer: true } : {}),
  };
};
