import { describe, expect, it } from 'vitest';
import type { Health } from '../../../../lib/core/watch/health/health.ts';
import { settled, withObservation } from '../../../../lib/core/watch/health/hysteresis.ts';
import { fleetStartMs, intervalMs, sighted, watchRules } from '../../../support/watched-fleet.ts';

const host = 'mx.test';

const watched = (letters: string, spans: Parameters<typeof settled>[2] = [], everyMs = intervalMs): Health => {
  let health: Health | undefined;
  for (const [index, letter] of [...letters].entries())
    health = settled(
      withObservation(health, sighted(host, fleetStartMs + index * everyMs, letter), watchRules),
      watchRules,
      spans,
    );
  if (health === undefined) throw new Error('no looks');
  return health;
};

describe('withObservation', () => {
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
      const again = withObservation(health, sighted(host, fleetStartMs + 50 * intervalMs, last), watchRules);
      expect(settled(again, watchRules, [])).toBe(health);
    }
  });

  it('counts looks within half an interval once, and a repeat not at all', () => {
    expect(watched('udddd', [], intervalMs / 10).state).toBe('up');
    const health = watched('ud');
    expect(withObservation(health, sighted(host, fleetStartMs + intervalMs, 'd'), watchRules)).toBe(health);
  });

  it('lets looks grow stale that watch was out for', () => {
    const health = watched('ud');
    const muchLater = withObservation(health, sighted(host, fleetStartMs + 20 * intervalMs, 'd'), watchRules);
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
    expect(withObservation(health, same, watchRules)).toBe(health);
    const otherwise = { ...same, findings: [{ code: 'other', text: 'Something else.' }] };
    expect(withObservation(health, otherwise, watchRules).said?.sentence).toBe('It is down, after 31 s.');
    expect(watched('uddgg').said?.sentence).toBe('It is degraded.');
    expect(watched('udduu')).not.toHaveProperty('said');
  });

  it('knows since when it is blind', () => {
    expect(watched('ur').blind).toEqual({ sinceMs: fleetStartMs + intervalMs, cause: 'resolver' });
    expect(watched('urr').blind).toEqual({ sinceMs: fleetStartMs + intervalMs, cause: 'resolver', looks: 2 });
    expect(watched('urxxx').blind).toEqual({ sinceMs: fleetStartMs + intervalMs, cause: 'resolver', looks: 2 });
    expect(watched('urb')).not.toHaveProperty('blind');
    expect(watched('uru')).not.toHaveProperty('blind');
  });

  it('counts a blind look that is repeated once', () => {
    const health = watched('ur');
    const repeated = sighted(host, fleetStartMs + intervalMs + 1_000, 'r');
    expect(withObservation(health, repeated, watchRules)).toBe(health);
  });

  it('takes it for a new trouble when it fails so long after its recovery that its incident is filed, whatever it met in between', () => {
    const afterMinutes = (minutes: number, letters: string) =>
      [...letters].map((letter, index) => sighted(host, fleetStartMs + (minutes + index * 5) * 60_000, letter));
    // Down, up again at 20 min, one bad look after 50 min, and down once more.
    const relapsedAt = (minutes: number) =>
      [...afterMinutes(0, 'uddduu'), ...afterMinutes(70, 'du'), ...afterMinutes(minutes, 'dd')].reduce<
        Health | undefined
      >((health, look) => settled(withObservation(health, look, watchRules), watchRules, []), undefined);
    expect(relapsedAt(80)?.trouble).toMatchObject({ sinceMs: fleetStartMs + 5 * 60_000, comesAndGoes: true });
    expect(relapsedAt(120)?.trouble).toEqual({ sinceMs: fleetStartMs + 120 * 60_000, faults: [] });
  });

  it('forgets the certificate of one that Postal gets into without encryption now, and of no other', () => {
    const endsMs = fleetStartMs + 86_400_000;
    const seen = withObservation(
      undefined,
      sighted(host, fleetStartMs, 'u', { latencyMs: 4, certificateExpiresAtMs: endsMs }),
      watchRules,
    );
    const next = (letter: string, more = {}) =>
      withObservation(seen, sighted(host, fleetStartMs + intervalMs, letter, more), watchRules);
    expect(seen.certificateExpiresAtMs).toBe(endsMs);
    for (const letter of ['d', 'x', 'b']) expect(next(letter).certificateExpiresAtMs).toBe(endsMs);
    expect(next('u', { latencyMs: 4 }).certificateExpiresAtMs).toBe(endsMs);
    expect(next('u', { latencyMs: 4, encrypted: false })).not.toHaveProperty('certificateExpiresAtMs');
    expect(next('p', { latencyMs: 4 })).not.toHaveProperty('certificateExpiresAtMs');
    expect(next('p', { latencyMs: 4 }).encrypted).toBe(true);
  });
});
