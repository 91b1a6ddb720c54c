import { gzipSync } from 'node:zlib';
import type { StateStore } from '../../lib/app/ports/state-store.ts';
import { announcedItem, announcementKey } from '../../lib/app/state/announcements.ts';
import { registerChange, saveProbe } from '../../lib/app/state/directory.ts';
import { saveDrift } from '../../lib/app/state/drift-store.ts';
import { saveHealth } from '../../lib/app/state/health-store.ts';
import { saveIncident } from '../../lib/app/state/incident-store.ts';
import { saveLastRound } from '../../lib/app/state/last-round.ts';
import { saveLookTimes } from '../../lib/app/state/look-times.ts';
import { saveMute } from '../../lib/app/state/mute-store.ts';
import { saveReport } from '../../lib/app/state/postal/postal-report-store.ts';
import { hourItem } from '../../lib/app/state/sample-store.ts';
import { saveSummaries } from '../../lib/app/state/summary-store.ts';
import { saveVerificationDone } from '../../lib/app/state/verification-store.ts';
import { saveWaitingPlan } from '../../lib/app/state/waiting-plans.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import { retention } from '../../lib/core/limits/limits.ts';
import { snapshotReportJson } from '../../lib/core/postal/reports/snapshot-report.ts';
import { type DailySummary, daysFrom, utcDay } from '../../lib/core/report/daily-summary.ts';
import type { Health } from '../../lib/core/watch/health/health.ts';
import { bucketOf, hourOf, type Sample, withSamples } from '../../lib/core/watch/health/samples.ts';
import { encrypted, refusing, report } from '../../test/support/sample-probe.ts';
import type { Endpoint, Fleet } from './fleet.ts';
import { postalWith } from './postal.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Minutes between two checks of an endpoint, as the policy has it unless it says otherwise. */
const checkMinutes = 5;
export const summaryDays = 90;
const { signal } = new AbortController();

/** Forty of 2,000 are down, as many degraded. */
export const stateOf = (index: number): 'up' | 'degraded' | 'down' =>
  index % 50 === 7 ? 'down' : index % 50 === 23 ? 'degraded' : 'up';

const healthOf = (index: number, nowMs: number): Health => {
  const state = stateOf(index);
  return {
    state,
    sinceMs: nowMs - (state === 'up' ? 40 * 24 : 2) * hourMs,
    recent: [],
    ...(state === 'up' ? {} : { said: { sentence: 'Postal cannot connect: refused.', findings: [] } }),
    encrypted: true,
    certificateExpiresAtMs: nowMs + (30 + (index % 60)) * 24 * hourMs,
  };
};

const addressOf = ({ definition: { targets } }: Endpoint): string =>
  targets.kind === 'addresses' ? (targets.addresses[0] ?? '') : targets.cname;

const leaveStates = async (state: StateStore, endpoints: readonly Endpoint[], nowMs: number): Promise<void> => {
  for (const endpoint of endpoints) {
    const { index, definition } = endpoint;
    const { hostname, port } = definition;
    await saveHealth(state, hostname, healthOf(index, nowMs), signal);
    const at = new Date(nowMs - (60 + index) * minuteMs).toISOString();
    const ip = addressOf(endpoint);
    const seen = stateOf(index) === 'down' ? refusing(ip) : encrypted(ip);
    const result = { ok: true, report: report([seen], { hostname, port, startedAt: at }) } as const;
    await saveProbe(state, hostname, { at, result }, signal);
  }
  const times = new Map(
    endpoints.map(({ index, definition: { hostname } }) => [hostname, nowMs - (index % 300) * 1000]),
  );
  await saveLookTimes(state, [...times.keys()], times, signal);
  const lastRound = { atMs: nowMs - 10_000, durationMs: 20_000, endpoints: Math.ceil(endpoints.length / checkMinutes) };
  await saveLastRound(state, lastRound, signal);
};

/** An hour as a check every five minutes leaves it; a few hours have an outage of half an hour. */
const samplesOfHour = (hour: string, variant: number): readonly Sample[] => {
  const fromMs = Date.parse(`${hour}:00:00Z`);
  return Array.from({ length: 60 / checkMinutes }, (_, place) => {
    const isDown = variant === 0 && fromMs % (7 * 24 * hourMs) === 0 && place < 6;
    const atMs = fromMs + (place * checkMinutes + (variant % checkMinutes)) * minuteMs;
    return isDown ? { atMs, state: 'down' } : { atMs, state: 'up', latencyMs: 20 + ((place * 7 + variant * 3) % 40) };
  });
};

const variants = 16;

const leaveSamples = async (
  state: StateStore,
  byBucket: ReadonlyMap<string, readonly Endpoint[]>,
  nowMs: number,
  days: number,
): Promise<void> => {
  for (let atMs = nowMs - days * 24 * hourMs; atMs < nowMs; atMs += hourMs) {
    const hour = hourOf(atMs);
    const texts = Array.from({ length: variants }, (_, variant) => withSamples(hour, '', samplesOfHour(hour, variant)));
    for (const [bucket, endpoints] of byBucket) {
      const entries = endpoints.map(
        ({ index, definition }) => [definition.hostname, texts[index % variants] ?? ''] as const,
      );
      await state.put(hourItem(bucket, hour, 0, Object.fromEntries(entries)), false, signal);
    }
  }
};

const summaryOf = (index: number, day: number): DailySummary => {
  const down = (index * 31 + day) % 97 === 0 ? 35 : 0;
  const incidents = down > 0 ? 1 : 0;
  return {
    minutes: { up: 1440 - down, degraded: 0, plaintext: 0, drifted: 0, down, inconclusive: 0 },
    incidents,
    longestMinutes: down,
    repaired: incidents,
    repairedMinutes: down,
  };
};

const leaveSummaries = async (
  state: StateStore,
  byBucket: ReadonlyMap<string, readonly Endpoint[]>,
  nowMs: number,
): Promise<void> => {
  for (let day = 1; day <= summaryDays; day += 1)
    for (const [bucket, endpoints] of byBucket) {
      const summaries = new Map(
        endpoints.map(({ index, definition }) => [definition.hostname, summaryOf(index, day)] as const),
      );
      await saveSummaries(state, daysFrom(utcDay(nowMs), -day), bucket, summaries, signal);
    }
};

const leaveTrouble = async (state: StateStore, endpoints: readonly Endpoint[], nowMs: number): Promise<void> => {
  for (const { index, definition, entries } of endpoints) {
    const { hostname } = definition;
    if (stateOf(index) === 'down')
      await saveIncident(
        state,
        {
          id: `endpoint-${hostname}-${nowMs - 2 * hourMs}`,
          cause: { kind: 'single', hostname },
          openedAtMs: nowMs - 2 * hourMs,
          raisedAtMs: nowMs - 2 * hourMs,
          revision: 1,
          severity: 'down',
          sentence: 'Postal cannot connect: refused.',
          findings: [],
          members: [{ hostname, state: 'down', joinedAtMs: nowMs - 2 * hourMs }],
          updates: [],
        },
        signal,
      );
    if (index % 400 === 7)
      await saveMute(
        state,
        { hostname, fromMs: nowMs - hourMs, untilMs: nowMs + 10 * hourMs, by: 'U0MARIA', reason: 'known' },
        signal,
      );
    if (index % 500 === 123)
      await saveDrift(
        state,
        hostname,
        {
          sinceMs: nowMs - hourMs,
          finding: { code: 'changed', text: 'The record was changed.', remedy: 'Run update.' },
        },
        signal,
      );
    for (const { changeId, plan } of fold(entries).pending)
      await saveWaitingPlan(state, changeId, { hostname, expiresAt: plan.expiresAt }, signal);
  }
};

/** Stores what the bot would already know: directory, announcements, states, samples, summaries, incidents and what Postal reported. */
export const leaveInState = async (
  state: StateStore,
  { endpoints, audit }: Fleet,
  nowMs: number,
  sampleDays: number = retention.sampleDays,
): Promise<void> => {
  const told = new Map(
    audit.flatMap(({ body }) =>
      body.kind === 'announced' ? body.changes.map((change) => [change.changeId, body.permalink] as const) : [],
    ),
  );
  for (const { definition, entries } of endpoints)
    for (const change of fold(entries).applied) {
      await registerChange(state, change, signal);
      await state.put(
        announcedItem(announcementKey(change), definition.hostname, told.get(change.changeId) ?? null),
        false,
        signal,
      );
    }
  const byBucket = Map.groupBy(endpoints, ({ definition }) => bucketOf(definition.hostname));
  await leaveStates(state, endpoints, nowMs);
  await leaveSamples(state, byBucket, nowMs, sampleDays);
  await leaveSummaries(state, byBucket, nowMs);
  await leaveTrouble(state, endpoints, nowMs);
  await saveVerificationDone(
    state,
    {
      startedAtMs: nowMs - 6 * hourMs,
      finishedAtMs: nowMs - 6 * hourMs + 20 * minuteMs,
      night: utcDay(nowMs),
      streams: endpoints.length,
      entries: 10 * endpoints.length,
      messages: audit.length,
      verifiedUpTo: audit.at(-1)?.at ?? '',
      faults: 0,
      some: [],
    },
    signal,
  );
  const snapshot = postalWith(endpoints, nowMs - 2 * minuteMs);
  const packed = gzipSync(snapshotReportJson({ part: null, snapshot }), { level: 9 }).toString('base64');
  await saveReport(
    state,
    { sender: 'postal1', part: null, atMs: snapshot.atMs, receivedAtMs: nowMs - minuteMs, clockAheadMs: 0, packed },
    signal,
  );
};
