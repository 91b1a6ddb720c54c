import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { saveReport } from '../../../lib/app/state/postal/postal-report-store.ts';
import { saveSummaries } from '../../../lib/app/state/summary-store.ts';
import { snapshotReportJson } from '../../../lib/core/postal/reports/snapshot-report.ts';
import type { DailySummary } from '../../../lib/core/report/daily-summary.ts';
import { bucketOf } from '../../../lib/core/watch/health/samples.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { refusing } from '../../support/sample-probe.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const signal = () => AbortSignal.timeout(5_000);
const gitlab = 'gitlab.mail.corp.internal';
const wiki = 'wiki.corp.internal';
const chat = 'chat.mail.corp.internal';
const all = [chat, gitlab, wiki];
let worker: ReturnType<typeof workerUnderTest>;

const quiet: DailySummary = {
  minutes: { up: 1440, degraded: 0, plaintext: 0, drifted: 0, down: 0, inconclusive: 0 },
  incidents: 0,
  longestMinutes: 0,
  repaired: 0,
  repairedMinutes: 0,
};

const reported = async (): Promise<void> => {
  const nowMs = worker.clock.now();
  const snapshot = sampleSnapshot(nowMs - 300_000);
  const packed = gzipSync(snapshotReportJson({ part: null, snapshot })).toString('base64');
  const head = { sender: 'postal1', part: null, atMs: snapshot.atMs, receivedAtMs: nowMs, clockAheadMs: 0 };
  await saveReport(worker.ports.state, { ...head, packed }, signal());
};

beforeEach(async () => {
  worker = workerUnderTest();
  await worker.say(`add ${gitlab} 10.0.4.12 --owner <@U0MARIA>`);
  await worker.say(`add ${wiki} 10.0.4.13 --owner "The \\"wiki\\" team"`);
  worker.over.probe = (request) => ({
    ok: true,
    report: { ...healthyReport(request, ['10.0.4.14']), addresses: [refusing('10.0.4.14')] },
  });
  await worker.say(`add ${chat} 10.0.4.14 --standby 10.0.4.12`);
  worker.over.probe = (request) => ({ ok: true, report: healthyReport(request) });
  await reported();
  const day = new Date(worker.clock.now()).toISOString().slice(0, 10);
  for (const hostname of all)
    await saveSummaries(worker.ports.state, day, bucketOf(hostname), new Map([[hostname, quiet]]), signal());
});

/** The hostnames that the answers to a command name. */
const namedBy = async (command: string): Promise<readonly string[]> => {
  const before = worker.messenger.replies.length;
  await worker.say(command);
  const said = JSON.stringify(
    worker.messenger.replies.slice(before).map(({ message }) => [message.text, message.blocks]),
  );
  return all.filter((hostname) => said.includes(hostname));
};

const filters: readonly (readonly [string, readonly string[]])[] = [
  ['--target 10.0.4.12', [chat, gitlab]],
  ['--state down', [chat]],
  ['--owner <@U0MARIA>', [gitlab]],
  ['--owner "The \\"wiki\\" team"', [wiki]],
  ['--server production', [gitlab]],
  ['--in-postal no', [chat, wiki]],
  ['--in-postal no --state down', [chat]],
];

describe.each(['list', 'check', 'report', 'mute'] as const)('%s', (verb) => {
  const command = { list: 'list', check: 'check', report: 'report', mute: 'mute' }[verb];
  const line = (which: string, filter: string): string =>
    `${command} ${which}${verb === 'mute' ? ' 2h' : ''} ${filter}`;

  it.each(filters)(`takes %s`, async (filter, expected) => {
    if (verb !== 'mute') return expect(await namedBy(line('all', filter))).toEqual(expected);
    await worker.say(line('all', filter));
    expect(worker.lastReply()).not.toContain('Nothing was');
    expect(await namedBy('list --state muted')).toEqual(expected);
    await worker.say(`unmute all ${filter}`);
    expect(await namedBy('list --state muted')).toEqual([]);
  });

  it('takes a pattern with a filter', async () => {
    await worker.say(line('*.mail.corp.internal', '--in-postal no'));
    expect(await namedBy(line('*.mail.corp.internal', '--in-postal no'))).toEqual([chat]);
  });

  it.each([
    ['--state broken', 'state: unknown state'],
    ['--server nowhere', 'server: Postal has no mail server \\"nowhere\\". Known ones: acme/production, acme/staging.'],
    ['--in-postal perhaps', 'in-postal: \\"perhaps\\" is neither yes nor no'],
    ['--target 10.0.4', '10.0.4'],
  ])('refuses %s', async (filter, expected) => {
    await worker.say(line('all', filter));
    expect(worker.lastReply()).toContain(expected);
    expect(await namedBy('list --state muted')).toEqual([]);
  });
});

it('sends the chosen ones as a file', async () => {
  await worker.say('list --in-postal no --format csv');
  const text = Buffer.from(worker.files.uploads[0]?.bytes ?? []).toString('utf8');
  expect(all.filter((hostname) => text.includes(hostname))).toEqual([chat, wiki]);
});

it('says how old the snapshot is that chose', async () => {
  await worker.say('list --in-postal no');
  expect(worker.lastReply()).toContain('Postal as of');
});

it('offers the next page with the same filter, quotes and all', async () => {
  for (let number = 0; number < 25; number += 1)
    await worker.say(`add n${number}.corp.internal 10.0.4.13 --owner "The \\"wiki\\" team"`);
  await worker.say('list --owner "The \\"wiki\\" team" --target 10.0.4.13');
  const [, line = ''] = /\{\\"text\\":(\\".*?page 2\\")/.exec(worker.lastReply()) ?? [];
  const text: unknown = JSON.parse(JSON.parse(`"${line}"`));
  await worker.say(String(text));
  expect(worker.lastReply()).toContain('page 2 of 2');
});

it('asks for a filter where one hostname is checked', async () => {
  await worker.say(`check ${gitlab} --state down`);
  expect(worker.lastReply()).toContain('state: it chooses among many endpoints');
});

it('mutes no more than a hundred names one by one', async () => {
  for (let number = 0; number < 101; number += 1) await worker.say(`add n${number}.corp.internal 10.0.4.13`);
  await worker.say('mute all 2h --in-postal no');
  expect(worker.lastReply()).toContain('The filter chooses 103 names');
  expect(await namedBy('list --state muted')).toEqual([]);
});
