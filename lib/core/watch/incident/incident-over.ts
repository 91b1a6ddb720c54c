import type { WatchRules } from '../../policy/watch-rules.ts';
import { reopensForMs, staleAfterMs } from '../health/hysteresis.ts';
import type { Incident } from './incident.ts';

/**
 * Whether nothing can change an incident any more, so that it may be filed: until then a relapse opens it again, also one that is believed only when many no
 * longer fail together, and its time counts for others.
 */
export const isOver = ({ closedAtMs }: Incident, rules: WatchRules, nowMs: number): boolean =>
  closedAtMs !== undefined && nowMs - closedAtMs > reopensForMs(rules) + staleAfterMs(rules);
