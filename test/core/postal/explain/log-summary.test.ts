import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogRecords } from '../../../../lib/core/postal/explain/log-records.ts';
import { LogCounter, type LogSummary } from '../../../../lib/core/postal/explain/log-summary.ts';

const record = (seconds: number, level: string, message: string, tags: string): readonly string[] =>
  `2026-11-29 20:37:${String(seconds).padStart(2, '0')} +0000 ${level.padEnd(7)}${message}${tags === '' ? '' : ` ${tags}`}`.split(
    '\n',
  );

const queued = (id: number, batch = id): string => `original_queued_message=${batch} queued_message=${id}`;

/** A batch of two at a dead server, a refusal, a dangling endpoint, a name without address, a delivery. */
const log: readonly string[] = [
  ...record(
    1,
    'INFO',
    'found 2 associated messages to process at the same time',
    `batch_key=incoming-rt:2-ep:2-SMTPEndpoint ${queued(2)}`,
  ),
  ...record(
    2,
    'ERROR',
    'Cannot connect to 10.0.4.12:2525 (c.mail.corp.internal) (Errno::ECONNREFUSED: Connection refused - connect(2) for "10.0.4.12" port 2525)',
    `log_id=6AW0I1LR ${queued(2)}`,
  ),
  ...record(3, 'INFO', 'message requeued for trying later, at 2026-11-29 20:42:12 UTC', queued(2)),
  ...record(3, 'INFO', 'message requeued for trying later, at 2026-11-29 20:42:12 UTC', queued(3, 2)),
  ...record(4, 'INFO', 'Connected to 10.0.4.13:25 (a.mail.corp.internal)', `log_id=JGZ0R6P6 ${queued(5)}`),
  ...record(5, 'INFO', 'Sending message 1::7 to anna@corp.example', `log_id=JGZ0R6P6 ${queued(5)}`),
  ...record(6, 'ERROR', 'Net::SMTPFatalError: 550 5.7.1 Unable to relay\n', `log_id=JGZ0R6P6 ${queued(5)}`),
  ...record(7, 'INFO', 'sending a bounce because message hard failed', queued(5)),
  ...record(8, 'INFO', 'invalid endpoint for route (SMTPEndpoint)', queued(6)),
  ...record(
    9,
    'INFO',
    'found 1 associated messages to process at the same time',
    `batch_key=incoming-rt:9-ep:7-SMTPEndpoint ${queued(9)}`,
  ),
  ...record(10, 'INFO', 'message requeued for trying later, at 2026-11-29 20:42:12 UTC', queued(9)),
  ...record(11, 'INFO', 'Accepted by 10.0.4.13:25 (a.mail.corp.internal) for anna@corp.example', 'log_id=JGZ0R6P7'),
];

const summaryOf = (lines: readonly string[]): LogSummary => {
  const counter = new LogCounter();
  for (const line of lines) counter.push(line);
  return counter.summary(true);
};
const brief = ({ groups }: LogSummary): readonly string[] =>
  groups.map(({ count, fate, endpoint, code }) => `${count} ${fate} ${code} ${endpoint}`.trim());

const expected = [
  '1 lost no-endpoint',
  '1 bounced reply-relay-denied a.mail.corp.internal',
  '2 retried refused c.mail.corp.internal',
  '1 retried no-hosts endpoint 7 (its id in Postal)',
  '1 sent accepted a.mail.corp.internal',
];

describe('a whole log', () => {
  it('is counted by endpoint and reply, the worst first', () => {
    const summary = summaryOf(log);
    expect(brief(summary)).toEqual(expected);
    expect(summary).toMatchObject({ lines: log.length, leftOut: 0 });
    expect(new Date(summary.fromMs ?? 0).toISOString()).toBe('2026-11-29T20:37:01.000Z');
    expect(summary.groups[2]).toMatchObject({
      sinceMs: Date.parse('2026-11-29T20:37:02Z'),
      lastMs: Date.parse('2026-11-29T20:37:03Z'),
    });
  });

  it.each<[string, (line: string) => string]>([
    ['docker', (line) => `worker-1  | ${line}`],
    ['docker with times', (line) => `postal-worker-1  | 2026-11-29T20:37:03.123456789Z ${line}`],
    ['colours', (line) => line.replace(/^(\S+ \S+ \S+) (\w+)/, '\u001b[36m$1\u001b[0m \u001b[31m$2\u001b[0m')],
    ['Windows line ends', (line) => `${line}\r`],
    ['another time zone', (line) => line.replace(' 20:37', ' 22:37').replace('+0000', '+0200')],
  ])('as %s writes it', (_, mangle) => {
    expect(brief(summaryOf(log.map(mangle)))).toEqual(expected);
  });

  it('counts the same of the same log again', async () => {
    await fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), (times) => {
        const { groups } = summaryOf(Array.from({ length: times }, () => log).flat());
        expect(groups.find(({ code }) => code === 'reply-relay-denied')?.count).toBe(times);
        expect(groups.find(({ code }) => code === 'accepted')?.count).toBe(times);
      }),
    );
  });

  it('reads the log of 2.x', () => {
    const line = (text: string): string => `[worker.1:958] [2019-04-21T22:55:30.871] INFO -- : [PPIRRUWH] ${text}`;
    expect(
      brief(
        summaryOf([
          line('Connected to 10.0.4.13:25 (a.mail.corp.internal)'),
          line('Net::SMTPServerBusy: 450 4.2.0 Greylisted'),
        ]),
      ),
    ).toEqual(['1 retried reply-greylisted a.mail.corp.internal']);
  });

  it('stays bounded, and says what it left out', () => {
    const lines = Array.from(
      { length: 700 },
      (_, at) =>
        record(
          1,
          'ERROR',
          `Cannot connect to 10.0.4.12:25 (host${at}.corp.internal) (EOFError: end of file reached)`,
          '',
        )[0] ?? '',
    );
    const { groups, leftOut } = summaryOf(lines);
    expect(groups).toHaveLength(500);
    expect(leftOut).toBe(200);
  });

  it('never throws', async () => {
    await fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...log)), { maxLength: 30 }),
        (lines) => {
          summaryOf(lines);
        },
      ),
    );
  });
});

describe('records', () => {
  it('hold what stands on the next line, up to the next time', () => {
    const records = new LogRecords();
    const ended = [
      ...record(1, 'ERROR', 'Net::SMTPFatalError: 550 5.7.1 no\n', 'log_id=JGZ0R6P6 queued_message=5'),
      'backtrace without a time',
      ...record(2, 'INFO', 'next', ''),
    ].flatMap((line) => records.push(line) ?? []);
    expect(ended.map(({ text, tags }) => [text, tags.get('log_id')])).toEqual([
      ['Net::SMTPFatalError: 550 5.7.1 no', 'JGZ0R6P6'],
    ]);
    expect(records.end()?.text).toBe('next');
  });
});
