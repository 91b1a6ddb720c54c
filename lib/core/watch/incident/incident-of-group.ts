import type { WatchRules } from '../../policy/watch-rules.ts';
import type { ConfirmedState, Said } from '../health/health.ts';
import { severityOf } from '../health/hysteresis.ts';
import type { Group } from './grouping.ts';
import { type Incident, type IncidentUpdate, standingMembers } from './incident.ts';
import { causeKey } from './incident-cause.ts';
import { concernedCount, firstMembers, type Membership, nextMembers, severityFor, worstState } from './members.ts';

/** The thread of an incident that never comes to rest; from then on only its head changes. */
const updatesAtMost = 200;
const namesInText = 10;

type Context = { readonly rules: WatchRules; readonly nowMs: number };

const stateWords: Readonly<Record<ConfirmedState, string>> = {
  up: 'Up',
  degraded: 'Degraded',
  plaintext: 'In plaintext',
  drifted: 'Drifted',
  down: 'Down',
};

/** Names in a sentence, the first few of many. */
export const namesText = (hostnames: readonly string[]): string => {
  const left = hostnames.length - namesInText;
  return `${hostnames.slice(0, namesInText).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
};

/** That more endpoints suffer. */
export const grownText = (hostnames: readonly string[], total: number): string => {
  const { length } = hostnames;
  return `${length} more ${length === 1 ? 'endpoint' : 'endpoints'}: ${namesText(hostnames)}. Now ${total} in all.`;
};

const isFlapping = ({ sufferers }: Group): boolean => sufferers.every((each) => each.isFlapping);

/** A new incident; its id must be that of no `earlier` one of the same cause. */
export const opened = (group: Group, earlier: readonly Incident[], { nowMs }: Context): Incident => {
  const { cause, sufferers, sentence, findings, massFromMs } = group;
  const since = massFromMs ?? Math.min(...sufferers.map(({ sinceMs }) => sinceMs));
  const isTaken = earlier.some(({ openedAtMs }) => openedAtMs === since);
  const openedAtMs = isTaken ? Math.max(...earlier.map(({ openedAtMs }) => openedAtMs)) + 1 : since;
  const membership = firstMembers(sufferers, nowMs);
  return {
    id: `${causeKey(cause)}-${openedAtMs}`,
    cause,
    openedAtMs,
    raisedAtMs: nowMs,
    revision: 1,
    severity: severityFor(worstState(membership)),
    ...(isFlapping(group) ? { isFlapping: true as const } : {}),
    sentence,
    findings,
    ...membership,
    updates: [],
    ...(massFromMs === undefined ? {} : { mass: { fromMs: massFromMs } }),
  };
};

/** Names that have joined and were not told of yet, once an interval at most: the alert itself is edited at once. */
const growth = (before: Incident, membership: Membership, { rules, nowMs }: Context): readonly IncidentUpdate[] => {
  const told =
    before.updates.findLast(({ step }) => step === 'grown' || step === 'reopened')?.atMs ?? before.raisedAtMs;
  if (nowMs - told < rules.intervalSeconds * 1000) return [];
  const fresh = standingMembers(membership).filter(({ joinedAtMs }) => joinedAtMs > told);
  if (fresh.length === 0) return [];
  const hostnames = fresh.map(({ hostname }) => hostname);
  return [{ atMs: nowMs, step: 'grown', text: grownText(hostnames, concernedCount(membership)), hostnames }];
};

/** What happened between what an incident showed and what it is to show. */
const happened = (before: Incident, now: Incident, context: Context): readonly IncidentUpdate[] => {
  const { rules, nowMs } = context;
  const state = worstState(now);
  const earlier = worstState(before);
  const word = stateWords[state].toLowerCase();
  const steady = `${rules.flapping.minutes} min`;
  const isOpen = before.closedAtMs === undefined;
  if (now.isFlapping === true) {
    if (isOpen && before.isFlapping === true) return [];
    const text = `Flapping: ${word} again soon after a recovery. Updates stay in this message until one state has lasted ${steady}.`;
    return [{ atMs: nowMs, step: isOpen ? 'worse' : 'reopened', text }];
  }
  const text = `${stateWords[state]}. ${now.sentence}`;
  if (!isOpen) return [{ atMs: nowMs, step: 'reopened', text: `Again, soon after the recovery. ${text}` }];
  if (before.isFlapping === true)
    return [{ atMs: nowMs, step: 'worse', text: `No longer flapping: ${word} for ${steady} now. ${now.sentence}` }];
  const grown = growth(before, now, context);
  if (severityOf(state) > severityOf(earlier)) return [{ atMs: nowMs, step: 'worse', text }, ...grown];
  return severityOf(state) < severityOf(earlier) ? [{ atMs: nowMs, step: 'note', text }, ...grown] : grown;
};

const endedMass = (mass: Incident['mass'], nowMs: number): Incident['mass'] =>
  mass === undefined || mass.toMs !== undefined ? mass : { ...mass, toMs: nowMs };

const sameFindings = (one: Said, other: Said): boolean =>
  one.findings.map(({ code }) => code).join() === other.findings.map(({ code }) => code).join();

/** The thread with more in it, up to its limit. */
export const withUpdates = (before: readonly IncidentUpdate[], more: readonly IncidentUpdate[]): IncidentUpdate[] => {
  const room = updatesAtMost - before.length;
  if (more.length === 0 || room <= 0) return [...before];
  const last: IncidentUpdate = {
    atMs: more[0]?.atMs ?? 0,
    step: 'note',
    text: 'This thread is long: from now on only the message above it changes.',
  };
  return more.length < room ? [...before, ...more] : [...before, ...more.slice(0, room - 1), last];
};

/** The incident of a group as it is after this round; the same object when nothing of it changed. `leftAt`: when an endpoint recovered. */
export const continued = (
  before: Incident,
  group: Group,
  context: Context,
  leftAt: (hostname: string) => number,
): Incident => {
  const { cause, sufferers, sentence, findings, massFromMs } = group;
  if (sufferers.every(({ isMuted }) => isMuted)) return before;
  // The members of a mass outage leave together, when it is over: their recoveries come in one after the other.
  const membership = nextMembers(before, sufferers, context.nowMs, massFromMs === undefined ? leftAt : undefined);
  const { closedAtMs: _over, isFlapping: _flapping, unlisted: _unlisted, mass, ...kept } = before;
  const flapping = isFlapping(group);
  const state = worstState(membership);
  // Who is up between two failures has nothing new to say.
  const massNow = massFromMs === undefined ? endedMass(mass, context.nowMs) : { fromMs: massFromMs };
  const isMoved = causeKey(before.cause) !== causeKey(cause);
  const isNews =
    isMoved || before.closedAtMs !== undefined || !sameFindings(before, group) || worstState(before) !== state;
  const said =
    isNews || massFromMs !== undefined
      ? { sentence, findings }
      : { sentence: before.sentence, findings: before.findings };
  const now: Incident = {
    ...kept,
    cause,
    severity: severityFor(state),
    ...(flapping ? { isFlapping: true as const } : {}),
    ...said,
    ...membership,
    ...(massNow === undefined ? {} : { mass: massNow }),
  };
  const updates = happened(before, now, context);
  const isSame =
    before.closedAtMs === undefined &&
    before.members === now.members &&
    before.unlisted === now.unlisted &&
    before.isFlapping === now.isFlapping &&
    before.mass?.fromMs === now.mass?.fromMs &&
    before.mass?.toMs === now.mass?.toMs &&
    !isMoved &&
    before.sentence === now.sentence &&
    sameFindings(before, now) &&
    updates.length === 0;
  if (isSame) return before;
  return { ...now, revision: before.revision + 1, updates: withUpdates(before.updates, updates) };
};

/** The incident once nobody suffers from its cause any more. */
export const closed = (before: Incident, atMs: number, sentence: string, { nowMs }: Context): Incident => {
  const closedAtMs = Math.max(atMs, before.openedAtMs);
  const { mass } = before;
  return {
    ...before,
    ...(mass === undefined ? {} : { mass: { ...mass, toMs: mass.toMs ?? nowMs } }),
    revision: before.revision + 1,
    closedAtMs,
    sentence,
    findings: [],
    members: before.members.map((member) =>
      member.leftAtMs === undefined ? { ...member, leftAtMs: closedAtMs } : member,
    ),
    updates: [...before.updates, { atMs: nowMs, step: 'resolved', text: sentence }],
  };
};
