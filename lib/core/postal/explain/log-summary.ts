import { explain } from './explain.ts';
import type { ExplainedItem, Fate, NamedEndpoint } from './explanation.ts';
import { type LogRecord, LogRecords } from './log-records.ts';
import type { SignatureCode } from './signature-code.ts';

/** The same thing at the same endpoint, as often as a log says it. */
export type LogGroup = {
  /** As the log names it: a hostname, else address and port, else Postal's id of the endpoint; empty where nothing does. */
  readonly endpoint: string;
  readonly code: SignatureCode;
  readonly fate: Fate;
  readonly meaning: string;
  readonly remedy: string;
  count: number;
  /** Milliseconds since the epoch of the first and last record; absent where the records bear no time. */
  sinceMs?: number;
  lastMs?: number;
  /** What was said the last time, on one line. */
  example: string;
};

export type LogSummary = {
  readonly lines: number;
  readonly fromMs?: number;
  readonly toMs?: number;
  /** What happens to the mail decides the order, then how often it happened. */
  readonly groups: readonly LogGroup[];
  /** Things that were not counted because too many different ones were found. */
  readonly leftOut: number;
};

/** The worst first. */
const fates: readonly Fate[] = ['lost', 'bounced', 'retried', 'held', 'open', 'processed', 'sent'];
const mostGroups = 500;
/** Connections and messages that are remembered at a time. */
const mostRemembered = 5_000;
/** Says nothing by itself, or says again what another line said. */
const silent: readonly SignatureCode[] = [
  'connected',
  'retry-later',
  'bounce-sent',
  'suppression-changed',
  'without-tls',
];

/** What it means that a message is put off without an error. */
const noHosts: ExplainedItem | undefined = ((explanation) =>
  explanation.recognised ? explanation.items[0] : undefined)(explain('No hosts to try.'));

/** A map that forgets what it learned first. */
class Recent<Value> {
  readonly #values = new Map<string, Value>();

  get(key: string | undefined): Value | undefined {
    return key === undefined ? undefined : this.#values.get(key);
  }

  set(key: string | undefined, value: Value): void {
    if (key === undefined) return;
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > mostRemembered && oldest !== undefined) this.#values.delete(oldest);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}

const nameOf = ({ hostname, ip, port }: NamedEndpoint): string | undefined =>
  hostname ?? (ip === undefined ? undefined : port === undefined ? ip : `${ip} port ${port}`);

/** Counts what a log of Postal's worker says of deliveries, line by line, in bounded memory. */
export class LogCounter {
  readonly #records = new LogRecords();
  readonly #groups = new Map<string, LogGroup>();
  /** Endpoints by `log_id`, and by the queued message of the batch. */
  readonly #endpoints = new Recent<string>();
  /** What failed for a queued message in its present attempt, and for the batch that it belongs to. */
  readonly #failures = new Recent<LogGroup>();
  #lines = 0;
  #fromMs: number | undefined;
  #toMs: number | undefined;
  #leftOut = 0;

  push(line: string): void {
    this.#lines += 1;
    const record = this.#records.push(line);
    if (record !== undefined) this.#take(record);
  }

  /** What was counted so far; at the `end` of the log its last record too. */
  summary(end = false): LogSummary {
    const last = end ? this.#records.end() : undefined;
    if (last !== undefined) this.#take(last);
    const order = (one: LogGroup, other: LogGroup): number =>
      fates.indexOf(one.fate) - fates.indexOf(other.fate) || other.count - one.count;
    return {
      lines: this.#lines,
      ...(this.#fromMs === undefined ? {} : { fromMs: this.#fromMs }),
      ...(this.#toMs === undefined ? {} : { toMs: this.#toMs }),
      groups: [...this.#groups.values()].sort(order),
      leftOut: this.#leftOut,
    };
  }

  #take(record: LogRecord): void {
    const { atMs, tags, text } = record;
    if (atMs !== undefined) {
      this.#fromMs = Math.min(this.#fromMs ?? atMs, atMs);
      this.#toMs = Math.max(this.#toMs ?? atMs, atMs);
    }
    const batch = tags.get('original_queued_message') ?? tags.get('queued_message');
    const endpointId = /ep:(\d{1,10})-SMTPEndpoint/.exec(tags.get('batch_key') ?? '')?.[1];
    if (endpointId !== undefined)
      this.#endpoints.set(batch && `batch ${batch}`, `endpoint ${endpointId} (its id in Postal)`);
    const explanation = explain(text);
    if (!explanation.recognised) return;
    for (const item of explanation.items) this.#takeItem(item, record, batch);
  }

  #takeItem(item: ExplainedItem, record: LogRecord, batch: string | undefined): void {
    const { tags } = record;
    const logId = tags.get('log_id');
    const named = nameOf(item.endpoint);
    if (named !== undefined) this.#endpoints.set(logId, named);
    const message = tags.get('queued_message');
    if (item.code === 'retry-later') this.#takeRetry(record, message, batch);
    if (silent.includes(item.code)) return;
    const endpoint = named ?? this.#endpoints.get(logId) ?? this.#endpoints.get(batch && `batch ${batch}`) ?? '';
    const group = this.#count(endpoint, item, record.atMs);
    if (group === undefined || item.fate === 'sent') return;
    this.#failures.set(message && `message ${message}`, group);
    this.#failures.set(batch && `batch ${batch}`, group);
  }

  /** A message put off says why in the line before; of a batch only the first does, and where there was no address to try none does. */
  #takeRetry({ atMs, text }: LogRecord, message: string | undefined, batch: string | undefined): void {
    const own = message && `message ${message}`;
    const shared = this.#failures.get(batch && `batch ${batch}`);
    if (own !== undefined && this.#failures.get(own) !== undefined) this.#failures.delete(own);
    else if (shared !== undefined) this.#again(shared, shared.example, atMs);
    else if (noHosts !== undefined) {
      const endpoint = this.#endpoints.get(batch && `batch ${batch}`) ?? '';
      this.#count(endpoint, { ...noHosts, quote: text }, atMs);
    }
  }

  #count(endpoint: string, item: ExplainedItem, atMs: number | undefined): LogGroup | undefined {
    const key = `${item.code} ${item.fate} ${endpoint}`;
    const known = this.#groups.get(key);
    if (known === undefined && this.#groups.size >= mostGroups) {
      this.#leftOut += 1;
      return undefined;
    }
    const { code, fate, meaning, remedy } = item;
    const group = known ?? { endpoint, code, fate, meaning, remedy, count: 0, example: '' };
    this.#groups.set(key, group);
    this.#again(group, item.quote, atMs);
    return group;
  }

  #again(group: LogGroup, example: string, atMs: number | undefined): void {
    group.count += 1;
    group.example = example;
    if (atMs === undefined) return;
    group.sinceMs = Math.min(group.sinceMs ?? atMs, atMs);
    group.lastMs = Math.max(group.lastMs ?? atMs, atMs);
  }
}
