import type { WatchRules } from '../policy/watch-rules.ts';
import type { ConfirmedState, Health, Said } from './health.ts';
import { isFlapping, severityOf } from './hysteresis.ts';
import type { Incident } from './incident.ts';

type Update = Incident['updates'][number];

/** What an incident is drawn from: one endpoint as it stands. */
export type IncidentContext = {
  readonly hostname: string;
  readonly health: Health;
  readonly rules: WatchRules;
  readonly nowMs: number;
  readonly isMuted: boolean;
  readonly channelId: string | undefined;
};

const stateWords: Readonly<Record<ConfirmedState, string>> = {
  up: 'Up',
  degraded: 'Degraded',
  plaintext: 'In plaintext',
  drifted: 'Drifted',
  down: 'Down',
};

const idOf = (hostname: string, troubleSinceMs: number): string => `endpoint-${hostname}-${troubleSinceMs}`;

const nothingToSay: Said = { sentence: 'Postal gets in.', findings: [] };

/** What is to be shown while it goes on. */
const shown = ({ health, rules, nowMs }: IncidentContext): Pick<Incident, 'kind' | 'state'> & Said => {
  const { state } = health;
  const said = health.said ?? nothingToSay;
  return {
    kind: isFlapping(health, rules, nowMs) ? 'flapping' : 'endpoint',
    state,
    sentence: said.sentence,
    findings: said.findings,
  };
};

const opened = (standing: IncidentContext): Incident => {
  const { hostname, health, channelId } = standing;
  const openedAtMs = health.trouble?.sinceMs ?? health.sinceMs;
  return {
    id: idOf(hostname, openedAtMs),
    hostname,
    openedAtMs,
    revision: 1,
    ...shown(standing),
    updates: [],
    ...(channelId === undefined ? {} : { channelId }),
  };
};

/** What happened between what an incident showed and what it is to show. */
const happened = (
  before: Incident,
  now: Pick<Incident, 'kind' | 'state' | 'sentence'>,
  { rules, nowMs }: IncidentContext,
): readonly Update[] => {
  const state = now.state ?? 'up';
  const earlier = before.state ?? 'up';
  if (now.kind !== before.kind) {
    const word = stateWords[state].toLowerCase();
    const steady = `${rules.flapping.minutes} min`;
    const text =
      now.kind === 'flapping'
        ? `Flapping: ${word} again soon after a recovery. Updates stay in this message until one state has lasted ${steady}.`
        : `No longer flapping: ${word} for ${steady} now. ${now.sentence}`;
    return [{ atMs: nowMs, text, loud: true }];
  }
  if (state === earlier || now.kind === 'flapping') return [];
  const text = `${stateWords[state]}. ${now.sentence}`;
  return [{ atMs: nowMs, text, ...(severityOf(state) > severityOf(earlier) ? { loud: true } : {}) }];
};

const sameFindings = (one: Said, other: Said): boolean =>
  one.findings.map(({ code }) => code).join() === other.findings.map(({ code }) => code).join();

const continued = (before: Incident, standing: IncidentContext): Incident => {
  const now = shown(standing);
  const isSame =
    before.closedAtMs === undefined &&
    before.kind === now.kind &&
    before.state === now.state &&
    sameFindings(before, now);
  if (isSame) return before;
  const { closedAtMs: _over, ...open } = before;
  return {
    ...open,
    ...now,
    revision: before.revision + 1,
    updates: [...before.updates, ...happened(before, now, standing)],
  };
};

const closed = (before: Incident, atMs: number, nowMs: number, sentence: string): Incident => ({
  ...before,
  revision: before.revision + 1,
  closedAtMs: Math.max(atMs, before.openedAtMs),
  sentence,
  findings: [],
  updates: [...before.updates, { atMs: nowMs, text: sentence }],
});

/** An incident that is not the one of its endpoint's present trouble any more, or whose endpoint is registered no more. */
export const abandoned = (incident: Incident, health: Health | undefined, nowMs: number): Incident =>
  closed(
    incident,
    health?.sinceMs ?? nowMs,
    nowMs,
    health === undefined ? 'The endpoint is no longer registered.' : 'Postal gets in again.',
  );

/**
 * The incident of one endpoint as it is after this round, whatever earlier rounds have written of it; the same object when nothing of it changed, none where
 * there is none. `before` is the one of the endpoint's present trouble (`incidentIdOf`).
 *
 * | before | the endpoint | |
 * | --- | --- | --- |
 * | none, or closed | bad, or flapping | opened, or open again; not while it is muted |
 * | open | the same, not muted | goes on: what is new goes into the thread |
 * | open | up, and steady | closed |
 */
export const endpointIncident = (before: Incident | undefined, standing: IncidentContext): Incident | undefined => {
  const { health, rules, nowMs, isMuted } = standing;
  const isOpen = before !== undefined && before.closedAtMs === undefined;
  if (health.state === 'up' && !(isOpen && isFlapping(health, rules, nowMs)))
    return isOpen ? closed(before, health.sinceMs, nowMs, 'Postal gets in again.') : before;
  if (isMuted) return before;
  return before === undefined ? opened(standing) : continued(before, standing);
};

/** The id of the incident that an endpoint's present or last trouble has. */
export const incidentIdOf = (hostname: string, { trouble }: Health): string | undefined =>
  trouble === undefined ? undefined : idOf(hostname, trouble.sinceMs);
