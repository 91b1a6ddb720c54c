import * as z from 'zod';
import { wallDay } from '../base/zoned-time.ts';
import type { Incident } from './incident/incident.ts';

/** In the policy's time zone, the hour at which a night's verification begins: few people change anything then. */
const hour = 2;
const hourMs = 3_600_000;
/** So long after the last complete verification the next one is overdue: a night, and half a day more. */
const overdueAfterMs = 36 * hourMs;

const faultSchema = z.strictObject({ code: z.string(), text: z.string() });

const counts = {
  /** Milliseconds since the epoch. */
  startedAtMs: z.int(),
  /** Hostnames and other streams whose chains were recomputed. */
  streams: z.int(),
  entries: z.int(),
  /** Audit messages that were found as they were posted. */
  messages: z.int(),
  /** ISO 8601, UTC, of the newest entry that the audit channel vouches for. */
  verifiedUpTo: z.string().exactOptional(),
  faults: z.int(),
  /** The first faults; untrusted text. */
  some: z.array(faultSchema),
};

/** A verification under way: how far it is, in the order of the streams' names. */
export const verificationRunSchema = z.strictObject({
  /** The local day on which it began, `2026-01-31`. */
  night: z.string(),
  /** The part to be done next, from 1. */
  part: z.int(),
  /** The last stream that was verified. */
  after: z.string().exactOptional(),
  /** Why the last attempt at this part failed. */
  trouble: z.string().exactOptional(),
  ...counts,
});
export type VerificationRun = z.infer<typeof verificationRunSchema>;

/** The last complete verification. */
export const verificationDoneSchema = z.strictObject({ finishedAtMs: z.int(), night: z.string(), ...counts });
export type VerificationDone = z.infer<typeof verificationDoneSchema>;

/** What is known of the nightly verification. */
export type VerificationState = { readonly run?: VerificationRun; readonly done?: VerificationDone };

/** The night whose verification is due at this moment. */
export const nightOf = (nowMs: number, timeZone: string): string => wallDay(nowMs - hour * hourMs, timeZone);

/** The part that is to be asked for; undefined where the night's verification is complete. */
export const dueVerification = (
  { run, done }: VerificationState,
  night: string,
): { readonly night: string; readonly part: number } | undefined =>
  done?.night === night ? undefined : { night, part: run?.night === night ? run.part : 1 };

/** Why a verification is overdue, a sentence; undefined where it is not. */
const overdue = ({ run, done }: VerificationState, nowMs: number): { sinceMs: number; why: string } | undefined => {
  const sinceMs = done?.finishedAtMs ?? run?.startedAtMs;
  if (sinceMs === undefined || nowMs - sinceMs <= overdueAfterMs) return undefined;
  return { sinceMs, why: run?.trouble ?? 'It was not completed in time.' };
};

/** Whether the history is verified, in one line. `when` formats an ISO time, `text` what a service said. */
export const verificationLine = (
  state: VerificationState,
  nowMs: number,
  { when, text }: { readonly when: (iso: string) => string; readonly text: (said: string) => string },
): { readonly ok: boolean; readonly detail: string } => {
  const { done } = state;
  const at = (ms: number): string => when(new Date(ms).toISOString());
  const late = overdue(state, nowMs);
  if (done !== undefined && done.faults > 0)
    return {
      ok: false,
      detail: `was changed: ${done.faults} ${done.faults === 1 ? 'fault' : 'faults'} found ${at(done.finishedAtMs)}`,
    };
  if (late !== undefined)
    return {
      ok: false,
      detail: `${done === undefined ? 'not verified yet' : `last verified ${at(done.finishedAtMs)}`}. ${text(late.why)}`,
    };
  if (done === undefined) return { ok: true, detail: 'not verified yet: the first verification is due tonight' };
  return {
    ok: true,
    detail:
      done.verifiedUpTo === undefined
        ? `nothing to verify, checked ${at(done.finishedAtMs)}`
        : `verified up to ${when(done.verifiedUpTo)}, checked ${at(done.finishedAtMs)}`,
  };
};

type Trouble = { readonly sinceMs: number; readonly sentence: string; readonly findings: Incident['findings'] };

const troubleOf = (state: VerificationState, nowMs: number): Trouble | undefined => {
  const { done } = state;
  if (done !== undefined && done.faults > 0)
    return {
      sinceMs: done.finishedAtMs,
      sentence: `${done.faults === 1 ? 'An entry or message was' : `${done.faults} entries or messages were`} changed after ${done.faults === 1 ? 'it was' : 'they were'} written. Keep the ledger table, its access log and the audit channel as they are, and find out who did this.`,
      findings: done.some,
    };
  const late = overdue(state, nowMs);
  return late === undefined
    ? undefined
    : {
        sinceMs: late.sinceMs + overdueAfterMs,
        sentence: `The nightly verification of the history is overdue. ${late.why}`,
        findings: [],
      };
};

/** For so long after a verification its incident is looked for, to be resolved. */
const resolvedWithinMs = hourMs;

/** Whether there is an incident to open, to change or to resolve: else the incidents need not be read. */
export const mayChangeIncident = (state: VerificationState, nowMs: number): boolean =>
  troubleOf(state, nowMs) !== undefined ||
  (state.done !== undefined && nowMs - state.done.finishedAtMs < resolvedWithinMs);

/** The incident of the nightly verification after this round; undefined where nothing of it changes. It follows from the state alone, so repeats make the same. */
export const verificationIncident = (
  state: VerificationState,
  incidents: readonly Incident[],
  nowMs: number,
): Incident | undefined => {
  const open = incidents.find(({ cause, closedAtMs }) => cause.kind === 'history' && closedAtMs === undefined);
  const trouble = troubleOf(state, nowMs);
  if (trouble === undefined) {
    if (open === undefined) return undefined;
    const sentence = 'The history was verified, and no fault was found.';
    const updates = [...open.updates, { atMs: nowMs, step: 'resolved' as const, text: sentence }];
    return { ...open, revision: open.revision + 1, closedAtMs: nowMs, sentence, findings: [], updates };
  }
  const { sinceMs, sentence, findings } = trouble;
  const severity = (state.done?.faults ?? 0) > 0 ? 'down' : 'degraded';
  if (open === undefined)
    return {
      id: `history-*-${sinceMs}`,
      cause: { kind: 'history' },
      openedAtMs: sinceMs,
      raisedAtMs: nowMs,
      revision: 1,
      severity,
      sentence,
      findings,
      members: [],
      updates: [],
    };
  if (open.sentence === sentence) return undefined;
  return {
    ...open,
    revision: open.revision + 1,
    severity,
    sentence,
    findings,
    updates: [...open.updates, { atMs: nowMs, step: 'worse', text: sentence }],
  };
};
