import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { freePorts } from '../lib/local/ports.ts';
import type { StoredMessage } from '../lib/local/slack/store/workspace.ts';
import { type LocalWorkspace, startWorkspace } from '../lib/local/workspace.ts';
import { localPeople, localZone } from '../lib/local/workspace-seed.ts';
import { quantile } from './bench/statistics.ts';
import { workspaceClient } from './smoke/workspace-client.ts';

// Measures how long one person waits while another sends 200 commands: checks of silent servers, checks of all, and additions that are denied. Commands go
// signed over HTTP into the local workspace with its four workers. The last line is JSON; times are in milliseconds.

const samplesEach = 100;
const commands = 200;
/** The 200 commands come in bursts, one with every second change, so that there are some from the first sample to the last. */
const perBurst = 4;
const withinMs = 120_000;

const [auditChannel, channel] = localPeople.channels;
const [worker, , talker] = localPeople.users;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** The next message in the local Slack that fits; rejects after two minutes. */
const untilNext = (
  workspace: LocalWorkspace,
  what: string,
  fits: (message: StoredMessage) => boolean,
): Promise<StoredMessage> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: nothing came within ${withinMs} ms`)), withinMs);
    const unsubscribe = workspace.slack.store.subscribe((event) => {
      if (event.kind !== 'message' || !fits(event.message)) return;
      clearTimeout(timer);
      unsubscribe();
      resolve(event.message);
    });
  });

type Times = { readonly mute: number[]; readonly change: number[]; readonly announce: number[] };

const muted = Array.from({ length: 5 }, (_, index) => `muted-${index}.mail.${localZone.name}`);

/** Types a command and waits for its answer; how long that took. */
const answered = async (
  workspace: LocalWorkspace,
  line: string,
  fits: (message: StoredMessage) => boolean,
): Promise<number> => {
  const { say: type } = workspaceClient(workspace, worker.id, channel.id);
  const began = performance.now();
  const isNew = untilNext(workspace, line, (message) => message.visibleTo === worker.id && fits(message));
  const { status, text } = await type(line);
  if (status !== 200) throw new Error(`${line} was answered ${status}: ${text}`);
  await isNew;
  return performance.now() - began;
};

const add = (workspace: LocalWorkspace, hostname: string): Promise<number> => {
  const healthy = workspace.samples.find(({ name }) => name === 'starttls');
  if (healthy === undefined) throw new Error('the sample with STARTTLS is missing');
  const line = `add ${hostname} ${healthy.addresses[0]} --port ${healthy.port}`;
  return answered(workspace, line, ({ text }) => text.startsWith('✅') && text.includes(hostname));
};

/** Somebody who adds names and mutes alerts, in two windows, one command after the other in each, and how long each took until it was answered. */
const measure = async (workspace: LocalWorkspace, phase: string, burst: () => void): Promise<Times> => {
  const times: Times = { mute: [], change: [], announce: [] };
  const announcements: Promise<unknown>[] = [];
  const adding = async (): Promise<void> => {
    for (let index = 0; index < samplesEach; index += 1) {
      if (index % (samplesEach / (commands / perBurst)) === 0) burst();
      const hostname = `${phase}-${index}.mail.${localZone.name}`;
      const began = performance.now();
      const isAnnouncement = ({ channel: where, visibleTo, text }: StoredMessage): boolean =>
        // Alone, or in bold in a message for several changes.
        where === auditChannel.id && visibleTo === undefined && /[ *]/.test(text.split(hostname)[1]?.[0] ?? '');
      const announced = untilNext(workspace, `the announcement of ${hostname}`, isAnnouncement);
      announcements.push(announced.then(() => times.announce.push(performance.now() - began)));
      times.change.push(await add(workspace, hostname));
    }
  };
  const muting = async (): Promise<void> => {
    for (let index = 0; index < samplesEach; index += 1) {
      const hostname = muted[index % muted.length] ?? '';
      times.mute.push(await answered(workspace, `mute ${hostname} 1h`, ({ text }) => text.includes(hostname)));
    }
  };
  await Promise.all([adding(), muting()]);
  await Promise.all(announcements);
  return times;
};

/** Somebody else, who sends the next four of the 200 commands at once, whenever asked to; and how many came to nothing on the way. */
const talkative = (
  workspace: LocalWorkspace,
): { readonly burst: () => void; readonly settled: () => Promise<number> } => {
  const { say: type } = workspaceClient(workspace, talker.id, channel.id);
  const silent = workspace.samples.find(({ name }) => name === 'silent');
  if (silent === undefined) throw new Error('the silent sample is missing');
  const silentNames = Array.from({ length: commands }, (_, index) => `silent-${index}.mail.${localZone.name}`);
  for (const name of silentNames)
    workspace.route53.hosted.change(
      localZone.id,
      [{ action: 'UPSERT', recordSet: { name, type: 'A', ttlSeconds: 60, values: [...silent.addresses] } }],
      'silent servers of the bench',
    );
  const sent: Promise<unknown>[] = [];
  const lineOf = (index: number): string => {
    if (index % 4 === 0) return 'check all';
    return index % 4 === 1
      ? `add denied-${index}.mail.${localZone.name} ${silent.addresses[0]}`
      : `check ${silentNames[index]} --port ${silent.port}`;
  };
  return {
    burst: () => {
      for (let count = 0; count < perBurst && sent.length < commands; count += 1) sent.push(type(lineOf(sent.length)));
    },
    settled: async () => (await Promise.allSettled(sent)).filter(({ status }) => status === 'rejected').length,
  };
};

const roundSchema = z.object({ message: z.literal('watch looked'), looked: z.number(), busy: z.number() });

/** How many endpoints watch wanted to look at, and how many of them the prober was too busy for. Throws where no round of watch is in the log. */
const watched = (workspace: LocalWorkspace, fromLine: number): { readonly busy: number; readonly of: number } => {
  const lines = readFileSync(workspace.logFile, 'utf8').split('\n').slice(fromLine);
  const rounds = lines.flatMap((line) => {
    const [, json = ''] = /^watch (\{.*)$/.exec(line) ?? [];
    return json === '' ? [] : (roundSchema.safeParse(JSON.parse(json)).data ?? []);
  });
  if (rounds.length === 0) throw new Error('watch looked at nothing meanwhile');
  return {
    busy: rounds.reduce((sum, { busy }) => sum + busy, 0),
    of: rounds.reduce((sum, { looked }) => sum + looked, 0),
  };
};

const p99 = (values: readonly number[]): number => Math.round(quantile(values, 0.99));

await using workspace = await startWorkspace({
  ports: freePorts,
  moduleOf: (name) => new URL(`../functions/${name}.ts`, import.meta.url),
  formBodies: 'base64',
  insyncDelayMs: 100,
  frontConcurrency: perBurst + 2,
});
// How long the front's first requests take is another measurement (bench:ack): as many environments as are asked at once start before.
const unsigned = {
  headers: {},
  requestContext: { http: { method: 'POST' } },
  body: 'unsigned',
  isBase64Encoded: false,
};
for (let turn = 0; turn < 2; turn += 1)
  await Promise.all(Array.from({ length: perBurst + 2 }, () => workspace.functions.slack.invoke(unsigned)));
for (const hostname of muted) await add(workspace, hostname);
const quiet = await measure(workspace, 'quiet', () => undefined);
say(
  `quiet: mute p99 ${p99(quiet.mute)} ms, change p99 ${p99(quiet.change)} ms, announcement p99 ${p99(quiet.announce)} ms`,
);
const linesBefore = readFileSync(workspace.logFile, 'utf8').split('\n').length;
const { burst, settled } = talkative(workspace);
const busy = await measure(workspace, 'busy', burst);
say(`${await settled()} of the ${commands} commands were not acknowledged`);
const { busy: watchBusy, of: watchOf } = watched(workspace, linesBefore);
process.stdout.write(
  `${JSON.stringify({
    muteP99Ms: p99(busy.mute),
    changeP99Ms: p99(busy.change),
    announceP99Ms: p99(busy.announce),
    watchBusy,
    watchOf,
    quiet: { muteP99Ms: p99(quiet.mute), changeP99Ms: p99(quiet.change) },
    samples: busy.mute.length,
  })}\n`,
);
