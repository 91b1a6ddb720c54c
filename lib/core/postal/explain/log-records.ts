/** One record of the log of Postal's worker. */
export type LogRecord = {
  /** Milliseconds since the epoch; absent where the record bears no time. */
  readonly atMs?: number;
  /** Its message, line ends included. */
  readonly text: string;
  /** `log_id`, `queued_message`, …: what ties records to each other. */
  readonly tags: ReadonlyMap<string, string>;
};

const colours = new RegExp(`${String.fromCharCode(0x1b)}\\[[0-9;]{0,20}[A-Za-z]`, 'g');
/** What docker compose sets before each line: `worker-1  | `, and with timestamps `2026-11-29T20:37:03.1Z `. */
const docker = /^[\w.-]{1,64}\s{0,20}\|\s?/;
const dockerTime = /^\d{4}-\d\d-\d\dT[\d:.]{8,20}Z\s/;
/** `2026-11-29 20:37:03 +0000 ERROR  …` */
const head3 = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d{2})(\d{2})\s{1,4}[A-Z]{4,5}\s{1,8}/;
/** `[worker.1:958] [2019-04-21T22:55:30.871] INFO -- : [PPIRRUWH] …` */
const head2 =
  /^\[[\w.:-]{1,64}\] \[(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)[.\d]{0,7}\]\s{1,3}[A-Z]{4,5} -- :\s{0,2}(?:\[(\w{8})\] )?/;
const tag = /(?:^|\s)(log_id|queued_message|original_queued_message|batch_key|component|thread|task)=(\S{1,200})/g;
/** A record that never ends is read so far. */
const longestRecord = 20_000;

type Open = {
  readonly atMs?: number;
  readonly tags: readonly (readonly [string, string])[];
  lines: string[];
  length: number;
};

const opened = (line: string): Open | undefined => {
  const three = head3.exec(line);
  if (three !== null) {
    const [head, day, time, hours, minutes] = three;
    const atMs = Date.parse(`${day}T${time}${hours}:${minutes}`);
    return { atMs, tags: [], lines: [line.slice(head.length)], length: line.length };
  }
  const two = head2.exec(line);
  if (two === null) return undefined;
  const [head, day, time, logId] = two;
  const tags = logId === undefined ? [] : ([['log_id', logId]] as const);
  return { atMs: Date.parse(`${day}T${time}Z`), tags, lines: [line.slice(head.length)], length: line.length };
};

const closed = ({ atMs, tags, lines }: Open): LogRecord => {
  const whole = lines.join('\n');
  const found = [...whole.matchAll(tag)];
  const first = found[0];
  return {
    ...(atMs === undefined || Number.isNaN(atMs) ? {} : { atMs }),
    text: (first === undefined ? whole : whole.slice(0, first.index)).trim(),
    tags: new Map([...tags, ...found.map(([, name = '', value = '']) => [name, value] as const)]),
  };
};

/**
 * Joins the lines of a log to records, as Postal breaks them: a reply of a mail server ends in a line break, so what follows it stands on the next line.
 * A line that begins with white space, or without a time, belongs to the record before.
 */
export class LogRecords {
  #open: Open | undefined;

  /** Takes a line; the record that it ended, if it did. */
  push(raw: string): LogRecord | undefined {
    const line = raw.replace(colours, '').replace(docker, '').replace(dockerTime, '').trimEnd();
    const next = opened(line);
    if (next === undefined && this.#open !== undefined) {
      if (this.#open.length < longestRecord) this.#open.lines.push(line);
      this.#open.length += line.length + 1;
      return undefined;
    }
    const before = this.#open;
    this.#open = next ?? { tags: [], lines: [line], length: line.length };
    return before && closed(before);
  }

  /** The last record, at the end of the log. */
  end(): LogRecord | undefined {
    const last = this.#open;
    this.#open = undefined;
    return last && closed(last);
  }
}
