import { describe, expect, it } from 'vitest';
import {
  fairShares as fairSharesOf,
  isEntered,
  type Running,
  shareOf,
  workersAtOnce,
  workOf,
} from '../../../lib/core/shares/fair-shares.ts';

const running = (person: string, kind: Running['kind'], target = 'a.corp.internal', count = 1): Running[] =>
  Array.from({ length: count }, () => ({ person, kind, target }));
const check = (person: string, target = 'b.corp.internal'): Running => ({ person, kind: 'check', target });

const fairShares = fairSharesOf(workersAtOnce);
const share = (work: Running, beside: readonly Running[]) => shareOf(work, beside, fairShares);

describe('shareOf', () => {
  it('lets a person have a few checks, and others as many beside them', () => {
    const own = running('maria', 'check', 'a.corp.internal', fairShares.checksOfPerson);
    expect(share(check('maria'), own.slice(1))).toEqual({ kind: 'free' });
    expect(share(check('maria'), own)).toMatchObject({ kind: 'refused', message: /2 checks running/ });
    expect(share(check('li'), own)).toEqual({ kind: 'free' });
  });

  it('lets a person have one check of many, and everybody two', () => {
    const many = { person: 'maria', kind: 'check-many', target: '' } as const;
    expect(share(many, running('maria', 'check-many'))).toMatchObject({ kind: 'refused' });
    expect(share(many, running('li', 'check-many'))).toEqual({ kind: 'free' });
    expect(share(many, [...running('li', 'check-many'), ...running('ann', 'check-many')])).toMatchObject({
      kind: 'refused',
    });
  });

  it('lets one hostname be checked by two at once', () => {
    const both = [check('maria', 'x'), check('li', 'x')];
    expect(share(check('ann', 'x'), both)).toMatchObject({ kind: 'refused', message: /already/ });
    expect(share(check('ann', 'y'), both)).toEqual({ kind: 'free' });
  });

  it('puts a change off rather than refusing it, and leaves workers free whatever runs', () => {
    const change = { person: 'maria', kind: 'change', target: 'x' } as const;
    expect(share(change, running('maria', 'change', 'x', fairShares.changesOfPerson))).toEqual({ kind: 'later' });
    expect(share(change, running('li', 'change', 'x', fairShares.changesOfPerson))).toEqual({ kind: 'free' });
    const full = Array.from({ length: fairShares.longWorkInAll }, (_, index) => running(`p${index}`, 'change')).flat();
    expect(share(change, full)).toEqual({ kind: 'later' });
    expect(share(check('li'), full)).toMatchObject({ kind: 'refused' });
    expect(fairShares.longWorkInAll).toBeLessThan(workersAtOnce);
  });
});

it.each([3, 4, 10, 40])('leaves workers free of %i, and lets everybody do something', (workers) => {
  const shares = fairSharesOf(workers);
  expect(Math.min(...Object.values(shares))).toBeGreaterThanOrEqual(1);
  expect(shares.longWorkInAll).toBeLessThan(workers);
  // One person's checks and the worker that admits their commands leave one for the others' work and one for announcements.
  expect(workers - shares.checksOfPerson - 1).toBeGreaterThanOrEqual(workers > 3 ? 2 : 1);
});

it('knows what holds a worker', () => {
  const isShared = false;
  expect(workOf({ verb: 'check', hostname: 'ALL', deliver: false, share: isShared })).toEqual({
    kind: 'check-many',
    target: '',
  });
  expect(workOf({ verb: 'check', hostname: 'A.b', deliver: false, share: isShared })).toEqual({
    kind: 'check',
    target: 'a.b',
  });
  expect(
    workOf({ verb: 'check', hostname: 'all', result: 'x', page: 2, deliver: false, share: isShared }),
  ).toBeUndefined();
  expect(workOf({ verb: 'mute', hostname: 'a', duration: '1h', share: isShared })).toBeUndefined();
  expect(workOf({ verb: 'undo', change: 'x', dryRun: false })).toEqual({ kind: 'change', target: '' });
  expect(workOf({ verb: 'home' })).toBeUndefined();
});

it('enters the first refusals of an hour, then every doubling', () => {
  const entered = Array.from({ length: 120_000 }, (_, index) => index + 1).filter((count) => isEntered(count, 20));
  expect(entered.slice(0, 24)).toEqual([...Array.from({ length: 20 }, (_, index) => index + 1), 21, 41, 81, 161]);
  expect(entered.length).toBeLessThan(40);
});
