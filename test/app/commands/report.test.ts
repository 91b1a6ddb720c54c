import { describe, expect, it } from 'vitest';
import { saveSummaries } from '../../../lib/app/state/summary-store.ts';
import type { DailySummary } from '../../../lib/core/report/daily-summary.ts';
import { bucketOf } from '../../../lib/core/watch/health/samples.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const [gitlab, wiki] = ['gitlab.mail.corp.internal', 'wiki.corp.internal'];

const summary = (down: number, plaintext: number, more: Partial<DailySummary> = {}): DailySummary => ({
  minutes: { up: 1440 - down - plaintext, degraded: 0, plaintext, drifted: 0, down, inconclusive: 0 },
  incidents: down > 0 ? 1 : 0,
  longestMinutes: down,
  repaired: down > 0 ? 1 : 0,
  repairedMinutes: down,
  ...more,
});

const start = async () => {
  const worker = workerUnderTest();
  await worker.say(`add ${gitlab} 10.0.4.12 --owner platform`);
  await worker.say(`add ${wiki} 10.0.4.13`);
  const today = new Date(worker.clock.now()).toISOString();
  const month = today.slice(0, 7);
  const save = (day: string, hostname: string, of: DailySummary) =>
    saveSummaries(worker.ports.state, `${month}-${day}`, bucketOf(hostname), new Map([[hostname, of]]), signal);
  await save('01', gitlab, summary(60, 0));
  await save('02', gitlab, summary(120, 0));
  await save('01', wiki, summary(0, 720));
  return { worker, month };
};

/** The words, which come before the picture: text and blocks. */
const wordsOf = ({ messenger }: ReturnType<typeof workerUnderTest>): string =>
  messenger.replies
    .map(({ message }) => `${message.text}\n${JSON.stringify(message.blocks)}`)
    .findLast((said) => said.includes('Data of')) ?? '';

describe('report', () => {
  it('shows a month, the worst first, with plaintext apart, and from which day there is data', async () => {
    const { worker, month } = await start();
    await worker.say(`report --month ${month}`);
    const reply = wordsOf(worker);
    expect(worker.lastReply()).toContain('slack_file');
    expect(reply).toContain('2 incidents, the longest 2 h, 1 h 30 min to repair on average, 2 changes');
    expect(reply).toMatch(new RegExp(`${gitlab}, 93\\.75 %, 2 incidents\\n${wiki}, 100 %, 0 incidents`));
    expect(reply).toContain('12 h');
    expect(reply).toContain(`Data of 2 of`);
    expect(reply).toContain(`${month}-01 to ${month}-02`);
  });

  it.each([
    ['a pattern', '*.mail.corp.internal', gitlab, wiki],
    ['an address', '10.0.4.13', wiki, gitlab],
    ['an owner', '--owner platform', gitlab, wiki],
  ])('is narrowed by %s', async (_, words, shown, hidden) => {
    const { worker, month } = await start();
    await worker.say(`report ${words} --month ${month}`);
    expect(wordsOf(worker)).toContain(shown);
    expect(wordsOf(worker)).not.toContain(hidden);
  });

  it('sends the table as CSV', async () => {
    const { worker, month } = await start();
    await worker.say(`report --month ${month} --csv`);
    const file = worker.files.uploads.at(-1);
    expect(file?.name).toBe(`report-${month}.csv`);
    expect(
      Buffer.from(file?.bytes ?? '')
        .toString()
        .split('\n')
        .slice(1),
    ).toEqual([`${gitlab},93.75,0,0,180,0,2880,0,2,120,90,1`, `${wiki},100,720,0,0,0,1440,0,0,0,,1`, '']);
  });

  it.each([
    ['2026-13', 'month: "2026-13" is not a month. Write one such as 2026-11.'],
    ['2020-01', 'No data of January 2020.'],
  ])('says what it cannot show of %s', async (month, expected) => {
    const { worker } = await start();
    await worker.say(`report --month ${month}`);
    expect(worker.lastReply()).toContain(expected);
  });

  it('says when nothing is meant', async () => {
    const { worker, month } = await start();
    await worker.say(`report *.nowhere.internal --month ${month}`);
    expect(worker.lastReply()).toContain('There is no registered hostname of `*.nowhere.internal` that you may see');
  });
});
