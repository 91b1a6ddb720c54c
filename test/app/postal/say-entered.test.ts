import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { saveReport } from '../../../lib/app/state/postal/postal-report-store.ts';
import { noticeEntered } from '../../../lib/app/watch/notice-entered.ts';
import { snapshotReportJson } from '../../../lib/core/postal/reports/snapshot-report.ts';
import { zoneId } from '../../support/memory-ports.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const signal = () => AbortSignal.timeout(5_000);
const hostname = 'tickets.mail.corp.internal';

const start = async () => {
  const worker = workerUnderTest();
  const report = async (isEntered: boolean) => {
    const atMs = worker.clock.now();
    const sample = sampleSnapshot(atMs);
    const endpoints = sample.endpoints.map((each) => (each.id === 2 && isEntered ? { ...each, hostname } : each));
    const packed = gzipSync(snapshotReportJson({ part: null, snapshot: { ...sample, endpoints } })).toString('base64');
    const head = { sender: 'postal1', part: null, atMs, receivedAtMs: atMs, clockAheadMs: 0 };
    await saveReport(worker.ports.state, { ...head, packed }, signal());
  };
  /** A round of watch, and what the worker does with its messages. */
  const round = async () => {
    await noticeEntered(worker.ports, signal());
    for (let message = worker.queued.shift(); message !== undefined; message = worker.queued.shift())
      await worker.work(message);
    await worker.clock.advance(60_000);
  };
  const said = () => worker.messenger.threadReplies.map(({ message }) => message.text);
  return { worker, report, round, said };
};

describe('a name that was not in Postal when it was added', () => {
  test('has it said once in the thread of its announcement that it is', async () => {
    const { worker, report, round, said } = await start();
    await report(false);
    await worker.say(`add ${hostname} 10.0.4.13`);
    await round();
    expect(said()).toEqual([]);
    await report(true);
    await round();
    expect(said()).toEqual([
      expect.stringMatching(
        /^tickets\.mail\.corp\.internal is in Postal now: entered as Tickets in acme\/production: 1 route/,
      ),
    ]);
    const announced = worker.messenger.posts.find(({ channelId }) => channelId === 'C0AUDIT');
    expect(worker.messenger.threadReplies[0]).toMatchObject({ threadTs: announced?.ts, broadcast: false });
    await report(true);
    await round();
    await report(false);
    await round();
    await report(true);
    await round();
    expect(said()).toHaveLength(1);
  });

  test('has it said no second time where its announcement is worked again', async () => {
    const { worker, report, round, said } = await start();
    await report(false);
    await worker.work(worker.message(`add ${hostname} 10.0.4.13`));
    const [announce] = worker.queued.splice(0);
    if (announce?.kind !== 'announce') throw new Error('no announcement was queued');
    await worker.work(announce);
    await report(true);
    await round();
    await worker.work(announce, 2);
    await round();
    expect(said()).toHaveLength(1);
  });

  test('has it said when it was adopted, too', async () => {
    const { worker, report, round, said } = await start();
    await report(false);
    worker.zones.put(zoneId, [{ name: hostname, type: 'A', ttlSeconds: 60, values: ['10.0.4.13'] }]);
    await worker.say(`adopt ${hostname}`);
    await report(true);
    await round();
    expect(said()).toHaveLength(1);
  });

  test('has it said once although Slack lost the answer, or the message comes twice', async () => {
    const { worker, report, said } = await start();
    await report(false);
    await worker.say(`add ${hostname} 10.0.4.13`);
    await report(true);
    await noticeEntered(worker.ports, signal());
    const [message] = worker.queued.splice(0);
    if (message === undefined) throw new Error('nothing was queued');
    worker.messenger.trouble.push('lost-answer');
    expect(await worker.work(message)).toMatchObject({ kind: 'retry' });
    await worker.clock.advance(60_000);
    expect(await worker.work(message, 2)).toEqual({ kind: 'done' });
    expect(await worker.work(message, 3)).toEqual({ kind: 'done' });
    expect(said()).toHaveLength(1);
  });

  test('has it said by a later delivery where Slack did not take it', async () => {
    const { worker, report, round, said } = await start();
    await report(false);
    await worker.say(`add ${hostname} 10.0.4.13`);
    await report(true);
    await noticeEntered(worker.ports, signal());
    const [message] = worker.queued.splice(0);
    if (message === undefined) throw new Error('nothing was queued');
    worker.messenger.trouble.push({ kind: 'rate-limited', retryAfterSeconds: 400 });
    expect(await worker.work(message)).toMatchObject({ kind: 'retry' });
    await worker.work(message, 2);
    await round();
    expect(said()).toHaveLength(1);
  });
});

test('a name that Postal had already, or of which nothing was reported, is not awaited', async () => {
  const { worker, report, round, said } = await start();
  await worker.say('add other.mail.corp.internal 10.0.4.14');
  await report(true);
  await worker.say(`add ${hostname} 10.0.4.13`);
  await round();
  expect(said()).toEqual([]);
});
