import { randomUUID } from 'node:crypto';
import { saveVerificationDone } from '../../../lib/app/state/verification-store.ts';
import { watch } from '../../../lib/app/watch/watch.ts';
import type { WatchPorts } from '../../../lib/app/watch/watch-ports.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { ProbeRequest, ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { nightOf } from '../../../lib/core/watch/nightly-verification.ts';
import { examplePolicy, exampleProfile } from '../../core/validation/example-policy.ts';
import { healthyReport } from '../memory-ports.ts';
import { refusing, report } from '../sample-probe.ts';
import { type Cloud, cloudPolicy, commandChannel, type Said } from './cloud.ts';
import { beginInvocation, countedPort, type Tally } from './crashing-ports.ts';
import { invoke } from './office.ts';

export const host = 'gitlab.mail.corp.internal';
const minuteMs = 60_000;
const runMs = 110_000;
const { signal } = new AbortController();

/** Looks every minute, and two of three that agree are believed. */
export const outagePolicy = examplePolicy({
  ...cloudPolicy,
  watch: watchRulesSchema.parse({ channel: commandChannel, intervalSeconds: 60 }),
});

/** What the prober would find of a server that refuses connections, or does not. */
export const resultOf = (request: ProbeRequest, isDown: boolean): ProbeResult => {
  const { requestId, hostname, port } = request;
  return {
    ok: true,
    report: isDown ? report([refusing('10.0.4.12')], { requestId, hostname, port }) : healthyReport(request),
  };
};

/** Watch on a cloud. `isDown` is asked at every probe. */
export const watchPortsOf = (cloud: Cloud, isDown: () => boolean): WatchPorts => ({
  ...cloud.watchPorts,
  prober: { probeMany: async (requests) => requests.map((request) => resultOf(request, isDown())) },
  zones: { list: async () => ({ ok: true, value: await cloud.zone() }) },
  policy: outagePolicy,
  profile: exampleProfile(),
  newToken: randomUUID,
});

/** Enters one name into the directory, long ago; the night's verification of the history is done. */
export const register = async ({ ports: { state }, clock }: Cloud, hostname = host): Promise<void> => {
  const atMs = clock.now() - 6 * 3_600_000;
  const counts = { startedAtMs: atMs, streams: 0, entries: 0, messages: 0, faults: 0, some: [] };
  const night = nightOf(clock.now(), 'UTC');
  await saveVerificationDone(state, { finishedAtMs: atMs, night, ...counts }, signal);
  const definition = {
    hostname,
    targets: { kind: 'addresses', addresses: ['10.0.4.12'] },
    port: 25,
    sslMode: 'Auto',
    ttlSeconds: 60,
  };
  const value = { definition, changeId: '01J', userId: 'U0MARIA', at: '2026-01-01T00:00:00.000Z' };
  await state.put({ collection: 'directory', key: hostname, value }, false, signal);
};

/** One run of watch that may die at any of its calls. */
export const runWatch = async (cloud: Cloud, ports: WatchPorts, tally: Tally): Promise<void> => {
  const invocation = beginInvocation(tally);
  const crashing: WatchPorts = {
    ...ports,
    ledger: countedPort('watch: ledger', ports.ledger, invocation),
    state: countedPort('watch: state', ports.state, invocation),
    queue: countedPort('watch: SQS', ports.queue, invocation),
    deadLetters: countedPort('watch: dead letters', ports.deadLetters, invocation),
    prober: countedPort('watch: prober', ports.prober, invocation),
    zones: countedPort('watch: Route 53', ports.zones, invocation),
  };
  await Promise.race([watch(crashing, { atMs: cloud.clock.now() + runMs, signal }), invocation.died]);
};

/** Works whatever can be seen in the queue now. */
export const workNow = async (cloud: Cloud, tally: Tally): Promise<void> => {
  const worker: Cloud = { ...cloud, ports: { ...cloud.ports, policy: outagePolicy } };
  for (let next = await worker.source.receive(); next !== undefined; next = await worker.source.receive())
    await invoke(worker, next, tally);
};

/** The head messages of incidents, as they read now. */
export const headsOf = (cloud: Cloud): readonly Said[] =>
  cloud.said().filter(({ payload }) => payload['incident_id'] !== undefined && payload['update'] === undefined);

/** A server that is down from one minute to another, with a run of watch a minute and some minutes more in which all comes to rest. */
export const playOutage = async (
  cloud: Cloud,
  {
    downFrom,
    downTo,
    minutes,
    runsAMinute = 1,
  }: { downFrom: number; downTo: number; minutes: number; runsAMinute?: number },
  tally: Tally,
): Promise<void> => {
  let minute = 0;
  const ports = watchPortsOf(cloud, () => minute >= downFrom && minute < downTo);
  await register(cloud);
  for (; minute < minutes; minute += 1) {
    await Promise.all(Array.from({ length: runsAMinute }, () => runWatch(cloud, ports, tally)));
    await workNow(cloud, tally);
    await cloud.clock.advance(minuteMs);
  }
};
