import { jsonOctets } from '../../limits/octets.ts';
import type { Severity } from '../../policy/severity.ts';
import { type ConfirmedState, confirmedStates } from '../health/health.ts';
import { severityOf } from '../health/hysteresis.ts';
import type { Sufferer } from './grouping.ts';
import { type Incident, type Member, standingMembers } from './incident.ts';

/** An incident is one item of the state table, and its members are the greater part of it. */
const membersOctets = 120_000;

export type Membership = Pick<Incident, 'members' | 'unlisted'>;

/** A name and what goes with it; those that do not fit are counted. */
const within = (members: readonly Member[], more: number): Membership => {
  let octets = 2;
  let fitting = 0;
  for (const member of members) {
    octets += jsonOctets(member) + 1;
    if (octets > membersOctets) break;
    fitting += 1;
  }
  const unlisted = members.length - fitting + more;
  return { members: members.slice(0, fitting), ...(unlisted > 0 ? { unlisted } : {}) };
};

const joined = ({ hostname, state, owner }: Sufferer, joinedAtMs: number): Member => ({
  hostname,
  state,
  joinedAtMs,
  ...(owner === undefined ? {} : { owner }),
});

/** The members of a new incident. */
export const firstMembers = (sufferers: readonly Sufferer[], nowMs: number): Membership =>
  within(
    sufferers.map((sufferer) => joined(sufferer, nowMs)),
    0,
  );

/** The state of a member after this round: while it is up between two failures, the one that it came out of. */
const stateNow = (before: Member['state'], now: Member['state']): Member['state'] => (now === 'up' ? before : now);

/**
 * The members after this round; the same list when nothing changed. `leftAt` says when one that suffers no longer has recovered; without it none leaves. Whoever has left and comes
 * back is the same member.
 */
export const nextMembers = (
  before: Membership,
  sufferers: readonly Sufferer[],
  nowMs: number,
  leftAt: ((hostname: string) => number) | undefined,
): Membership => {
  const now = new Map(sufferers.map((sufferer) => [sufferer.hostname, sufferer]));
  let isChanged = false;
  const same = { members: before.members, ...(before.unlisted === undefined ? {} : { unlisted: before.unlisted }) };
  const members = before.members.map((member): Member => {
    const sufferer = now.get(member.hostname);
    now.delete(member.hostname);
    if (sufferer === undefined) {
      if (member.leftAtMs !== undefined || leftAt === undefined) return member;
      isChanged = true;
      return { ...member, leftAtMs: leftAt(member.hostname) };
    }
    const state = stateNow(member.state, sufferer.state);
    if (member.leftAtMs === undefined && state === member.state) return member;
    isChanged = true;
    const { leftAtMs: _back, ...kept } = member;
    return { ...kept, state };
  });
  // Of those without room it is only known how many there were.
  const fresh = [...now.values()];
  const isFull = (before.unlisted ?? 0) > 0;
  const more = isFull ? Math.max(before.unlisted ?? 0, fresh.length) : 0;
  if (!isChanged && (isFull ? more === before.unlisted : fresh.length === 0)) return same;
  return within(isFull ? members : [...members, ...fresh.map((each) => joined(each, nowMs))], more);
};

/** How many endpoints an incident concerns or has concerned. */
export const concernedCount = ({ members, unlisted = 0 }: Membership): number => members.length + unlisted;

/** The worst confirmed state of those that suffer now; `down` where watch cannot check them. */
export const worstState = (incident: Pick<Incident, 'members'>): ConfirmedState => {
  const ranks = standingMembers(incident).map(({ state }) => severityOf(state === 'unknown' ? 'down' : state));
  return confirmedStates[Math.max(0, ...ranks)] ?? 'up';
};

/** The severity of an incident whose worst endpoint is in this state. */
export const severityFor = (state: ConfirmedState): Severity =>
  state === 'down' || state === 'plaintext' ? state : 'degraded';
