import { describe, expect, it } from 'vitest';
import { endpointStates } from '../../../../lib/core/watch/health/observation.ts';
import {
  bucketOf,
  hourOf,
  longestHour,
  type Sample,
  samplesOfHour,
  withSamples,
} from '../../../../lib/core/watch/health/samples.ts';

const hour = '2026-03-02T14';
const at = (time: string): number => Date.parse(`2026-03-02T${time}Z`);

describe('an hour of samples', () => {
  it('is a short text to the minute, ascending', () => {
    const samples: Sample[] = [
      { atMs: at('14:59:59.999'), state: 'down' },
      { atMs: at('14:00:00.000'), state: 'up', latencyMs: 38.4 },
    ];
    expect(withSamples(hour, '', samples)).toBe('00u38 59d');
  });

  it('gives back every state, with latency or without', () => {
    const samples = endpointStates.map(
      (state, index): Sample => ({
        atMs: at(`14:0${index}:00`),
        state,
        ...(index % 2 === 0 ? { latencyMs: index } : {}),
      }),
    );
    expect(samplesOfHour(hour, withSamples(hour, '', samples))).toEqual(samples);
  });

  it('counts the same sample once, and the last of a minute', () => {
    const sample: Sample = { atMs: at('14:05:10'), state: 'up', latencyMs: 30 };
    const once = withSamples(hour, '', [sample]);
    expect(withSamples(hour, once, [sample])).toBe(once);
    expect(withSamples(hour, once, [{ atMs: at('14:05:50'), state: 'down' }])).toBe('05d');
  });

  it.each([
    [100_000, '05u99999'],
    [-1, '05u0'],
    [0.4, '05u0'],
  ])('keeps a latency of %d ms as %s', (latencyMs, text) => {
    expect(withSamples(hour, '', [{ atMs: at('14:05:00'), state: 'up', latencyMs }])).toBe(text);
  });

  it('is never longer than it may be', () => {
    const samples = Array.from(
      { length: 3600 },
      (_, second): Sample => ({ atMs: at('14:00:00') + second * 1000, state: 'up', latencyMs: 99_999 }),
    );
    expect(withSamples(hour, '', samples).length).toBeLessThanOrEqual(longestHour);
  });

  it.each(['', '60u1', '05x1', '5u1', '05u123456', 'nonsense', '05U1'])(
    'leaves out %j, which it cannot read',
    (text) => {
      expect(samplesOfHour(hour, `${text} 07u1`)).toEqual([{ atMs: at('14:07:00'), state: 'up', latencyMs: 1 }]);
    },
  );

  it('has no samples where the hour is none', () => {
    expect(samplesOfHour('yesterday', '05u1')).toEqual([]);
  });
});

describe('where samples are kept', () => {
  it('is named by the hour in UTC', () => {
    expect(hourOf(at('14:59:59.999'))).toBe(hour);
  });

  it('is one of 64 buckets, the same for a hostname every time, evenly filled', () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 6_400; index += 1) {
      const bucket = bucketOf(`h${index}.mail.corp.internal`);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted()).toEqual(
      Array.from({ length: 64 }, (_, index) => String(index).padStart(2, '0')),
    );
    expect(Math.max(...counts.values())).toBeLessThan(150);
    expect(bucketOf('gitlab.mail.corp.internal')).toBe(bucketOf('gitlab.mail.corp.internal'));
  });
});
