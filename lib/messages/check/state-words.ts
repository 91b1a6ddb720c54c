import type { EndpointState } from '../../core/watch/health/observation.ts';
import type { StandbyHealth } from '../../core/watch/health/standby.ts';
import { escapeText } from '../block-kit/blocks.ts';

/** Worst first. */
export const statesWorstFirst = [
  'down',
  'drifted',
  'plaintext',
  'degraded',
  'inconclusive',
  'up',
] as const satisfies readonly EndpointState[];

const marks: Readonly<Record<EndpointState, string>> = {
  down: '❌',
  drifted: '🔀',
  plaintext: '🔓',
  degraded: '⚠️',
  inconclusive: '❔',
  up: '✅',
};

/** The sign of a state. */
export const stateMark = (state: EndpointState): string => marks[state];

/** A state as tables and lists have it: `❌ down`. */
export const stateText = (state: EndpointState): string => `${marks[state]} ${state}`;

/** `❌ 2 down   ✅ 40 up`: those that there are, worst first. */
export const stateCounts = (states: readonly EndpointState[]): string =>
  statesWorstFirst
    .map((state) => ({ state, count: states.filter((each) => each === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${marks[state]} ${count} ${state}`)
    .join('   ');

/** For sorting: the worse one first. */
export const byState = (one: EndpointState, other: EndpointState): number =>
  statesWorstFirst.indexOf(one) - statesWorstFirst.indexOf(other);

/** What the last probe of a standby found: `✅ up: …`. */
export const standbyText = (seen: Pick<StandbyHealth, 'state' | 'brief'> | undefined): string =>
  seen === undefined ? 'not checked yet' : `${stateText(seen.state)}: ${escapeText(seen.brief)}`;
