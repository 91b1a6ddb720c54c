import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../../lib/core/endpoint/definition.ts';
import type { Health } from '../../../../lib/core/watch/health/health.ts';
import {
  failoverOutlook,
  isStandbyDue,
  standbyHealthOf,
  withStandby,
} from '../../../../lib/core/watch/health/standby.ts';
import { hostnameOf, intervalMs, watchRules } from '../../../support/watched-fleet.ts';

const definitionOf = (name: string, standby = '10.0.4.18'): Definition => ({
  hostname: hostnameOf(name),
  targets: { kind: 'addresses', addresses: ['10.0.4.12'] },
  standby: { kind: 'addresses', addresses: [standby] },
  port: 25,
  sslMode: 'Auto',
  ttlSeconds: 60,
});
const definition = definitionOf('gitlab.mail.test');
const up: Health = { state: 'up', sinceMs: 0, recent: [] };
const known = withStandby(up, definition, { state: 'up', brief: 'gets in', atMs: 1 });

describe('isStandbyDue', () => {
  it('is true at every tenth look at a name that is up, spread evenly', () => {
    const names = Array.from({ length: 1000 }, (_, index) => definitionOf(`e${index}.mail.test`));
    const dueAt = (look: number): number =>
      names.filter((each) =>
        isStandbyDue(
          each,
          withStandby(up, each, { state: 'up', brief: 'gets in', atMs: 1 }),
          watchRules,
          look * intervalMs,
        ),
      ).length;
    const counts = Array.from({ length: 10 }, (_, look) => dueAt(look));
    expect(counts.reduce((sum, count) => sum + count)).toBe(1000);
    expect(Math.max(...counts)).toBeLessThan(140);
    expect(dueAt(13)).toBe(counts[3]);
  });

  it('is true at every look while the name is in trouble, and while its looks differ from its state', () => {
    for (let look = 0; look < 10; look += 1) {
      const dueIn = (health: Health) => isStandbyDue(definition, health, watchRules, look * intervalMs);
      expect(dueIn({ ...known, state: 'down' })).toBe(true);
      expect(dueIn({ ...known, state: 'degraded' })).toBe(true);
      expect(dueIn({ ...known, recent: [{ state: 'down', atMs: 1 }] })).toBe(true);
    }
  });

  it('is true before the first probe of a standby, also of a new one, and never without one', () => {
    const { standby: _none, ...without } = definition;
    const everyLook = Array.from({ length: 10 }, (_, look) => look * intervalMs);
    expect(everyLook.every((atMs) => isStandbyDue(definition, up, watchRules, atMs))).toBe(true);
    const moved = definitionOf('gitlab.mail.test', '10.0.4.19');
    expect(everyLook.every((atMs) => isStandbyDue(moved, known, watchRules, atMs))).toBe(true);
    expect(standbyHealthOf(moved, known)).toBeUndefined();
    expect(everyLook.some((atMs) => isStandbyDue(without, { ...up, state: 'down' }, watchRules, atMs))).toBe(false);
  });
});

describe('withStandby', () => {
  it('is the same object while nothing changes, and when nothing was found out', () => {
    expect(withStandby(known, definition, { state: 'up', brief: 'gets in faster', atMs: 2 })).toBe(known);
    expect(withStandby(known, definition, { state: 'inconclusive', brief: 'unknown', atMs: 2 })).toBe(known);
  });

  it('notes a new state with its time', () => {
    const { standby } = withStandby(known, definition, { state: 'down', brief: 'bounces', atMs: 7 });
    expect(standby).toEqual({ targets: '10.0.4.18', state: 'down', brief: 'bounces', sinceMs: 7 });
  });
});

it.each([
  ['down', 'up', 'helps'],
  ['down', 'degraded', 'helps'],
  ['down', 'down', 'no-better'],
  ['down', 'inconclusive', 'unknown'],
  ['down', undefined, 'unknown'],
  ['degraded', 'up', 'helps'],
  ['degraded', 'degraded', 'no-better'],
  ['degraded', 'down', 'breaks'],
  ['plaintext', 'down', 'breaks'],
] as const)('a failover of a name that is %s to a standby that is %s: %s', (state, standby, outlook) => {
  expect(failoverOutlook(state, standby)).toBe(outlook);
});
