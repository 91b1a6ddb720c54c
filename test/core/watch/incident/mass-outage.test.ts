import { expect, it } from 'vitest';
import { budgets } from '../../../../lib/core/limits/limits.ts';
import { jsonOctets } from '../../../../lib/core/limits/octets.ts';
import type { Health } from '../../../../lib/core/watch/health/health.ts';
import { incidentSchema } from '../../../../lib/core/watch/incident/incident.ts';
import { concernedCount } from '../../../../lib/core/watch/incident/members.ts';
import { round } from '../../../../lib/core/watch/round.ts';
import { fleetStartMs, watchRules } from '../../../support/watched-fleet.ts';

it('tells of its blindness at more endpoints than a call takes arguments, or an item holds', () => {
  const blind: Health = {
    state: 'up',
    sinceMs: fleetStartMs,
    recent: [],
    blind: { sinceMs: fleetStartMs, cause: 'resolver', looks: 2 },
  };
  const names = Array.from({ length: 200_000 }, (_, index) => `mx${index}.test`);
  const { incidents } = round({
    nowMs: fleetStartMs + 600_000,
    rules: watchRules,
    endpoints: new Map(names.map((name) => [name, {}])),
    healths: new Map(names.map((name) => [name, blind])),
    observations: [],
    incidents: [],
    mutes: [],
  });
  expect(incidents).toEqual([expect.objectContaining({ cause: { kind: 'resolver' }, openedAtMs: fleetStartMs })]);
  const [incident] = incidents;
  if (incident === undefined) throw new Error('no incident');
  expect(concernedCount(incident)).toBe(200_000);
  expect(jsonOctets(incidentSchema.parse(incident))).toBeLessThan(budgets.stateItem);
});
