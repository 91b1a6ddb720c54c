import { expect, it } from 'vitest';
import type { Health } from '../../../lib/core/watch/health.ts';
import { watchBlind } from '../../../lib/core/watch/mass-outage.ts';
import { fleetStartMs, watchRules } from '../../support/watched-fleet.ts';

it('tells of its blindness at more endpoints than a call takes arguments', () => {
  const blind: Health = {
    state: 'up',
    sinceMs: fleetStartMs,
    recent: [],
    blind: { sinceMs: fleetStartMs, cause: 'resolver' },
  };
  const healths = new Map(Array.from({ length: 200_000 }, (_, index) => [`mx${index}.test`, blind]));
  const nowMs = fleetStartMs + watchRules.blindMinutes * 60_000;
  expect(watchBlind(healths, [], false, watchRules, nowMs)).toMatchObject({
    kind: 'watch',
    openedAtMs: fleetStartMs,
    concerned: { count: 200_000 },
  });
});
