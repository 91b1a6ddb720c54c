import { describe, expect, it } from 'vitest';
import type { Health } from '../../lib/watch/health.ts';
import { noticed, settled } from '../../lib/watch/step.ts';
import { fleetStartMs, intervalMs, sighted, watchRules } from '../support/watched-fleet.ts';

const host = 'mx.test';

const watched = (letters: string, spans: Parameters<typeof settled>[2] = [], everyMs = intervalMs): Health => {
  let health: Health | undefined;
  for (const [index, letter] of [...letters].entries())
    health = settled(noticed(health, sighted(host, fleetStartMs + index * everyMs, letter), watchRules), watchRules, spans);
  if (health === undefined) throw new Error('no looks');
  return health;
};

describe('noticed and settled', () => {
  it.each([
    ['u', 'up'],
    ['ud', 'up'],
    ['udd', 'down'],
    ['udud', 'down'],
    ['uduud', 'up'],
    ['uddu', 'down'],
    ['udduu', 'up'],
    ['uddudu', 'down'],
    ['ubbbbbb', 'up'],
    ['urxrxrx', 'up'],
    ['udbbbd', 'down'],
    ['uddubu', 'up'],
    ['ugg', 'degraded'],
    ['ugd', 'degraded'],
    ['ugdd', 'down'],
    ['uddgg', 'degraded'],
    ['uddug', 'degraded'],
    ['uppff', 'drifted'],
    ['dd', 'down'],
  ])('%s ends as %s', (letters, state) => {
    expect(watched(letters).state).toBe(state);
  });

  it('reckons from the first look that saw it', () => {
    expect(watched('uudd')).toMatchObject({
      state: 'down',
      sinceMs: fleetStartMs + 2 * intervalMs,
      trouble: { sinceMs: fleetStartMs + 2 * intervalMs },
    });
    expect(watched('uudduu').sinceMs).toBe(fleetStartMs + 4 * intervalMs);
  });

  it('keeps the same object while nothing changes', () => {
    for (const letters of ['uu', 'udd', 'ugg', 'uudduu']) {
      const health = watched(letters);
      const last = letters.at(-1) ?? 'u';
      const again = noticed(health, sighted(host, fleetStartMs + 50 * intervalMs, last), watchRules);
      expect(settled(again, watchRules, [])).toBe(health);
    }
  });

  it('counts looks within half an interval once, and a repeat not at all', () => {
    expect(watched('udddd', [], intervalMs / 10).state).toBe('up');
    const health = watched('ud');
    expect(noticed(health, sighted(host, fleetStartMs + intervalMs, 'd'), watchRules)).toBe(health);
  });

  it('lets looks grow stale that watch was out for', () => {
    const health = watched('ud');
    const muchLater = noticed(health, sighted(host, fleetStartMs + 20 * intervalMs, 'd'), watchRules);
    expect(settled(muchLater, watchRules, []).state).toBe('up');
  });

  it('takes bad looks in a span for no evidence, and good ones for some', () => {
    const span = { fromMs: fleetStartMs + intervalMs, toMs: fleetStartMs + 4 * intervalMs };
    expect(watched('uddd', [span]).state).toBe('up');
    expect(watched('udddd', [span]).state).toBe('up');
    expect(watched('uddddd', [span])).toMatchObject({ state: 'down', sinceMs: fleetStartMs + 4 * intervalMs });
    expect(watched('dduu', [{ fromMs: fleetStartMs + 2 * intervalMs, toMs: Infinity }]).state).toBe('up');
  });

  it('says what the looks said, and renews it only where something else is found', () => {
    const health = watched('udd');
    expect(health.said).toMatchObject({ sentence: 'It is down.', findings: [{ code: 'd-code' }] });
    const same = sighted(host, fleetStartMs + 5 * intervalMs, 'd', { sentence: 'It is down, after 31 s.' });
    expect(noticed(health, same, watchRules)).toBe(health);
    const otherwise = { ...same, findings: [{ code: 'other', text: 'Something else.' }] };
    expect(noticed(health, otherwise, watchRules).said?.sentence).toBe('It is down, after 31 s.');
    expect(watched('uddgg').said?.sentence).toBe('It is degraded.');
    expect(watched('udduu')).not.toHaveProperty('said');
  });

  it('knows since when it is blind', () => {
    expect(watched('urr').blind).toEqual({ sinceMs: fleetStartMs + intervalMs, cause: 'resolver' });
    expect(watched('urx').blind).toEqual({ sinceMs: fleetStartMs + intervalMs, cause: 'resolver' });
    expect(watched('urb')).not.toHaveProperty('blind');
    expect(watched('uru')).not.toHaveProperty('blind');
  });
});
